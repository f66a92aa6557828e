package dev.tern.importers.dataset.format;

import dev.tern.importers.dataset.InputProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What lies in a folder. */
final class Folders {
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");

    private Folders() {
    }

    /** The entries whose names match, in the order of the numbers in their names; none where it is no folder. */
    static List<Path> files(Path folder, String pattern) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> entry.getFileName().toString().matches(pattern))
                    .sorted(Comparator.comparing(Folders::padded)).toList();
        } catch (IOException e) {
            throw InputProblem.data(folder, "cannot be read: " + e.getMessage());
        }
    }

    /** The name with its numbers as wide as any, so that 10 comes after 9. */
    private static String padded(Path path) {
        Matcher numbers = NUMBER.matcher(path.getFileName().toString());
        return numbers.replaceAll(number -> "0".repeat(Math.max(0, 12 - number.group().length())) + number.group());
    }
}
