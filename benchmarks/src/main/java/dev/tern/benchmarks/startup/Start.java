package dev.tern.benchmarks.startup;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A start of a program.
 *
 * @param java the program that starts it
 * @param flags of the JVM
 * @param classPath of jars and folders
 * @param main its class, which prints at its end the most memory that it had, in kB
 */
record Start(Path java, List<String> flags, String classPath, String main) {
    private static final double NANOS = 1e6;
    private static final double KIBI = 1024;

    /**
     * What it took.
     *
     * @param millis from the start of the process to its end
     * @param mebibytes resident at most
     */
    record Used(double millis, double mebibytes) {
    }

    /** With more flags. */
    Start with(String... more) {
        return new Start(java, Stream.concat(flags.stream(), Stream.of(more)).toList(), classPath, main);
    }

    /** From an AOT cache that is made here, beside the class path. */
    Start cached() throws IOException, InterruptedException {
        Path cache = Path.of(classPath.split(File.pathSeparator)[0]).resolveSibling(main + ".aot");
        with("-XX:AOTCacheOutput=" + cache).run();
        return with("-XX:AOTCache=" + cache);
    }

    Used run() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath, main));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        long start = System.nanoTime();
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        double millis = (System.nanoTime() - start) / NANOS;
        if (exit != 0) {
            throw new UncheckedIOException(new IOException(command + " ended with " + exit + ":\n" + said));
        }
        String last = said.strip().lines().reduce("", (_, line) -> line);
        return new Used(millis, Double.parseDouble(last.replaceAll("\\D+", "")) / KIBI);
    }
}
