package dev.tern.compiler.testing.fuzz;

import dev.tern.compiler.HostTarget;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.text.Choices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Compares random models until the time is over or a fault is found, which it then makes small. Its counts are in a
 * file, and the next run goes on from there; it stops at faults of the kinds that are not counted yet, so that one that
 * is not mended yet hides no other.
 *
 * <p>Arguments: the seconds to run, and the folder for the counts and for what is found. Ends with 1 at a fault.
 */
public final class Fuzz {
    private static final int SHRINKING = 120;
    private static final long BETWEEN_WRITES = 20_000_000_000L;

    private final Path folder;
    private final Path file;
    private final Counts counts;
    private final List<Target> targets;

    private Fuzz(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder);
        file = folder.resolve("counts.txt");
        counts = Counts.read(file);
        targets = HostTarget.verifiable();
    }

    public static void main(String[] arguments) throws IOException {
        long end = System.nanoTime() + Long.parseLong(arguments[0]) * 1_000_000_000L;
        boolean found = new Fuzz(Path.of(arguments[1])).run(end);
        System.exit(found ? 1 : 0);
    }

    private boolean run(long end) throws IOException {
        long written = System.nanoTime();
        while (System.nanoTime() < end) {
            counts.add("seed");
            Choices choices = Choices.of(counts.get("seed"));
            Outcome outcome = outcome(choices);
            counts.add(switch (outcome) {
                case Outcome.Same _ -> "models compared";
                case Outcome.Refused(String code) -> "refused: " + code;
                case Outcome.Found(String kind, String _) -> "FOUND: " + kind;
            });
            if (outcome instanceof Outcome.Found found && counts.get("FOUND: " + found.kind()) == 1) {
                counts.write(file);
                report(choices, found);
                return true;
            }
            if (System.nanoTime() - written > BETWEEN_WRITES) {
                written = System.nanoTime();
                counts.write(file);
            }
        }
        counts.write(file);
        System.out.print(counts.text());
        return false;
    }

    private Outcome outcome(Choices choices) {
        try {
            return new FuzzCase(choices, targets, counts).run();
        } catch (RuntimeException e) {
            return new Outcome.Found("the generator", e.toString());
        }
    }

    private void report(Choices choices, Outcome.Found found) throws IOException {
        String report = "seed " + counts.get("seed") + ": " + Minimal.of(choices, found, targets, SHRINKING);
        Files.writeString(folder.resolve("found-" + counts.get("seed") + ".txt"), report);
        System.out.println(report);
    }
}
