package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher among stand-ins: a JDK that tells its arguments, and a Maven that does what the test says. */
class LauncherTest {
    @TempDir
    private Path folder;

    private Path root;
    private Path jdk;
    private Path tools;

    private record Result(int exitCode, String out, String err) {
    }

    @BeforeEach
    void standIns() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "the launcher is a shell script");
        root = Files.createDirectories(folder.resolve("checkout"));
        Files.copy(Path.of(System.getProperty("tern.root"), "tern"), root.resolve("tern"));
        for (String place : List.of("grammar", "runtime", "compiler/cli/src/main/java")) {
            Files.createDirectories(root.resolve(place));
        }
        Files.writeString(root.resolve("pom.xml"), "<project/>");
        jdk = Files.createDirectories(folder.resolve("jdk"));
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"Test\"\nJAVA_VERSION=\"25.0.1\"\n");
        script(jdk.resolve("bin/javac"), "exit 0");
        script(jdk.resolve("bin/java"), "echo \"$@\"");
        tools = folder.resolve("tools");
        script(tools.resolve("mvn"), """
                echo built >> builds
                mkdir -p compiler/cli/target
                sleep 0.3
                touch compiler/cli/target/tern.jar compiler/cli/target/built""");
    }

    private static void script(Path file, String body) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Process start(Path launcher, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", tools + ":/usr/bin:/bin");
        environment.put("HOME", folder.toString());
        environment.put("JAVA25_HOME", jdk.toString());
        return builder.start();
    }

    private static Result finish(Process process) throws IOException, InterruptedException {
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out, err);
    }

    private Result run(String... arguments) throws IOException, InterruptedException {
        return finish(start(root.resolve("tern"), arguments));
    }

    private long builds() throws IOException {
        Path file = root.resolve("builds");
        return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    }

    @Test
    void findsTheJdkByItsReleaseFile() throws Exception {
        assertThat(run("--print-jdk")).isEqualTo(new Result(0, jdk + "\n", ""));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"250.0.1\"\n");
        assertThat(run("--print-jdk").out()).isNotEqualTo(jdk + "\n");
    }

    @Test
    void buildsOnFirstUseAndWhenASourceIsNewer() throws Exception {
        Result first = run("check", "m");
        assertThat(first.err()).startsWith("tern: building the compiler on first use");
        assertThat(first.out()).contains("dev.tern.cli.Main check m");
        assertThat(builds()).isOne();
        assertThat(run("check", "m").err()).isEmpty();
        assertThat(builds()).isOne();
        Path source = Files.writeString(root.resolve("compiler/cli/src/main/java/New.java"), "class New {}");
        assertThat(source.toFile().setLastModified(System.currentTimeMillis() + 2000)).isTrue();
        assertThat(run("check", "m").err()).startsWith("tern: sources are newer than the build, building again");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void benchStartsTheBenchmarksWherePeersAreAskedFor() throws Exception {
        assertThat(run("bench", "m").out()).endsWith("dev.tern.cli.Main bench m\n");
        Files.createDirectories(root.resolve("benchmarks/src/main/java"));
        script(tools.resolve("mvn"), "echo \"$@\" >> builds; mkdir -p benchmarks/target\n"
                + "touch benchmarks/target/benchmarks.jar benchmarks/target/built");
        Result first = run("bench", "--job", "dense", "--peers", "--quick");
        assertThat(first.err()).startsWith("tern: building the benchmarks");
        assertThat(first.out())
                .endsWith("-jar " + root.toRealPath() + "/benchmarks/target/benchmarks.jar --job dense --quick\n");
        assertThat(Files.readString(root.resolve("builds"))).endsWith("-pl benchmarks -am package\n");
        assertThat(run("bench", "--peers").err()).isEmpty();
    }

    @Test
    void helpOfTrainingNeedsNoMoreThanOtherHelp() throws Exception {
        run("check", "m");
        for (List<String> words : List.of(List.of("train", "--help"), List.of("train", "m", "-h"))) {
            Result help = run(words.toArray(String[]::new));
            assertThat(help.err()).isEmpty();
            assertThat(help.out()).endsWith("dev.tern.cli.Main " + String.join(" ", words) + "\n");
        }
        assertThat(builds()).isOne();
        assertThat(run("train", "m").err()).startsWith("tern: building what training needs");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void explainTellsOfTheCodeThatBenchRuns() throws Exception {
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\nMODULES=\"jdk.incubator.vector\"\n");
        String bench = run("bench", "m").out();
        assertThat(bench).contains("--add-modules jdk.incubator.vector");
        assertThat(run("explain", "m").out()).isEqualTo(bench.replace("Main bench", "Main explain"));
    }

    @Test
    void verifyTriesVectorCode() throws Exception {
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\nMODULES=\"jdk.incubator.vector\"\n");
        assertThat(run("verify", "m").out()).contains("--add-modules jdk.incubator.vector").endsWith("Main verify m\n");
    }

    @Test
    void worksThroughASymbolicLinkFromAnyFolder() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("checkout", "tern"));
        Result result = finish(start(link, "check", "a b"));
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains(root.toRealPath() + "/compiler/cli/target/tern.jar").contains("check a b");
    }

    @Test
    void twoFirstUsesAtOnceBuildOnce() throws Exception {
        Process one = start(root.resolve("tern"), "check", "one");
        Process two = start(root.resolve("tern"), "check", "two");
        assertThat(finish(one).out()).endsWith("check one\n");
        assertThat(finish(two).out()).endsWith("check two\n");
        assertThat(builds()).isOne();
    }

    @Test
    void aFailedBuildShowsWhatMavenSaidLast() throws Exception {
        script(tools.resolve("mvn"), "echo '[INFO] fine so far'; echo '[ERROR] no such thing: Foo.java:7'; exit 1");
        Result result = run("check", "m");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("tern: the build failed", root.toRealPath() + "/target/tern-build.log",
                "[ERROR] no such thing: Foo.java:7").doesNotContain("fine so far");
    }

    @Test
    void saysThatMavenIsMissing() throws Exception {
        Files.delete(tools.resolve("mvn"));
        for (String tool : List.of("sh", "find", "mkdir", "flock", "dirname", "readlink")) {
            Path place = Path.of("/usr/bin", tool);
            if (Files.exists(place)) {
                script(tools.resolve(tool), "exec " + place + " \"$@\"");
            }
        }
        ProcessBuilder builder = new ProcessBuilder(root.resolve("tern").toString(), "check", "m");
        builder.environment().put("PATH", tools.toString());
        builder.environment().put("JAVA25_HOME", jdk.toString());
        Result result = finish(builder.start());
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("Maven is not here to build it: install Maven 3.8.7 or later");
    }

    @Test
    void onlyTrainingGetsTheTensorLibrary() throws Exception {
        script(tools.resolve("mvn"), """
                echo "$@" >> builds
                mkdir -p compiler/cli/target compiler/quantizer/target
                echo nd4j.jar > compiler/quantizer/target/training.classpath
                touch compiler/cli/target/tern.jar compiler/cli/target/built""");
        assertThat(run("run", "m").out()).doesNotContain("nd4j.jar").contains("-XX:TieredStopAtLevel=1");
        assertThat(run("bench", "m").out()).doesNotContain("nd4j.jar", "TieredStopAtLevel");
        assertThat(run("train", "m").out()).contains("tern.jar:nd4j.jar", "--enable-native-access=ALL-UNNAMED");
    }
}
