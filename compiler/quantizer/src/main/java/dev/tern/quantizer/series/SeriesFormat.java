package dev.tern.quantizer.series;

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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The layout of the Numenta anomaly benchmark: a folder or a .zip with {@code labels/combined_windows.json} and the
 * series that it names in {@code data/}, cut into windows as long as the model's input, each beginning half a window
 * after the one before.
 *
 * <p>The training part is the first half of each series, without the windows in which something is amiss, and has no
 * targets: an autoencoder learns to give them back. The test part is the second half with the classes normal and
 * anomalous.
 */
public final class SeriesFormat implements DatasetFormat {
    private static final String LABELS = "labels/combined_windows.json";
    private static final int USUAL = 64;
    private static final int MOST_BYTES = 1 << 26;

    @Override
    public String description() {
        return "a folder or .zip in the layout of the Numenta anomaly benchmark (" + LABELS + ", data/)";
    }

    @Override
    public boolean recognises(Path path) {
        if (Files.isDirectory(path)) {
            return Files.isRegularFile(path.resolve(LABELS));
        }
        if (!path.toString().endsWith(".zip") || !Files.isRegularFile(path)) {
            return false;
        }
        try (ZipFile zip = new ZipFile(path.toFile())) {
            return zip.getEntry(LABELS) != null;
        } catch (IOException e) {
            return false;
        }
    }

    /** Where a file's text comes from. */
    private interface Reader {
        String text(String name) throws IOException;
    }

    @Override
    public Dataset read(Path path, DatasetRequest request) {
        try {
            if (Files.isDirectory(path)) {
                return read(path, request, name -> text(path, name));
            }
            try (ZipFile zip = new ZipFile(path.toFile())) {
                return read(path, request, name -> unpacked(zip, name));
            }
        } catch (IOException e) {
            throw InputProblem.data(path, e.getMessage());
        }
    }

    private static String text(Path folder, String name) throws IOException {
        if (!Files.exists(folder.resolve(name))) {
            throw new IOException("has no " + name);
        }
        return new String(OutsideFile.inside(folder, folder.resolve(name)).bytes(MOST_BYTES), StandardCharsets.UTF_8);
    }

    private static String unpacked(ZipFile zip, String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new IOException("has no " + name);
        }
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new IOException("has " + name + " of more than " + MOST_BYTES + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private static Dataset read(Path path, DatasetRequest request, Reader reader) throws IOException {
        Shape shape = request.shape().orElse(Shape.of(USUAL));
        int length = shape.elements();
        List<float[]> windows = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (Map.Entry<String, List<Series.Span>> named : AnomalyWindows.parse(reader.text(LABELS)).entrySet()) {
            Series series = Series.parse(named.getKey(), reader.text("data/" + named.getKey()));
            float[] values = series.standardized();
            int half = values.length / 2;
            boolean test = request.part() == DatasetRequest.Part.TEST;
            for (int from = test ? half : 0; from + length <= (test ? values.length : half); from += Math.max(1,
                    length / 2)) {
                boolean anomalous = series.touches(from, from + length, named.getValue());
                if (test || !anomalous) {
                    windows.add(Arrays.copyOfRange(values, from, from + length));
                    labels.add(anomalous ? 1 : 0);
                }
            }
        }
        if (windows.isEmpty()) {
            throw new IOException("has no series of " + 2 * length + " measurements, which two windows need");
        }
        float[] elements = new float[Math.multiplyExact(windows.size(), length)];
        for (int i = 0; i < windows.size(); i++) {
            System.arraycopy(windows.get(i), 0, elements, i * length, length);
        }
        return new Dataset(path.toString(), shape, new Dataset.Values.Numbers(elements),
                request.part() == DatasetRequest.Part.TEST
                        ? new Dataset.Targets.Classes(labels.stream().mapToInt(Integer::intValue).toArray(),
                                List.of("normal", "anomalous"))
                        : new Dataset.Targets.None());
    }
}
