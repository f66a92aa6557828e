package dev.tern.importers.dataset.format;

import dev.tern.compiler.files.OutsideFile;
import dev.tern.compiler.graph.Shape;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetFormat;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.importers.dataset.InputProblem;
import dev.tern.importers.dataset.picture.FittedPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * CIFAR-10's binary version: records of a label and the red, green and blue planes of a picture of 32x32. One such
 * file, or a folder with {@code data_batch_1.bin} to {@code 5} and {@code test_batch.bin}.
 */
public final class CifarFormat implements DatasetFormat {
    static final Shape PICTURE = Shape.of(32, 32, 3);
    static final List<String> CLASSES = List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog",
            "horse", "ship", "truck");
    private static final int PLANE = 32 * 32;
    private static final int RECORD = 1 + 3 * PLANE;
    private static final int MOST_BYTES = 60_000 * RECORD;

    @Override
    public String description() {
        return "CIFAR-10's binary files (test_batch.bin, or a folder with them)";
    }

    @Override
    public boolean recognises(Path path) {
        String name = String.valueOf(path.getFileName());
        return name.matches("(data_batch_[0-9]+|test_batch)\\.bin") || !files(path, DatasetRequest.Part.TEST).isEmpty()
                || !files(path, DatasetRequest.Part.TRAINING).isEmpty();
    }

    private static List<Path> files(Path folder, DatasetRequest.Part part) {
        return switch (part) {
            case TEST -> Folders.files(folder, "test_batch\\.bin");
            case TRAINING -> Folders.files(folder, "data_batch_[0-9]+\\.bin");
        };
    }

    @Override
    public Dataset read(Path path, DatasetRequest request) {
        List<Path> files = Files.isDirectory(path) ? files(path, request.part()) : List.of(path);
        if (files.isEmpty()) {
            throw InputProblem.data(path, "has no files of the part that is wanted");
        }
        List<byte[]> parts = new ArrayList<>();
        int count = 0;
        for (Path file : files) {
            byte[] bytes = bytes(path, file);
            if (bytes.length % RECORD != 0) {
                throw InputProblem.data(file, "ends inside record " + (bytes.length / RECORD) + ": it has "
                        + bytes.length + " bytes, a record has " + RECORD);
            }
            count += bytes.length / RECORD;
            parts.add(bytes);
        }
        byte[] pixels = new byte[count * 3 * PLANE];
        int[] labels = new int[count];
        int example = 0;
        for (int part = 0; part < parts.size(); part++) {
            byte[] bytes = parts.get(part);
            for (int at = 0; at < bytes.length; at += RECORD, example++) {
                labels[example] = bytes[at] & 0xff;
                if (labels[example] >= CLASSES.size()) {
                    throw InputProblem.data(files.get(part), "has label " + labels[example] + " in record "
                            + at / RECORD + "; they are 0..9");
                }
                for (int i = 0; i < 3 * PLANE; i++) {
                    pixels[example * 3 * PLANE + i] = bytes[at + 1 + i % 3 * PLANE + i / 3];
                }
            }
        }
        return FittedPictures.of(path.toString(), PICTURE, pixels, new Dataset.Targets.Classes(labels, CLASSES),
                request);
    }

    private static byte[] bytes(Path path, Path file) {
        try {
            OutsideFile outside = path.equals(file) ? OutsideFile.of(file) : OutsideFile.inside(path, file);
            return outside.bytes(MOST_BYTES);
        } catch (IOException e) {
            throw InputProblem.data(file, e.getMessage());
        }
    }
}
