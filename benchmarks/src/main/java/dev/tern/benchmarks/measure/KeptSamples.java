package dev.tern.benchmarks.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run has measured so far, in a file, a line for each process, so that it can be stopped and taken up again. The
 * first line says how was measured: what was measured otherwise is not taken up.
 */
public final class KeptSamples {
    private final Optional<Path> file;
    private final Map<String, List<Sample>> samples = new HashMap<>();

    private KeptSamples(Optional<Path> file) {
        this.file = file;
    }

    /** Nothing is kept. */
    public static KeptSamples none() {
        return new KeptSamples(Optional.empty());
    }

    /**
     * Those of a file, which is begun if it is not there.
     *
     * @param how everything was and will be measured
     * @throws IllegalArgumentException if the file holds what was measured otherwise, or something else
     */
    public static KeptSamples in(Path file, String how) throws IOException {
        KeptSamples kept = new KeptSamples(Optional.of(file));
        if (!Files.exists(file)) {
            Files.writeString(file, how + "\n");
            return kept;
        }
        List<String> lines = Files.readAllLines(file);
        if (lines.isEmpty() || !lines.getFirst().equals(how)) {
            throw new IllegalArgumentException(file + " holds what was measured otherwise: "
                    + (lines.isEmpty() ? "nothing" : lines.getFirst()) + ", not: " + how);
        }
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split("\t");
            if (cells.length != 3) {
                throw new IllegalArgumentException(file + " has a line that is no measurement: " + line);
            }
            kept.samples.computeIfAbsent(cells[0], absent -> new ArrayList<>())
                    .add(new Sample(Double.parseDouble(cells[1]), Double.parseDouble(cells[2])));
        }
        return kept;
    }

    /** In the order in which they were measured. */
    List<Sample> of(Case one) {
        return new ArrayList<>(samples.getOrDefault(one.toString(), List.of()));
    }

    void add(Case one, Sample sample) {
        file.ifPresent(path -> {
            try {
                Files.writeString(path, one + "\t" + sample.nanos() + "\t" + sample.allocatedBytes() + "\n",
                        StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
