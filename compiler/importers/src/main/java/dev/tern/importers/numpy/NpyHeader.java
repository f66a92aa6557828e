package dev.tern.importers.numpy;

import dev.tern.compiler.analysis.parameters.DataType;
import dev.tern.importers.FileReport;
import dev.tern.importers.MalformedFileException;
import dev.tern.importers.NumberType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a .npy file says of its array (NumPy Enhancement Proposal 1, format versions 1 to 3).
 *
 * @param descriptor the element type as the file spells it: {@code <f4}
 * @param number how to read elements; empty for types that are listed, never read
 * @param order of the bytes of an element
 * @param fortran whether the first index varies fastest
 * @param dimensions outermost first; none for a scalar
 * @param elements their product
 * @param start offset of the first element from the start of the .npy file
 */
record NpyHeader(String descriptor, Optional<NumberType> number, ByteOrder order, boolean fortran,
        List<Long> dimensions,
        long elements, long start) {
    /** NumPy's own limit, {@code max_header_size}. */
    private static final int MAX_HEADER = 10_000;
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    private static final Map<Character, String> KINDS = Map.of('f', "float", 'i', "int", 'u', "uint", 'c', "complex");

    /** The element type in NumPy's own words, {@code int64}, where it is of numbers; else as the file spells it. */
    String typeName() {
        String letters = descriptor.replaceFirst("^[<>|=]", "");
        if (letters.equals("b1")) {
            return "bool";
        }
        String kind = letters.isEmpty() ? null : KINDS.get(letters.charAt(0));
        return kind != null && letters.substring(1).matches("[0-9]{1,2}")
                ? kind + 8 * Integer.parseInt(letters.substring(1))
                : descriptor;
    }

    DataType dataType() {
        return number.map(NumberType::dataType).orElse(DataType.OTHER);
    }

    /** Bytes of all elements, of a type that can be read. */
    long bytes() {
        return elements * number.orElseThrow().bytes();
    }

    /**
     * Reads a header and leaves the stream at the first element.
     *
     * @param part what the file is part of, for diagnostics ({@code tensor stem.conv.weight}), or empty
     * @param offset where the .npy file begins in the file that the report names, or -1 where that has no meaning
     */
    static NpyHeader read(InputStream in, FileReport report, String part, long offset)
            throws IOException, MalformedFileException {
        byte[] prefix = in.readNBytes(MAGIC.length + 2);
        if (prefix.length < MAGIC.length + 2 || !Arrays.equals(prefix, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new MalformedFileException("this is no .npy file", report.at(offset, part),
                    "it does not begin with \\x93NUMPY and a version", "");
        }
        int version = prefix[MAGIC.length];
        if (version < 1 || version > 3) {
            throw new MalformedFileException(".npy format version " + (version & 0xff) + " is not known",
                    report.at(plus(offset, MAGIC.length), part), "", "versions 1, 2 and 3 are read");
        }
        int width = version == 1 ? Short.BYTES : Integer.BYTES;
        byte[] lengthBytes = in.readNBytes(width);
        long lengthAt = plus(offset, MAGIC.length + 2);
        if (lengthBytes.length < width) {
            throw new MalformedFileException("the file ends inside the header", report.at(lengthAt, part), "", "");
        }
        ByteBuffer buffer = ByteBuffer.wrap(lengthBytes).order(ByteOrder.LITTLE_ENDIAN);
        long length = version == 1 ? Short.toUnsignedInt(buffer.getShort()) : Integer.toUnsignedLong(buffer.getInt());
        if (length > MAX_HEADER) {
            throw new MalformedFileException("the header is too long", report.at(lengthAt, part),
                    "it says " + length + " bytes, NumPy's own limit is " + MAX_HEADER, "");
        }
        byte[] text = in.readNBytes((int) length);
        int textAt = MAGIC.length + 2 + width;
        if (text.length < length) {
            throw new MalformedFileException("the file ends inside the header", report.at(lengthAt, part),
                    "it says " + length + " bytes, " + text.length + " follow", "");
        }
        String dictionary = new String(text, version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        return new NpyDictionary(dictionary, report, part, plus(offset, textAt)).header(textAt + length);
    }

    private static long plus(long offset, long distance) {
        return offset < 0 ? -1 : offset + distance;
    }
}
