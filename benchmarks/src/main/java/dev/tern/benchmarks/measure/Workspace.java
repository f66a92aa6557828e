package dev.tern.benchmarks.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder for what is made once for all processes of a run; gone when it is closed. */
public record Workspace(Path folder) implements AutoCloseable {
    /** A new one among the temporary files. */
    public static Workspace create() throws IOException {
        return new Workspace(Files.createTempDirectory("tern-bench"));
    }

    @Override
    public void close() {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> innermostFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : innermostFirst) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("clearing " + folder, e);
        }
    }
}
