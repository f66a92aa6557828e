package dev.tern.cli.input;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.files.OutsideFile;
import dev.tern.compiler.files.RefusedFileException;
import dev.tern.importers.dataset.InputProblem;
import dev.tern.importers.numpy.NumpyArray;
import dev.tern.runtime.Element;
import dev.tern.runtime.Signature.Port;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Reads one file as one input, by the file's extension. */
final class InputFile {
    private InputFile() {
    }

    /**
     * The array that a session takes for the input.
     *
     * @param resize whether a picture of another size is made to fit
     */
    static Object read(Port port, Path file, boolean resize) {
        try {
            OutsideFile outside = OutsideFile.of(file);
            String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
            return switch (name.substring(name.lastIndexOf('.') + 1)) {
                case "png" -> Pixels.read(port, outside, resize);
                case "csv", "txt", "tsv" -> Numbers.toArray(port, file, NumberText.read(outside, port.elements()));
                case "npy" -> array(port, file);
                case "bin" -> raw(port, outside);
                default -> throw InputProblem.failure(DiagnosticCode.INPUT_UNREADABLE,
                        "the file's extension does not say how to read it", file, -1, "",
                        "files may be .png (a picture), .npy (a NumPy array), .csv (numbers as text) or .bin (raw"
                                + " little-endian " + port.element() + ")");
            };
        } catch (RefusedFileException e) {
            throw InputProblem.unreadable(file, -1, "the file " + e.getMessage());
        } catch (IOException e) {
            throw InputProblem.unreadable(file, -1, "the file cannot be read: " + e.getMessage());
        }
    }

    private static Object array(Port port, Path file) {
        Diagnostics diagnostics = new Diagnostics();
        NumpyArray array = NumpyArray.read(file, file.toString(), diagnostics)
                .orElseThrow(() -> new CompilationFailedException(diagnostics.list()));
        List<Long> expected = port.shape().stream().map(Integer::longValue).toList();
        if (!withoutOnes(array.dimensions()).equals(withoutOnes(expected))) {
            throw InputProblem.misshapen(file, "the array is " + array.descriptor() + array.dimensions()
                    + " where the model takes " + port, null);
        }
        return Numbers.toArray(port, file, array.values());
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
        return Numbers.toArray(port, file.path(), values);
    }
}
