package dev.tern.benchmarks.startup;

import ai.onnxruntime.OrtEnvironment;
import dev.tern.compiler.generate.ClassCompiler;
import dev.tern.importers.export.ExportOptions;
import dev.tern.importers.task.Initialization;
import dev.tern.importers.task.ModelExport;
import dev.tern.runtime.Signature;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Three programs that were compiled for Java 17: one without a model, one with a model's class, one with the same model
 * in ONNX Runtime.
 *
 * @param folder where they lie
 * @param onnxRuntime the jar of ONNX Runtime
 */
record Programs(Path folder, Path onnxRuntime) implements AutoCloseable {
    private static final String MODEL = "model.jar";

    /** Writes and compiles the programs of a model. */
    static Programs of(Path text) throws IOException {
        Path folder = Files.createTempDirectory("tern-start");
        Path model = Files.copy(text, folder.resolve(text.getFileName()));
        Initialization random = Initialization.of(model, 1);
        Optional<Path> target = random.target();
        if (target.isPresent()) {
            Path numbers = text.resolveSibling(target.get().getFileName());
            if (Files.exists(numbers)) {
                Files.copy(numbers, target.get());
            } else {
                random.write();
            }
        }
        ClassCompiler.Result compiled = ClassCompiler.into("com.acme").standalone(true).named("Model").compile(model);
        compiled.write(folder.resolve(MODEL));
        ModelExport.of(model, ExportOptions.DEFAULT).write(folder.resolve("model.onnx"));
        Programs programs = new Programs(folder, onnxRuntimeJar());
        Signature signature = compiled.signature();
        programs.compile("Bare");
        programs.compile("Tern", "INPUTS", Integer.toString(signature.inputs().getFirst().elements()), "OUTPUTS",
                Integer.toString(signature.outputs().getFirst().elements()));
        programs.compile("Onnx", "FILE", folder.resolve("model.onnx").toString());
        return programs;
    }

    private static Path onnxRuntimeJar() {
        try {
            return Path.of(OrtEnvironment.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Compiles a program of this package's resources into a jar, some of its words replaced. */
    private void compile(String name, String... replaced) throws IOException {
        String text;
        try (InputStream resource = Programs.class.getResourceAsStream(name + ".java.txt")) {
            text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (int i = 0; i < replaced.length; i += 2) {
            text = text.replace("$" + replaced[i], replaced[i + 1]);
        }
        Path source = Files.writeString(folder.resolve(name + ".java"), text);
        Path classes = Files.createDirectory(folder.resolve(name));
        if (ToolProvider.getSystemJavaCompiler().run(null, null, null, "--release", "17", "-proc:none",
                "-Xlint:-options",
                "-cp", folder.resolve(MODEL) + File.pathSeparator + onnxRuntime, "-d", classes.toString(),
                source.toString()) != 0) {
            throw new IllegalStateException("program " + name + " does not compile");
        }
        java.util.spi.ToolProvider.findFirst("jar").orElseThrow().run(System.out, System.err, "--create", "--file",
                folder.resolve(name + ".jar").toString(), "-C", classes.toString(), ".");
    }

    long jarBytes() throws IOException {
        return Files.size(folder.resolve(MODEL));
    }

    /** The program without a model. */
    Start bare(Path jdk) {
        return start(jdk, "Bare");
    }

    /** The program with the class. */
    Start tern(Path jdk) {
        return start(jdk, "Tern", folder.resolve(MODEL));
    }

    /** The program with ONNX Runtime. */
    Start onnx(Path jdk) {
        return start(jdk, "Onnx", onnxRuntime).with("--enable-native-access=ALL-UNNAMED");
    }

    private Start start(Path jdk, String name, Path... libraries) {
        StringBuilder path = new StringBuilder(folder.resolve(name + ".jar").toString());
        for (Path library : libraries) {
            path.append(File.pathSeparator).append(library);
        }
        return new Start(jdk.resolve("bin").resolve("java"), List.of(), path.toString(), name);
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
