package dev.tern.maven;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the last compilation read and wrote, kept in a file, so that the next knows whether there is anything to do and
 * what is left of models that are no more.
 *
 * @param options under which it was made
 * @param reads each file it depends on with its size and time, {@code absent} for one that was not there
 * @param results each file it wrote, likewise
 */
record CompiledModels(String options, Map<Path, String> reads, Map<Path, String> results) {
    private static final String OPTIONS = "options";
    private static final String READ = "read ";
    private static final String WRITTEN = "written ";
    private static final String ABSENT = "absent";

    static CompiledModels none() {
        return new CompiledModels("", Map.of(), Map.of());
    }

    static CompiledModels of(String options, List<Path> reads, List<Path> writes) {
        return new CompiledModels(options, states(reads), states(writes));
    }

    private static Map<Path, String> states(List<Path> files) {
        return new TreeMap<>(files.stream().distinct().collect(Collectors.toMap(file -> file, CompiledModels::state)));
    }

    private static String state(Path file) {
        try {
            return Files.size(file) + " " + Files.getLastModifiedTime(file).toMillis();
        } catch (IOException e) {
            return ABSENT;
        }
    }

    boolean isEmpty() {
        return reads.isEmpty();
    }

    Set<Path> writes() {
        return results.keySet();
    }

    /** Whether a compilation would give what is there. @param models the files that are models now */
    boolean isUpToDate(String nowOptions, List<Path> models) {
        Set<Path> known = new HashSet<>(reads.keySet());
        return options.equals(nowOptions) && known.containsAll(models.stream().map(Path::toAbsolutePath).toList())
                && unchanged(reads) && unchanged(results);
    }

    private static boolean unchanged(Map<Path, String> files) {
        return files.entrySet().stream().allMatch(file -> state(file.getKey()).equals(file.getValue()));
    }

    /** Nothing of a model that was renamed or deleted may stay. What is still wanted is written again. */
    void deleteResults() throws IOException {
        for (Path file : writes()) {
            Files.deleteIfExists(file);
        }
    }

    static CompiledModels read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            return none();
        }
        return new CompiledModels(properties.getProperty(OPTIONS, ""), entries(properties, READ),
                entries(properties, WRITTEN));
    }

    private static Map<Path, String> entries(Properties properties, String kind) {
        Map<Path, String> entries = new TreeMap<>();
        for (String key : properties.stringPropertyNames()) {
            if (key.startsWith(kind)) {
                entries.put(Path.of(key.substring(kind.length())), properties.getProperty(key));
            }
        }
        return entries;
    }

    void write(Path file) throws IOException {
        StringBuilder text = new StringBuilder();
        append(text, OPTIONS, options);
        reads.forEach((path, state) -> append(text, READ + path, state));
        results.forEach((path, state) -> append(text, WRITTEN + path, state));
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static void append(StringBuilder text, String key, String value) {
        text.append(escaped(key)).append('=').append(escaped(value)).append('\n');
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (char c : text.toCharArray()) {
            if (" :=#!\\".indexOf(c) >= 0) {
                escaped.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                escaped.append(String.format("\\u%04x", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
