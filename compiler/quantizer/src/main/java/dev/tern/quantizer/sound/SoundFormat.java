package dev.tern.quantizer.sound;

import dev.tern.compiler.files.OutsideFile;
import dev.tern.compiler.graph.Shape;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetFormat;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.importers.dataset.InputProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Recordings as a folder or a .zip of wav files, as the features of {@link FrontEnd}. A recording's class is the folder
 * it lies in, or the beginning of its name in files called {@code CLASS_SPEAKER_NUMBER.wav}: of these numbers 0 to 4
 * are the test part, as the Free Spoken Digit Dataset has it. Folders {@code train} and {@code test} tell parts apart,
 * too.
 */
public final class SoundFormat implements DatasetFormat {
    private static final Pattern NUMBERED = Pattern.compile("([^_]+)_.*_([0-9]{1,9})\\.wav");
    private static final int LAST_TEST_NUMBER = 4;
    private static final int DEPTH = 4;
    private static final int MOST_BYTES = 1 << 26;
    private static final int MOST_FILES = 1 << 20;
    private static final Shape USUAL = Shape.of(49, 10, 1);

    @Override
    public String description() {
        return "a folder or .zip of recordings (.wav), in a folder for each class or called CLASS_SPEAKER_NUMBER.wav";
    }

    @Override
    public boolean recognises(Path path) {
        try {
            return !names(path).isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    /** The recordings, by their path inside the folder or archive. */
    private static List<String> names(Path path) throws IOException {
        List<String> names = new ArrayList<>();
        if (Files.isDirectory(path)) {
            try (Stream<Path> files = Files.walk(path, DEPTH)) {
                files.limit(MOST_FILES).filter(Files::isRegularFile)
                        .forEach(file -> names.add(path.relativize(file).toString().replace('\\', '/')));
            }
        } else if (path.toString().endsWith(".zip") && Files.isRegularFile(path)) {
            try (ZipFile zip = new ZipFile(path.toFile())) {
                Enumeration<? extends ZipEntry> entries = zip.entries();
                while (entries.hasMoreElements() && names.size() < MOST_FILES) {
                    names.add(entries.nextElement().getName());
                }
            }
        }
        names.removeIf(name -> !name.endsWith(".wav") || name.contains("/."));
        return names;
    }

    /** Where the bytes of a recording come from. */
    private interface Reader {
        byte[] bytes(String name) throws IOException;
    }

    @Override
    public Dataset read(Path path, DatasetRequest request) {
        try {
            List<String> names = names(path);
            if (Files.isDirectory(path)) {
                return read(path, request, names,
                        name -> OutsideFile.inside(path, path.resolve(name)).bytes(MOST_BYTES));
            }
            try (ZipFile zip = new ZipFile(path.toFile())) {
                return read(path, request, names, name -> unpacked(zip, name));
            }
        } catch (IOException e) {
            throw InputProblem.data(path, "cannot be read: " + e.getMessage());
        }
    }

    private static byte[] unpacked(ZipFile zip, String name) throws IOException {
        try (InputStream in = zip.getInputStream(zip.getEntry(name))) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new IOException("has more than " + MOST_BYTES + " bytes");
            }
            return bytes;
        }
    }

    private static Dataset read(Path path, DatasetRequest request, List<String> names, Reader reader) {
        Shape shape = request.shape().orElse(USUAL);
        if (shape.rank() < 2 || shape.elements() != shape.dimension(0) * shape.dimension(1)
                || shape.dimension(1) > 40) {
            throw InputProblem.misshapen(path, "recordings become [frames, coefficients, 1], at most 40 coefficients;"
                    + " the model takes " + shape, "MLPerf Tiny's keyword spotting has f32[49, 10, 1]");
        }
        TreeMap<String, String> classes = new TreeMap<>();
        for (String name : names) {
            classesOf(name, request.part()).forEach(label -> classes.put(name, label));
        }
        if (classes.isEmpty()) {
            throw InputProblem.data(path, "has no recording of the part that is wanted");
        }
        List<String> labels = List.copyOf(new TreeSet<>(classes.values()));
        float[] features = new float[classes.size() * shape.elements()];
        int[] targets = new int[classes.size()];
        int example = 0;
        FrontEnd frontEnd = null;
        int rate = 0;
        for (var recording : classes.entrySet()) {
            WavFile wav = wav(path, recording.getKey(), reader);
            if (wav.rate() != rate) {
                rate = wav.rate();
                frontEnd = new FrontEnd(rate, shape.dimension(0), shape.dimension(1));
            }
            System.arraycopy(frontEnd.features(wav.samples()), 0, features, example * shape.elements(),
                    shape.elements());
            targets[example++] = labels.indexOf(recording.getValue());
        }
        return new Dataset(path.toString(), shape, new Dataset.Values.Numbers(features),
                new Dataset.Targets.Classes(targets, labels));
    }

    private static WavFile wav(Path path, String name, Reader reader) {
        try {
            WavFile wav = WavFile.read(reader.bytes(name));
            if (wav.rate() < 8000) {
                throw new IOException("has " + wav.rate() + " samples a second; at least 8000 hold 4000 Hz");
            }
            return wav;
        } catch (IOException e) {
            throw InputProblem.data(path, "holds " + name + ", which " + e.getMessage());
        }
    }

    /** The class of a recording, or none if it is of another part. */
    private static Stream<String> classesOf(String name, DatasetRequest.Part part) {
        String[] folders = name.split("/");
        String wanted = part == DatasetRequest.Part.TEST ? "test" : "train";
        boolean parted = folders.length > 1 && (folders[0].equals("train") || folders[0].equals("test"));
        if (parted && !folders[0].equals(wanted)) {
            return Stream.empty();
        }
        Matcher numbered = NUMBERED.matcher(folders[folders.length - 1]);
        if (numbered.matches()) {
            boolean test = Integer.parseInt(numbered.group(2)) <= LAST_TEST_NUMBER;
            return parted || test == (part == DatasetRequest.Part.TEST)
                    ? Stream.of(numbered.group(1))
                    : Stream.empty();
        }
        return folders.length > 1 ? Stream.of(folders[folders.length - 2]) : Stream.empty();
    }
}
