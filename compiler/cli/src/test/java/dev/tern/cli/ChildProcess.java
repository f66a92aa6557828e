package dev.tern.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A process that has ended.
 *
 * @param out what it printed on standard output
 * @param err what it printed on standard error
 */
record ChildProcess(int exitCode, String out, String err) {
    /** Ends what hangs; nothing that works comes near, on a slow and busy machine neither. */
    static final int MINUTES_TO_HANG = 20;
    /** What a JVM says first where the tests are run with options for every JVM, see the root's POM. */
    private static final String OPTIONS_NOTED = "NOTE: Picked up JDK_JAVA_OPTIONS";

    /** Runs a command in a folder. */
    static ChildProcess run(Path folder, List<String> command) throws IOException, InterruptedException {
        return run(new ProcessBuilder(command).directory(folder.toFile()));
    }

    static ChildProcess run(ProcessBuilder builder) throws IOException, InterruptedException {
        Path out = Files.createTempFile("tern-out", ".txt");
        Path err = Files.createTempFile("tern-err", ".txt");
        try {
            Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
            process.getOutputStream().close();
            if (!process.waitFor(MINUTES_TO_HANG, TimeUnit.MINUTES)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError("ended after " + MINUTES_TO_HANG + " minutes: " + builder.command());
            }
            String said = Files.readString(err).lines().filter(line -> !line.startsWith(OPTIONS_NOTED))
                    .map(line -> line + "\n").collect(Collectors.joining());
            return new ChildProcess(process.exitValue(), Files.readString(out), said);
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
