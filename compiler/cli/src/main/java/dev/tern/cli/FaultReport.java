package dev.tern.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** A fault of the compiler's own, kept in a file for whoever mends it. */
final class FaultReport {
    private FaultReport() {
    }

    /**
     * Writes the stack trace with what is needed to repeat the fault, into the working folder or, where that cannot
     * be written, the temporary folder.
     *
     * @return the file, or null if nothing could be written
     */
    static Path write(Throwable fault, List<String> arguments) {
        Path folder = Path.of("");
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        for (Path place : List.of(folder, temporary)) {
            try {
                Path file = Files.createTempFile(place.toAbsolutePath(), "tern-fault-", ".txt");
                try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
                    out.println("tern " + String.join(" ", arguments));
                    out.println("at " + Instant.now().truncatedTo(ChronoUnit.SECONDS) + ", Java "
                            + Runtime.version() + ", " + System.getProperty("os.name") + " "
                            + System.getProperty("os.arch"));
                    out.println();
                    fault.printStackTrace(out);
                }
                return place == folder ? file.getFileName() : file;
            } catch (IOException e) {
                // The next place may do.
            }
        }
        return null;
    }
}
