package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.runtime.Session;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody's module of Java 17 that holds a compiled model in a package which it opens to nobody. */
class ModuleUserTest {
    private static final String INCUBATOR = "WARNING: Using incubator modules: jdk.incubator.vector";
    private static final String APPLICATION = """
            package com.acme;

            public final class Application {
                public static void main(String[] arguments) {
                    float[] image = {0, 1, 0.5f, 0};
                    float[] places = new Brightest().run(image).values();
                    float[] again = new float[3];
                    Brightest.model().newSession().run(image, again);
                    System.out.println(Brightest.class.getModule() + " " + java.util.Arrays.equals(places, again) + " "
                            + (places[1] > places[0] && places[1] > places[2]) + " "
                            + Brightest.model().signature().variant());
                }
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void aModuleRunsItsModel() throws Exception {
        Path application = folder.resolve("application");
        Invocation compiled = Invocation.of("compile", Fixture.model(folder), "--package", "com.acme", "-o",
                application);
        assertThat(compiled.exitCode()).as(compiled.err()).isZero();
        Path runtime = runtimeJar();
        Path sources = Files.createDirectories(folder.resolve("sources/com/acme"));
        Path module = Files.writeString(folder.resolve("sources/module-info.java"),
                "module application {\n    requires dev.tern.runtime;\n}\n");
        compile(application, runtime, module, Files.writeString(sources.resolve("Application.java"), APPLICATION));
        assertThat(run(application, runtime)).isEqualTo("module application true true portable");
        // The application's module does not ask for the Vector API's.
        assertThat(run(application, runtime, "--add-modules", "jdk.incubator.vector", "-Dtern.target=512"))
                .isEqualTo("module application true true vector 512");
    }

    private String run(Path application, Path runtime, String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-p", application + java.io.File.pathSeparator + runtime, "-m",
                "application/com.acme.Application"));
        ChildProcess result = ChildProcess.run(folder, command);
        assertThat(result.err().lines().filter(line -> !line.equals(INCUBATOR))).isEmpty();
        return result.out().strip();
    }

    private static void compile(Path application, Path runtime, Path... sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        boolean done = compiler.getTask(said, null, null,
                List.of("-d", application.toString(), "--release", "17", "-p", runtime.toString(), "-proc:none"), null,
                compiler.getStandardFileManager(null, null, null).getJavaFileObjects(sources)).call();
        assertThat(done).as(said.toString()).isTrue();
    }

    /** The runtime as a jar, which as a module has the name that its manifest gives it. */
    private Path runtimeJar() throws Exception {
        Path classes = Path.of(Session.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.isRegularFile(classes)) {
            return classes;
        }
        Path jar = folder.resolve("runtime.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Automatic-Module-Name", "dev.tern.runtime");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                Stream<Path> paths = Files.walk(classes)) {
            for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
                add(out, classes.relativize(path).toString(), path);
            }
        }
        return jar;
    }

    private static void add(JarOutputStream out, String name, Path path) throws IOException {
        out.putNextEntry(new JarEntry(name));
        Files.copy(path, out);
        out.closeEntry();
    }
}
