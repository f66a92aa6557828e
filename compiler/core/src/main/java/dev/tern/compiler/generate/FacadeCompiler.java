package dev.tern.compiler.generate;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.runtime.Session;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Compiles a model's facade by the JDK's own compiler, for Java 17, where no build of an application does it. */
public final class FacadeCompiler {
    private FacadeCompiler() {
    }

    /**
     * The class files of a model, those of its facade among them, and the resources beside them, by their paths.
     *
     * @throws CompilationFailedException if this Java has no compiler
     */
    public static Map<String, byte[]> classes(GeneratedModel model) {
        return model.source().map(source -> classes(model, source)).orElseGet(model::classes);
    }

    private static Map<String, byte[]> classes(GeneratedModel model, String source) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new CompilationFailedException(Diagnostic.error(DiagnosticCode.OUTPUT_UNWRITABLE,
                    "the Java at " + System.getProperty("java.home") + " has no compiler",
                    new FilePosition(model.sourcePath(), -1, ""), "").help("run tern by a JDK"));
        }
        try {
            Path folder = Files.createTempDirectory("tern");
            try {
                return compile(compiler, model, source, folder);
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, byte[]> compile(JavaCompiler compiler, GeneratedModel model, String text,
            Path folder) throws IOException {
        Path given = folder.resolve("given");
        for (Map.Entry<String, byte[]> file : model.classes().entrySet()) {
            write(given.resolve(file.getKey()), file.getValue());
        }
        Path source = folder.resolve("source").resolve(model.sourcePath());
        write(source, text.getBytes(StandardCharsets.UTF_8));
        Path made = Files.createDirectories(folder.resolve("made"));
        StringWriter said = new StringWriter();
        boolean done = compiler.getTask(said, null, null,
                List.of("--release", "17", "-proc:none", "-g", "-encoding", "UTF-8", "-cp",
                        given + File.pathSeparator + runtime(), "-d", made.toString()),
                null, compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source)).call();
        if (!done) {
            throw new IllegalStateException("the facade does not compile:\n" + said + text);
        }
        Map<String, byte[]> classes = new TreeMap<>(model.classes());
        try (Stream<Path> files = Files.walk(made)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                classes.put(made.relativize(file).toString().replace(File.separatorChar, '/'),
                        Files.readAllBytes(file));
            }
        }
        return classes;
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    /** The jar or folder of the runtime's classes. */
    private static Path runtime() {
        try {
            return Path.of(Session.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
