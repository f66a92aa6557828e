package dev.tern.cli.input;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.files.OutsideFile;
import dev.tern.compiler.files.RefusedFileException;
import dev.tern.compiler.graph.Shape;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.importers.dataset.Datasets;
import dev.tern.importers.dataset.InputProblem;
import dev.tern.importers.numpy.NumpyArray;
import dev.tern.runtime.Element;
import dev.tern.runtime.Signature.Port;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Reads one file as one input, by the file's extension. */
final class InputFile {
    private InputFile() {
    }

    /**
     * The arrays that a session takes for the input, one for each example: arrays and tables may hold several, and a
     * folder of pictures does.
     *
     * @param resize whether a picture of another size is made to fit
     */
    static List<Object> read(Port port, Path file, boolean resize) {
        if (Files.isDirectory(file)) {
            return examples(port, Datasets.read(file, DatasetRequest.of(DatasetRequest.Part.TEST)
                    .fitting(Shape.of(port.shape())).resizing(resize)), file);
        }
        try {
            OutsideFile outside = OutsideFile.of(file);
            String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
            return switch (name.substring(name.lastIndexOf('.') + 1)) {
                case "png", "jpg", "jpeg" -> List.of(Pixels.read(port, outside, resize));
                case "csv", "txt", "tsv" -> NumberText.labelled(outside, port.elements())
                        ? examples(port, Datasets.read(file, DatasetRequest.of(DatasetRequest.Part.TEST)
                                .fitting(Shape.of(port.shape()))), file)
                        : apart(port, file, NumberText.read(outside, port.elements()));
                case "npy" -> array(port, file);
                case "bin" -> List.of(raw(port, outside));
                default -> throw InputProblem.failure(DiagnosticCode.INPUT_UNREADABLE,
                        "the file's extension does not say how to read it", file, -1, "",
                        "files may be .png or .jpg (a picture), .npy, .npz (NumPy arrays), .csv (numbers as text) or"
                                + " .bin (raw little-endian " + port.element() + "), or a folder of pictures");
            };
        } catch (RefusedFileException e) {
            throw InputProblem.unreadable(file, -1, "the file " + e.getMessage());
        } catch (IOException e) {
            throw InputProblem.unreadable(file, -1, "the file cannot be read: " + e.getMessage());
        }
    }

    private static List<Object> array(Port port, Path file) {
        Diagnostics diagnostics = new Diagnostics();
        return array(port, file, NumpyArray.read(file, file.toString(), diagnostics)
                .orElseThrow(() -> new CompilationFailedException(diagnostics.list())));
    }

    /** The examples of an array, counted by its first axis where it has one more than the input. */
    static List<Object> array(Port port, Path file, NumpyArray array) {
        List<Long> expected = withoutOnes(port.shape().stream().map(Integer::longValue).toList());
        List<Long> dimensions = array.dimensions();
        boolean several = !dimensions.isEmpty()
                && withoutOnes(dimensions.subList(1, dimensions.size())).equals(expected);
        if (array.values().length == 0 || !several && !withoutOnes(dimensions).equals(expected)) {
            throw InputProblem.misshapen(file, "the array is " + array.descriptor() + dimensions
                    + " where the model takes " + port, "several examples are an array [n, ...]");
        }
        return apart(port, file, array.values());
    }

    /** Numbers of one example after the other. */
    private static List<Object> apart(Port port, Path file, double[] values) {
        int size = port.elements();
        int count = values.length / size;
        return IntStream.range(0, count)
                .mapToObj(i -> Numbers.toArray(port, file, Arrays.copyOfRange(values, i * size, (i + 1) * size),
                        count == 1 ? -1 : i))
                .toList();
    }

    private static List<Object> examples(Port port, Dataset dataset, Path folder) {
        int size = dataset.shape().elements();
        if (size != port.elements()) {
            throw InputProblem.misshapen(folder, "the pictures are " + dataset.shape() + " where the model takes "
                    + port, "--resize makes them fit");
        }
        double[] values = new double[dataset.values().size()];
        float divisor = port.element() == Element.F32 ? dataset.divisor() : 1;
        for (int i = 0; i < values.length; i++) {
            values[i] = dataset.stored(i) / divisor;
        }
        return apart(port, folder, values);
    }

    /** A batch dimension of 1 and the like do not change what an array means. */
    private static List<Long> withoutOnes(List<Long> dimensions) {
        return dimensions.stream().filter(dimension -> dimension != 1).toList();
    }

    private static Object raw(Port port, OutsideFile file) throws IOException {
        int width = port.element() == Element.F32 || port.element() == Element.STEP ? 4 : 1;
        long wanted = (long) width * port.elements();
        if (file.size() != wanted) {
            throw InputProblem.misshapen(file.path(),
                    "the file has " + file.size() + " bytes where the model takes " + wanted + " (" + port + ")",
                    "a .bin file is raw little-endian " + port.element() + " without a header");
        }
        ByteBuffer bytes = ByteBuffer.wrap(file.bytes((int) wanted)).order(ByteOrder.LITTLE_ENDIAN);
        double[] values = new double[port.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (port.element()) {
                case F32 -> bytes.getFloat();
                case U8 -> bytes.get() & 0xff;
                case I8 -> bytes.get();
                case STEP, I32 -> bytes.getInt();
            };
        }
        return Numbers.toArray(port, file.path(), values, -1);
    }
}
