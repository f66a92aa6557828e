package dev.tern.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that has ended.
 *
 * @param out what it printed on standard output
 * @param err what it printed on standard error
 */
record ChildProcess(int exitCode, String out, String err) {
    /** Runs a command in a folder; one that takes longer than so many seconds is ended and fails the test. */
    static ChildProcess run(Path folder, int seconds, List<String> command) throws IOException, InterruptedException {
        return run(new ProcessBuilder(command).directory(folder.toFile()), seconds);
    }

    static ChildProcess run(ProcessBuilder builder, int seconds) throws IOException, InterruptedException {
        Path out = Files.createTempFile("tern-out", ".txt");
        Path err = Files.createTempFile("tern-err", ".txt");
        try {
            Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
            process.getOutputStream().close();
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError(
                        builder.command() + " ran for more than " + seconds + " s:\n" + Files.readString(err));
            }
            return new ChildProcess(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
