package dev.tern.importers.dataset.format;

import dev.tern.compiler.graph.Shape;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetFormat;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.importers.dataset.InputProblem;
import dev.tern.importers.dataset.picture.FittedPictures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder laid out as MNIST is: {@code train-images-idx3-ubyte} and {@code train-labels-idx1-ubyte}, and
 * {@code t10k-...}, each as it is or with {@code .gz}.
 */
public final class MnistFormat implements DatasetFormat {
    @Override
    public String description() {
        return "a folder in MNIST's layout (t10k-images-idx3-ubyte and so on, with or without .gz)";
    }

    @Override
    public boolean recognises(Path path) {
        return Stream.of(DatasetRequest.Part.values())
                .anyMatch(part -> Files.exists(file(path, part, "images-idx3-ubyte")));
    }

    @Override
    public Dataset read(Path path, DatasetRequest request) {
        IdxFile images = IdxFile.read(path, file(path, request.part(), "images-idx3-ubyte"), 3);
        Path labelFile = file(path, request.part(), "labels-idx1-ubyte");
        IdxFile labels = IdxFile.read(path, labelFile, 1);
        int count = images.dimensions().get(0);
        if (labels.elements().length != count) {
            throw InputProblem.data(labelFile, "has " + labels.elements().length + " labels for " + count
                    + " images");
        }
        int[] classes = new int[count];
        for (int i = 0; i < count; i++) {
            classes[i] = labels.elements()[i] & 0xff;
        }
        return FittedPictures.of(path.toString(), Shape.of(images.dimensions().get(1), images.dimensions().get(2), 1),
                images.elements(), new Dataset.Targets.Classes(classes, List.of()), request);
    }

    private static Path file(Path folder, DatasetRequest.Part part, String name) {
        String prefix = switch (part) {
            case TRAINING -> "train-";
            case TEST -> "t10k-";
        };
        Path plain = folder.resolve(prefix + name);
        return Files.exists(plain) ? plain : folder.resolve(prefix + name + ".gz");
    }
}
