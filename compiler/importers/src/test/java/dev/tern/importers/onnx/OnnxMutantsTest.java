package dev.tern.importers.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.foreign.ImportFormat;
import dev.tern.compiler.foreign.ImportedModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every file that a few changes make of a sound one is taken or refused with a diagnostic, soon, and within the 512 MB
 * that these tests run with. With {@code -Dfuzz.seconds=600} for as long, the official node tests among the files that
 * are changed.
 */
class OnnxMutantsTest {
    /** Longer where a long run has to share the machine. */
    private static final Duration SOON = Duration.ofSeconds(Long.getLong("fuzz.seconds", 0) == 0 ? 20 : 120);
    private static final int MUTANTS = 4000;

    private static void soon(byte[] file) {
        assertTimeoutPreemptively(SOON, () -> {
            Diagnostics diagnostics = new Diagnostics();
            Optional<ImportedModel> model = ImportedOnnx.read(file, diagnostics);
            assertThat(model.isPresent()).isEqualTo(diagnostics.list().isEmpty());
            // What is taken is a model of the language, or one that the language has a reason to refuse.
            model.ifPresent(taken -> ImportFormat.analyze(taken, diagnostics));
        });
    }

    /** Models that are taken, of many operators between them. */
    private static List<byte[]> corpus() {
        OnnxModels sound = new OnnxModels(13).input("x", 1, 2, 4, 4).output("y", 1, 3)
                .floats("w", List.of(3L, 2L, 3L, 3L), new float[54]).floats("m", List.of(48L, 3L), new float[144])
                .node("Conv", "x w", "c", OnnxModels.integers("pads", 1L, 1L, 1L, 1L)).node("Relu", "c", "r")
                .node("Flatten", "r", "f").node("MatMul", "f m", "y");
        OnnxModels quantized = new OnnxModels(13).domain("qonnx.custom_op.general", 1).input("x", 1, 4)
                .output("y", 1, 2).floats("s", List.of(), 0.5f).floats("z", List.of(), 0).floats("b", List.of(), 2)
                .floats("m", List.of(4L, 2L), 1, -1, 0, 1, -1, 0, 1, 1)
                .node("qonnx.custom_op.general", "Quant", "x s z b", "q", OnnxModels.integer("narrow", 1),
                        OnnxModels.integer("signed", 1), OnnxModels.text("rounding_mode", "ROUND"))
                .node("qonnx.custom_op.general", "BipolarQuant", "m s", "w").node("MatMul", "q w", "y");
        OnnxModels pairs = new OnnxModels(19).input("x", 1, 2, 3, 3).output("y", 1, 2)
                .floats("s", List.of(), 0.1f).bytes("z", 2, List.of(), 128).bytes("w", 3, List.of(2L, 2L, 1L, 1L), 1,
                        -2, 3, 127)
                .floats("ws", List.of(2L), 0.1f, 0.2f).bytes("wz", 3, List.of(2L), 0, 0).longs("axes", 2, 3)
                .node("QuantizeLinear", "x s z", "q").node("DequantizeLinear", "q s z", "d")
                .node("DequantizeLinear", "w ws wz", "v", OnnxModels.integer("axis", 0)).node("Conv", "d v", "c")
                .node("MaxPool", "c", "p", OnnxModels.integers("kernel_shape", 2L, 2L))
                .node("ReduceMean", "p axes", "y", OnnxModels.integer("keepdims", 0));
        OnnxModels shapes = new OnnxModels(13).input("x", 2, 6).output("y", 3, 4).longs("zero", 0).longs("four", 4)
                .node("Shape", "x", "s").node("Gather", "s zero", "n").node("Add", "n zero", "m")
                .node("Concat", "m four", "c", OnnxModels.integer("axis", 0)).longs("minus", -1)
                .node("Concat", "minus four", "t", OnnxModels.integer("axis", 0)).node("Reshape", "x t", "r")
                .node("Transpose", "r", "u").node("Transpose", "u", "v").node("Softmax", "v", "y");
        OnnxModels integers = new OnnxModels(13).domain("finn.custom_op.general", 1).input("x", 1, 2, 4, 4)
                .output("y", 1, 3).floats("t", List.of(2L, 3L), -1, 0, 1, 1, 2, 3)
                .floats("w", List.of(8L, 3L), new float[24])
                .node("finn.custom_op.general", "MultiThreshold", "x t", "q", OnnxModels.text("out_dtype", "UINT2"))
                .node("Transpose", "q", "l", OnnxModels.integers("perm", 0L, 2L, 3L, 1L))
                .node("finn.custom_op.general", "Im2Col", "l", "p", OnnxModels.integers("kernel_size", 2L, 2L),
                        OnnxModels.integers("stride", 1L, 1L), OnnxModels.integers("pad_amount", 0L, 0L, 0L, 0L))
                .node("MatMul", "p w", "c").node("Transpose", "c", "f", OnnxModels.integers("perm", 0L, 3L, 1L, 2L))
                .node("GlobalAveragePool", "f", "g").node("Flatten", "g", "y");
        OnnxModels moving = new OnnxModels(18).input("x", 1, 4, 2, 2).output("y", 1, 4, 6, 4).longs("two", 2)
                .longs("pads", 0, 0, 0, 1, 0, 0, 1, 1).longs("from", 0).longs("axis", 2)
                .floats("g", List.of(4L), 1, 2, 3, 4).longs("sizes", 1, 4, 6, 4)
                .node("InstanceNormalization", "x g g", "n").node("Pad", "n pads", "p",
                        OnnxModels.text("mode", "reflect"))
                .node("Slice", "p from two axis", "s").node("PRelu", "s g", "q").node("DepthToSpace", "s", "d",
                        OnnxModels.integer("blocksize", 2))
                .node("Identity", "d", "y");
        return Stream.of(sound, quantized, pairs, shapes, integers, moving).map(OnnxModels::build).toList();
    }

