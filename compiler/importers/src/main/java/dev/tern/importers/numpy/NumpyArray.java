package dev.tern.importers.numpy;

import dev.tern.compiler.analysis.parameters.TensorEntry;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.files.OutsideFile;
import dev.tern.importers.FileReport;
import dev.tern.importers.MalformedFileException;
import dev.tern.importers.NumberType;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The content of a .npy file.
 *
 * @param dimensions outermost first; none for a scalar
 * @param descriptor the element type as the file spells it: {@code <f4}
 * @param integer whether the type is one of whole numbers (truth values count as 0 and 1)
 * @param values row-major whatever the file's order is; exact but for 64-bit integers beyond 2^53
 */
public record NumpyArray(List<Long> dimensions, String descriptor, boolean integer, double[] values) {
    /** The most elements that are read: 128 MiB of values. */
    public static final int MAX_ELEMENTS = 1 << 24;

    public NumpyArray {
        dimensions = List.copyOf(dimensions);
    }

    /**
     * Reads the arrays of an .npz archive by their names, in its order; those that hold no numbers are left out.
     *
     * @param shownName the file's name in diagnostics, as the user wrote it
     * @param diagnostics gets INPUT_UNREADABLE for everything wrong with the file
     * @return the arrays, or empty if an error was reported
     */
    public static Optional<Map<String, NumpyArray>> readArchive(Path file, String shownName,
            Diagnostics diagnostics) {
        FileReport report = FileReport.input(shownName, diagnostics);
        Optional<NpzSource> opened = NpzFormat.open(file, report);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        try (NpzSource archive = opened.get()) {
            Map<String, NumpyArray> arrays = new LinkedHashMap<>();
            for (TensorEntry entry : archive.entries()) {
                archive.array(entry).ifPresent(array -> arrays.put(entry.name(), array));
            }
            return Optional.of(arrays);
        } catch (IOException e) {
            report.unreadable(e);
            return Optional.empty();
        }
    }

    /**
     * Reads a model's input: floats of 16 to 64 bits, integers of 8 to 64 bits (unsigned up to 32) and truth values, in
     * C or Fortran order, of either byte order.
     *
     * @param shownName the file's name in diagnostics, as the user wrote it
     * @param diagnostics gets INPUT_UNREADABLE for everything wrong with the file
     * @return the array, or empty if an error was reported
     */
    public static Optional<NumpyArray> read(Path file, String shownName, Diagnostics diagnostics) {
        FileReport report = FileReport.input(shownName, diagnostics);
        try {
            OutsideFile array = OutsideFile.of(file);
            try (InputStream in = new BufferedInputStream(array.stream())) {
                return Optional.of(read(in, array.size(), report));
            }
        } catch (MalformedFileException e) {
            report.malformed(e);
        } catch (IOException e) {
            report.unreadable(e);
        }
        return Optional.empty();
    }

    private static NumpyArray read(InputStream in, long size, FileReport report)
            throws IOException, MalformedFileException {
        NpyHeader header = NpyHeader.read(in, report, "", 0);
        NumberType number = header.number()
                .orElseThrow(() -> new MalformedFileException("elements of type '" + header.descriptor()
                        + "' cannot be read", report.at(0, "header"), "",
                        "save the array with .astype(numpy.float32)"));
        if (header.bytes() != size - header.start()) {
            throw new MalformedFileException("the array does not fit the file", report.at(header.start(), "elements"),
                    header.descriptor() + header.dimensions() + " takes " + header.bytes() + " bytes, "
                            + (size - header.start()) + " follow",
                    "");
        }
        if (header.elements() > MAX_ELEMENTS) {
            throw new MalformedFileException("the array is too large for an input",
                    report.at(header.start(), "elements"),
                    header.elements() + " elements, the most is " + MAX_ELEMENTS, "");
        }
        double[] values = number.doubles(Channels.newChannel(in), header.order(), (int) header.elements());
        return new NumpyArray(header.dimensions(), header.descriptor(), number.integer(),
                header.fortran() ? RowMajor.of(values, header.dimensions()) : values);
    }
}
