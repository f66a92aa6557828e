package dev.tern.importers.dataset.format;

import dev.tern.compiler.files.OutsideFile;
import dev.tern.compiler.graph.Shape;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetFormat;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.importers.dataset.InputProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The inputs of the MLPerf Tiny benchmark: a file of raw signed bytes for each example and a list {@code y_labels.csv}
 * of their names, the number of classes, and their labels; a folder or a .zip of these. Bytes are taken as numbers
 * -128..127, in the order of the list.
 */
public final class RawSampleFormat implements DatasetFormat {
    private static final String LIST = "y_labels.csv";
    private static final int LONGEST_LIST = 1 << 24;
    private static final int LARGEST = 1 << 24;

    @Override
    public String description() {
        return "MLPerf Tiny inputs (a folder or .zip with " + LIST + " and raw bytes of each example)";
    }

    @Override
    public boolean recognises(Path path) {
        if (Files.isDirectory(path)) {
            return Files.isRegularFile(path.resolve(LIST));
        }
        if (!path.toString().endsWith(".zip") || !Files.isRegularFile(path)) {
            return false;
        }
        try (ZipFile zip = new ZipFile(path.toFile())) {
            return zip.getEntry(LIST) != null;
        } catch (IOException e) {
            return false;
        }
    }

    /** Where files are read from. */
    private interface Reader {
        byte[] bytes(String name, int most) throws IOException;
    }

    @Override
    public Dataset read(Path path, DatasetRequest request) {
        if (Files.isDirectory(path)) {
            return read(path, (name, most) -> OutsideFile.inside(path, path.resolve(name)).bytes(most));
        }
        try (ZipFile zip = new ZipFile(path.toFile())) {
            return read(path, (name, most) -> {
                ZipEntry entry = zip.getEntry(name);
                if (entry == null) {
                    throw new IOException("is not in it");
                }
                try (InputStream in = zip.getInputStream(entry)) {
                    byte[] bytes = in.readNBytes(most + 1);
                    if (bytes.length > most) {
                        throw new IOException("has more than " + most + " bytes");
                    }
                    return bytes;
                }
            });
        } catch (IOException e) {
            throw InputProblem.data(path, "cannot be read: " + e.getMessage());
        }
    }

    private static Dataset read(Path path, Reader reader) {
        Map<String, Integer> labels = labels(path, text(path, reader));
        List<byte[]> examples = new ArrayList<>();
        int size = -1;
        for (String name : labels.keySet()) {
            byte[] example = bytes(path, reader, name, LARGEST);
            size = size < 0 ? example.length : size;
            if (example.length != size || size == 0) {
                throw InputProblem.data(path, "has " + example.length + " bytes in " + name + ", and " + size
                        + " in the first");
            }
            examples.add(example);
        }
        if (examples.isEmpty()) {
            throw InputProblem.data(path, "has no example in its " + LIST);
        }
        float[] values = new float[Math.multiplyExact(size, examples.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = examples.get(i / size)[i % size];
        }
        return new Dataset(path.toString(), Shape.of(size), new Dataset.Values.Numbers(values),
                new Dataset.Targets.Classes(labels.values().stream().mapToInt(Integer::intValue).toArray(),
                        List.of()));
    }

    private static String text(Path path, Reader reader) {
        return new String(bytes(path, reader, LIST, LONGEST_LIST), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Path path, Reader reader, String name, int most) {
        try {
            return reader.bytes(name, most);
        } catch (IOException e) {
            throw InputProblem.data(path, "lists " + name + ", which " + e.getMessage());
        }
    }

    private static Map<String, Integer> labels(Path path, String text) {
        Map<String, Integer> labels = new LinkedHashMap<>();
        int line = 0;
        for (String row : text.lines().toList()) {
            line++;
            if (row.isBlank()) {
                continue;
            }
            String[] cells = row.split(",");
            try {
                int classes = Integer.parseInt(cells[1].strip());
                int label = Integer.parseInt(cells[2].strip());
                if (label < 0 || label >= classes) {
                    throw InputProblem.data(path, "has label " + label + " of " + classes + " classes in line " + line
                            + " of " + LIST);
                }
                labels.put(cells[0].strip(), label);
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                throw InputProblem.data(path, "has no name, number of classes and label in line " + line + " of "
                        + LIST + ": " + row);
            }
        }
        return labels;
    }
}
