package dev.tern.compiler.testing.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How often each thing happened, kept in a file so that a run goes on where the last one ended. */
final class Counts {
    private final Map<String, Long> counts = new TreeMap<>();

    /** What the file holds; nothing where there is none. */
    static Counts read(Path file) throws IOException {
        Counts counts = new Counts();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                int end = line.lastIndexOf(' ');
                counts.counts.put(line.substring(0, end), Long.parseLong(line.substring(end + 1)));
            }
        }
        return counts;
    }

    void add(String name) {
        counts.merge(name, 1L, Long::sum);
    }

    long get(String name) {
        return counts.getOrDefault(name, 0L);
    }

    void write(Path file) throws IOException {
        Files.writeString(file, text());
    }

    /** A name and a number in each line. */
    String text() {
        return counts.entrySet().stream().map(e -> e.getKey() + " " + e.getValue() + "\n")
                .collect(Collectors.joining());
    }
}