    @Test
    void mutants() throws IOException {
        long seconds = Long.getLong("fuzz.seconds", 0);
        List<byte[]> models = new ArrayList<>(corpus());
        if (seconds > 0) {
            try (NodeCases cases = new NodeCases()) {
                for (String name : cases.names()) {
                    models.add(cases.read(name).model().toByteArray());
                }
            }
        }
        for (byte[] sound : corpus()) {
            soon(sound);
        }
        OnnxMutants mutants = new OnnxMutants(new SplittableRandom(seconds == 0 ? 1 : System.nanoTime()));
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        int tried = 0;
        int wrong = 0;
        while (seconds == 0 ? tried < MUTANTS : System.nanoTime() < end) {
            byte[] mutant = mutants.of(models.get(tried % models.size()));
            tried++;
            try {
                soon(mutant);
            } catch (RuntimeException | Error fault) {
                wrong++;
                System.err.println(HexFormat.of().formatHex(mutant));
                fault.printStackTrace();
            }
        }
        assertThat(wrong).as("wrong of " + tried).isZero();
    }

    /** Files that a longer run found something with, one a line. */
    @Test
    void whatWasFound() throws IOException {
        try (InputStream lines = OnnxMutantsTest.class.getResourceAsStream("/onnx/found.txt")) {
            new String(lines.readAllBytes(), StandardCharsets.US_ASCII).lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#")).map(HexFormat.of()::parseHex)
                    .forEach(OnnxMutantsTest::soon);
        }
    }

    /** What a corpus of mutants must not be: all refused. */
    @Test
    void theFilesAreSound() {
        for (byte[] sound : corpus()) {
            Diagnostics diagnostics = new Diagnostics();
            ImportedOnnx.read(sound, diagnostics);
            assertThat(DiagnosticRenderer.render(diagnostics.list())).isEmpty();
        }
    }
}
