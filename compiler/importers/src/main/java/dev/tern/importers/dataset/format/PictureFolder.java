package dev.tern.importers.dataset.format;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.diagnostics.Label;
import dev.tern.compiler.files.OutsideFile;
import dev.tern.compiler.graph.Shape;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetFormat;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.importers.dataset.InputProblem;
import dev.tern.importers.dataset.picture.Image;
import dev.tern.importers.dataset.picture.PictureFile;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A folder of pictures (.png, .jpg), or of folders of pictures, each a class that has its name; classes are numbered in
 * the order of their names, as torchvision's {@code ImageFolder} numbers them; digits from 0 on are numbers
 * themselves. Where there are folders {@code train}
 * and {@code test} the part that is wanted is read. A .zip may hold the same.
 */
public final class PictureFolder implements DatasetFormat {
    private static final String PICTURE = "(?i)[^.].*\\.(png|jpe?g)";
    private static final String ANY = "[^.].*";
    private static final long MOST_ELEMENTS = 1L << 30;

    @Override
    public String description() {
        return "a folder or .zip of pictures (.png, .jpg), or of folders of pictures, one for each class";
    }

    @Override
    public boolean recognises(Path path) {
        try {
            return inside(path, root -> {
                Path folder = part(root, DatasetRequest.Part.TEST);
                return !Folders.files(folder, PICTURE).isEmpty() || !classes(folder).isEmpty();
            });
        } catch (IOException e) {
            return false;
        }
    }

    /** What is to be found in a folder, or in the one that an archive holds. */
    private static <T> T inside(Path path, Function<Path, T> reader) throws IOException {
        if (!path.toString().endsWith(".zip") || !Files.isRegularFile(path)) {
            return reader.apply(path);
        }
        try (FileSystem zip = FileSystems.newFileSystem(path)) {
            return reader.apply(zip.getPath("/"));
        } catch (CompilationFailedException e) {
            throw new CompilationFailedException(e.diagnostics().stream().map(found -> inside(path, found)).toList());
        }
    }

    /** The same said of {@code pictures.zip/train/cat/1.jpg} rather than of {@code /train/cat/1.jpg}. */
    private static Diagnostic inside(Path zip, Diagnostic found) {
        return found.primary().position() instanceof FilePosition(String file, long offset, String part)
                && file.startsWith("/")
                        ? new Diagnostic(found.code(), found.severity(), found.message(),
                                new Label(new FilePosition(zip + file, offset, part), found.primary().text()),
                                found.secondary(), found.help())
                        : found;
    }

    private static List<Path> classes(Path folder) {
        return Folders.files(folder, ANY).stream()
                .filter(entry -> Files.isDirectory(entry) && !Folders.files(entry, PICTURE).isEmpty()).sorted()
                .toList();
    }

    private static Path part(Path folder, DatasetRequest.Part wanted) {
        List<String> names = switch (wanted) {
            case TRAINING -> List.of("train", "training");
            case TEST -> List.of("test", "val", "validation", "train");
        };
        return names.stream().map(folder::resolve).filter(Files::isDirectory).findFirst().orElse(folder);
    }

    @Override
    public Dataset read(Path path, DatasetRequest request) {
        try {
            return inside(path, root -> read(path, part(root, request.part()), request));
        } catch (IOException e) {
            throw InputProblem.data(path, "cannot be read: " + e.getMessage());
        }
    }

    private static Dataset read(Path path, Path folder, DatasetRequest request) {
        List<Path> classes = classes(folder);
        List<Path> files = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        List<String> names = names(classes);
        for (Path one : classes) {
            for (Path file : Folders.files(one, PICTURE)) {
                files.add(file);
                labels.add(names.indexOf(name(one)));
            }
        }
        if (classes.isEmpty()) {
            files.addAll(Folders.files(folder, PICTURE));
        }
        if (files.isEmpty()) {
            throw InputProblem.data(folder, "has no pictures");
        }
        Dataset.Targets targets = classes.isEmpty()
                ? new Dataset.Targets.None()
                : new Dataset.Targets.Classes(labels.stream().mapToInt(Integer::intValue).toArray(),
                        names);
        return pictures(path, folder, files, targets, request);
    }

    /** An entry of an archive ends in a slash. */
    private static String name(Path folder) {
        return folder.getFileName().toString().replace("/", "");
    }

    /** The names of all classes. Digits from 0 on are classes themselves, so that one without pictures leaves a gap. */
    private static List<String> names(List<Path> folders) {
        List<String> names = folders.stream().map(PictureFolder::name).toList();
        boolean digits = names.contains("0") && names.stream().allMatch(name -> name.matches("[0-9]"));
        return digits
                ? IntStream.rangeClosed(0, Integer.parseInt(names.getLast())).mapToObj(Integer::toString).toList()
                : names;
    }

    private static Dataset pictures(Path path, Path folder, List<Path> files, Dataset.Targets targets,
            DatasetRequest request) {
        Shape shape = null;
        byte[] pixels = new byte[0];
        for (int i = 0; i < files.size(); i++) {
            Path file = files.get(i);
            Image image = fitted(folder, file, shape == null ? request.shape() : Optional.of(shape),
                    request.resize());
            Shape found = Shape.of(image.height(), image.width(), image.channels());
            if (shape == null) {
                if ((long) found.elements() * files.size() > MOST_ELEMENTS) {
                    throw InputProblem.data(path, "has " + files.size() + " pictures of " + found
                            + ", too many to hold in memory");
                }
                shape = found;
                pixels = new byte[found.elements() * files.size()];
            } else if (!found.equals(shape)) {
                throw InputProblem.misshapen(file, "the picture is " + found + " where those before it are " + shape,
                        "--resize makes pictures fit");
            }
            for (int k = 0; k < found.elements(); k++) {
                char sample = image.samples()[k];
                pixels[i * found.elements() + k] = (byte) (image.highest() == 255 ? sample : sample >> 8);
            }
        }
        return new Dataset(path.toString(), shape, new Dataset.Values.Pixels(pixels), targets);
    }

    /** The picture with the channels of the shape that is wanted, and its size if it is to be made to fit. */
    private static Image fitted(Path folder, Path file, Optional<Shape> wanted, boolean resize) {
        Image image;
        try {
            image = PictureFile.read(OutsideFile.inside(folder, file));
        } catch (IOException e) {
            throw InputProblem.data(file, e.getMessage());
        }
        if (wanted.isEmpty()) {
            return image;
        }
        Shape shape = wanted.get();
        boolean colours = shape.rank() == 3 && shape.channels() == 3;
        Image converted = image.withChannels(colours ? 3 : 1);
        return resize && shape.rank() >= 2
                ? converted.resized(shape.dimension(1), shape.dimension(0))
                : converted;
    }
}
