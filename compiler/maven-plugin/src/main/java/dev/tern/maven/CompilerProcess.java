package dev.tern.maven;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.maven.plugin.MojoExecutionException;

/**
 * The compiler in a JVM of its own, as the command {@code tern generate}.
 *
 * @param java the program that starts it
 * @param classPath the compiler's
 */
record CompilerProcess(Path java, List<Path> classPath) {
    /** As {@code tern generate --json} ends: done, or something is wrong with a model. */
    private static final List<Integer> ANSWERS = List.of(0, 1);

    /**
     * @param diagnostics objects as {@code --json} prints them
     * @param reads the files that the results depend on, absolute
     * @param writes the results, absolute
     */
    record Result(List<Map<String, Object>> diagnostics, List<Path> reads, List<Path> writes) {
    }

    Result generate(Path models, Path classes, Path sources, Optional<String> target, boolean standalone)
            throws MojoExecutionException, IOException {
        List<String> command = new ArrayList<>(List.of(java.toString(), "-XX:+UseSerialGC", "-cp",
                classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
                "dev.tern.cli.Main", "generate", models.toAbsolutePath().toString(), "--classes",
                classes.toAbsolutePath().toString(), "--sources", sources.toAbsolutePath().toString(), "--json"));
        target.ifPresent(name -> command.addAll(List.of("--target", name)));
        if (standalone) {
            command.add("--standalone");
        }
        Path messages = Files.createTempFile("tern", ".log");
        try {
            Process process = new ProcessBuilder(command).redirectError(messages.toFile()).start();
            process.getOutputStream().close();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            if (!ANSWERS.contains(exit) || answer.isBlank()) {
                throw new MojoExecutionException("The model compiler ended with " + exit + ":\n"
                        + Files.readString(messages, StandardCharsets.UTF_8));
            }
            return result(JSON.std.mapFrom(answer));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MojoExecutionException("Interrupted while models were compiled", e);
        } finally {
            Files.deleteIfExists(messages);
        }
    }

    private static Result result(Map<String, Object> answer) {
        List<Path> reads = new ArrayList<>();
        List<Path> writes = new ArrayList<>();
        for (Map<String, Object> model : objects(answer, "models")) {
            reads.addAll(paths(model, "reads"));
            writes.addAll(paths(model, "writes"));
        }
        return new Result(objects(answer, "diagnostics"), reads, writes);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> objects(Map<String, Object> object, String key) {
        return (List<Map<String, Object>>) object.getOrDefault(key, List.of());
    }

    @SuppressWarnings("unchecked")
    private static List<Path> paths(Map<String, Object> object, String key) {
        return ((List<String>) object.get(key)).stream().map(Path::of).toList();
    }
}
