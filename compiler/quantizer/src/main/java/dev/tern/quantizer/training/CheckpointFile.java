package dev.tern.quantizer.training;

import dev.tern.compiler.analysis.parameters.ParameterFormat;
import dev.tern.compiler.analysis.parameters.TensorEntry;
import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.output.WholeFile;
import dev.tern.importers.safetensors.SafetensorsWriter;
import dev.tern.quantizer.TrainingCheckpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where an interrupted run goes on from: a safetensors file beside the one that is to be written, replaced as a whole
 * after each epoch and removed at the end.
 *
 * @param path of the file
 * @param run what makes the run what it is: model, data and settings
 */
public record CheckpointFile(Path path, String run) {
    private static final String EPOCH = "epoch";
    private static final String STEPS = "steps";
    private static final String RUN = "run";
    private static final int HALF = 16;
    private static final int HALVES = 8;

    /** That of the parameters to be written to a file. */
    public static CheckpointFile beside(Path target, String run) {
        String name = target.getFileName().toString();
        int dot = name.lastIndexOf('.');
        String base = dot > 0 ? name.substring(0, dot) : name;
        return new CheckpointFile(target.resolveSibling(base + ".checkpoint.safetensors"), run);
    }

    /** Whether a run was interrupted. */
    public boolean exists() {
        return Files.exists(path);
    }

    /** Replaces the file. */
    public void write(TrainingCheckpoint checkpoint) {
        Map<String, Tensor.Floats> tensors = new LinkedHashMap<>(checkpoint.tensors());
        tensors.put(EPOCH, number(checkpoint.epoch()));
        tensors.put(STEPS, number(checkpoint.steps()));
        tensors.put(RUN, fingerprint());
        WholeFile.write(Map.of(path, SafetensorsWriter.bytes(tensors)));
    }

    /** An int in two floats, which hold 24 bits each. */
    private static Tensor.Floats number(int value) {
        return Tensor.of(value >>> HALF, value & 0xffff);
    }

    private static int number(Tensor.Floats tensor) {
        return (int) tensor.values()[0] << HALF | (int) tensor.values()[1];
    }

    private Tensor.Floats fingerprint() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(run.getBytes(StandardCharsets.UTF_8));
            float[] halves = new float[HALVES];
            for (int i = 0; i < HALVES; i++) {
                halves[i] = (digest[2 * i] & 0xff) << 8 | digest[2 * i + 1] & 0xff;
            }
            return Tensor.of(halves);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** @throws CompilationFailedException if the file cannot be read, or was written by another run */
    public TrainingCheckpoint read() {
        Map<String, Tensor.Floats> tensors = new LinkedHashMap<>();
        Diagnostics diagnostics = new Diagnostics();
        try (TensorSource source = ParameterFormat.of(path).orElseThrow()
                .open(path, path.toString(), diagnostics)
                .orElseThrow(() -> new CompilationFailedException(diagnostics.list()))) {
            for (TensorEntry entry : source.entries()) {
                Shape shape = Shape.of(entry.dimensions().stream().mapToInt(Math::toIntExact).toArray());
                tensors.put(entry.name(), new Tensor.Floats(shape, source.floats(entry)));
            }
        } catch (IOException e) {
            throw unfit("cannot be read: " + e.getMessage(), "remove it and train from the start");
        }
        Tensor.Floats epoch = tensors.remove(EPOCH);
        Tensor.Floats steps = tensors.remove(STEPS);
        Tensor.Floats of = tensors.remove(RUN);
        if (epoch == null || steps == null || of == null) {
            throw unfit("is no checkpoint of a training run", "remove it and train from the start");
        }
        if (!Arrays.equals(of.values(), fingerprint().values())) {
            throw unfit("is the checkpoint of a run with another model, other data or other settings",
                    "repeat the command of that run with --resume, or remove the file");
        }
        return new TrainingCheckpoint(number(epoch), number(steps), tensors);
    }

    private CompilationFailedException unfit(String message, String help) {
        return new CompilationFailedException(Diagnostic.error(DiagnosticCode.DATA_UNREADABLE,
                path.getFileName() + " " + message, new FilePosition(path.toString(), -1, ""), "").help(help));
    }

    /** The run is over. */
    public void remove() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw unfit("cannot be removed: " + e.getMessage(), "the parameters are written; remove it by hand");
        }
    }
}
