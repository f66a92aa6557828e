package dev.tern.importers.dataset.format;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.files.OutsideFile;
import dev.tern.compiler.files.RefusedFileException;
import dev.tern.importers.dataset.InputProblem;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * A tensor of unsigned bytes in the IDX format of the MNIST database: two zero bytes, a byte 8 for the type, a byte for
 * the rank, the dimensions as big-endian 32-bit integers, the elements in row-major order.
 *
 * @param dimensions outermost first
 * @param elements as stored; above 127 they come as negative bytes
 */
public record IdxFile(List<Integer> dimensions, byte[] elements) {
    private static final int UNSIGNED_BYTES = 8;
    private static final long MAX_ELEMENTS = 1L << 30;
    private static final int PART = 1 << 16;

    public IdxFile {
        dimensions = List.copyOf(dimensions);
    }

    /**
     * Reads a file of a folder, unpacking it if its name ends in {@code .gz}.
     *
     * @param rank the dimensions it must have
     * @throws CompilationFailedException with DATA_UNREADABLE if the file cannot be read, is of another type or rank,
     *     ends too early or goes on after its last element
     */
    public static IdxFile read(Path folder, Path file, int rank) {
        try (InputStream stored = new BufferedInputStream(OutsideFile.inside(folder, file).stream());
                DataInputStream in = new DataInputStream(
                        file.toString().endsWith(".gz") ? new GZIPInputStream(stored) : stored)) {
            return read(in, rank, file);
        } catch (RefusedFileException e) {
            throw unreadable(file, e.getMessage());
        } catch (IOException e) {
            throw unreadable(file, "cannot be read: " + (e.getMessage() == null
                    ? "it ends too early"
                    : e.getMessage()));
        }
    }

    /** So many bytes, or as many as there are, if compressed data breaks off as well. */
    private static byte[] upTo(DataInputStream in, int count) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        byte[] part = new byte[PART];
        try {
            int more = 0;
            while (more >= 0 && read.size() < count) {
                read.write(part, 0, more);
                more = in.read(part, 0, Math.min(PART, count - read.size()));
            }
        } catch (EOFException e) {
            return read.toByteArray();
        }
        return read.toByteArray();
    }

    private static IdxFile read(DataInputStream in, int rank, Path file) throws IOException {
        int magic = in.readInt();
        if (magic != (UNSIGNED_BYTES << 8 | rank)) {
            throw unreadable(file, String.format(
                    "begins with %08x where an IDX file of bytes in %d dimensions has %08x",
                    magic, rank, UNSIGNED_BYTES << 8 | rank));
        }
        Integer[] dimensions = new Integer[rank];
        long count = 1;
        for (int i = 0; i < rank; i++) {
            dimensions[i] = in.readInt();
            if (dimensions[i] < 1 || dimensions[i] > MAX_ELEMENTS / count) {
                throw unreadable(file, "has an impossible dimension " + dimensions[i]);
            }
            count *= dimensions[i];
        }
        // Reading takes twice the memory for a moment.
        long room = Runtime.getRuntime().maxMemory() / 3;
        if (count > room) {
            throw unreadable(file, "has " + count + " elements, too many for this JVM, which may use "
                    + (Runtime.getRuntime().maxMemory() >> 20) + " MiB of memory");
        }
        // Grows with what is there, so that a false header cannot claim memory.
        byte[] elements = upTo(in, (int) count);
        if (elements.length < count) {
            throw unreadable(file, "ends after " + elements.length + " of " + count + " elements, in record "
                    + elements.length / (count / dimensions[0]));
        }
        if (in.read() >= 0) {
            throw unreadable(file, "goes on after its " + count + " elements");
        }
        return new IdxFile(List.of(dimensions), elements);
    }

    static CompilationFailedException unreadable(Path file, String what) {
        return InputProblem.data(file, what);
    }
}
