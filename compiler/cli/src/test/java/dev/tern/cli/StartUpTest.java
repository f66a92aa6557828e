package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a class of a model brings with it: into the jar, and into a JVM until its first answer. */
class StartUpTest {
    private static final int KILOBYTE = 1000;
    /** What takes milliseconds of a JVM where it is used first. */
    private static final List<String> SLOW = List.of("java.util.stream.", "java.util.regex.", "java.util.Formatter",
            "java.lang.reflect.Proxy", "jdk.proxy", "java.util.concurrent.ForkJoin", "java.util.ServiceLoader");

    /** What it takes to find a resource through the JDK's own modules, and to make a handle or put a text together. */
    private static final List<String> SLOW_WITHOUT_VECTORS = List.of("jdk.internal.jimage.",
            "java.lang.invoke.LambdaForm",
            "java.lang.invoke.StringConcatFactory", "sun.net.www.protocol.jar.JarURLConnection");

    @TempDir
    private Path folder;

    /** MLPerf Tiny's keyword spotting, ternary weights by activations of 4 bits. */
    private Path jar() throws Exception {
        Path model = folder.resolve("kws-ternary4.tern");
        Files.copy(Path.of(System.getProperty("tern.root"), "models", "kws", "kws-ternary4.tern"), model);
        assertThat(Invocation.of("init", model).exitCode()).isZero();
        Path jar = folder.resolve("kws.jar");
        Invocation compiled = Invocation.of("compile", model, "-o", jar, "--package", "com.acme", "--standalone");
        assertThat(compiled.exitCode()).as(compiled.err()).isZero();
        return jar;
    }

    @Test
    void aModelIsSmallAndItsFirstAnswerLoadsNothingSlow() throws Exception {
        Path jar = jar();
        assertThat(Files.size(jar)).isLessThan(200 * KILOBYTE);
        try (JarFile files = new JarFile(jar.toFile())) {
            assertThat(files.stream().map(ZipEntry::getName).filter(name -> name.endsWith(".weights")))
                    .containsExactly("com/acme/KwsTernary4Session.weights");
        }
        Path source = Files.writeString(folder.resolve("Main.java"), """
                public class Main {
                    public static void main(String[] arguments) {
                        float[] scores = new float[12];
                        new com.acme.KwsTernary4().run(new float[490], scores);
                        if (!Float.isFinite(scores[0])) {
                            throw new AssertionError(scores[0]);
                        }
                    }
                }
                """);
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", folder.toString(), "-cp",
                jar.toString(), source.toString())).isZero();
        assertThat(loadsNothingSlow(jar).stream().filter(name -> SLOW_WITHOUT_VECTORS.stream().anyMatch(
                name::startsWith))).isEmpty();
        loadsNothingSlow(jar, "--add-modules", "jdk.incubator.vector");
    }

    /** @return what was loaded */
    private List<String> loadsNothingSlow(Path jar, String... options) throws Exception {
        Path log = folder.resolve("loaded.txt");
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                .toString(), "-Xlog:class+load:file=" + log + "::filecount=0"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", folder + File.pathSeparator + jar, "Main"));
        assertThat(ChildProcess.run(folder, command).exitCode()).isZero();
        List<String> loaded = Files.readAllLines(log).stream().map(line -> line.replaceFirst("^(\\[[^]]*])+ ?", ""))
                .map(line -> line.split(" ")[0]).dropWhile(name -> !name.equals("com.acme.KwsTernary4")).toList();
        assertThat(loaded).contains("com.acme.KwsTernary4Session", "com.acme.ternruntime.Transfer");
        assertThat(loaded.stream().filter(name -> name.contains("$$Lambda")
                || SLOW.stream().anyMatch(name::startsWith))).isEmpty();
        return loaded;
    }

    /** The README's commands, with this test's Java and program. */
    @Test
    void aCacheHoldsTheModelsClasses() throws Exception {
        Path digits = folder.resolve("digits.jar");
        assertThat(Invocation.of("compile", Path.of(System.getProperty("tern.root"), "models", "digits"), "-o", digits,
                "--package", "com.acme", "--standalone").exitCode()).isZero();
        Path source = Files.writeString(folder.resolve("Main.java"), """
                package com.acme;

                public class Main {
                    public static void main(String[] arguments) {
                        System.out.println(new Digits().run(new float[784]).length);
                    }
                }
                """);
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", folder.resolve("classes")
                .toString(),
                "-cp", digits.toString(), source.toString())).isZero();
        assertThat(java.util.spi.ToolProvider.findFirst("jar").orElseThrow().run(System.out, System.err, "--create",
                "--file", folder.resolve("app.jar").toString(), "-C", folder.resolve("classes").toString(), "."))
                .isZero();
        List<String> commands = DocumentBlock.commands(Path.of(System.getProperty("tern.root")), "README.md").stream()
                .filter(command -> command.startsWith("java -XX:AOTCache")).toList();
        assertThat(commands).hasSize(2);

        assertThat(start(commands.getFirst()).out()).startsWith("10\n");
        ChildProcess cached = start(commands.getLast().replace("java -XX", "java -Xlog:class+load -XX"));

        assertThat(cached.out()).contains("\n10\n").containsPattern(
                "com\\.acme\\.DigitsSession source: shared objects file");
    }

    private ChildProcess start(String command) throws Exception {
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ChildProcess process = ChildProcess.run(folder, words);
        assertThat(process.exitCode()).as(process.err()).isZero();
        return process;
    }
}
