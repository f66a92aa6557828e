package dev.tern.importers.numpy;

import dev.tern.importers.FileReport;
import dev.tern.importers.MalformedFileException;
import dev.tern.importers.NumberType;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the Python dictionary in a .npy header: {@code {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }}.
 * The three keys each once, in any order, and nothing else, as NumPy itself requires.
 */
final class NpyDictionary {
    /** NumPy's own limit. */
    private static final int MAX_RANK = 64;

    private final String text;
    private final FileReport report;
    private final String part;
    private final long offset;
    private int position;

    private String descriptor;
    private Boolean fortran;
    private List<Long> dimensions;

    /** @param offset where the text begins in the file, or -1 */
    NpyDictionary(String text, FileReport report, String part, long offset) {
        this.text = text;
        this.report = report;
        this.part = part;
        this.offset = offset;
    }

    /** @param start offset of the first element from the start of the .npy file */
    NpyHeader header(long start) throws MalformedFileException {
        expect('{');
        Set<String> keys = new HashSet<>();
        while (!accept('}')) {
            String key = string();
            expect(':');
            if (!keys.add(key)) {
                throw wrong("'" + key + "' stands twice");
            }
            switch (key) {
                case "descr" -> descriptor = string();
                case "fortran_order" -> fortran = truth();
                case "shape" -> dimensions = tuple();
                default -> throw wrong("unknown key '" + FileReport.firstLine(key) + "'");
            }
            if (!accept(',')) {
                expect('}');
                break;
            }
        }
        skipSpace();
        if (position < text.length()) {
            throw wrong("something follows the dictionary");
        }
        if (descriptor == null || fortran == null || dimensions == null) {
            throw wrong("'" + (descriptor == null ? "descr" : fortran == null ? "fortran_order" : "shape")
                    + "' is missing");
        }
        return build(start);
    }

    private NpyHeader build(long start) throws MalformedFileException {
        long elements = 1;
        try {
            for (long dimension : dimensions) {
                elements = Math.multiplyExact(elements, dimension);
            }
            // No element is wider: bytes cannot overflow either.
            Math.multiplyExact(elements, 16L);
        } catch (ArithmeticException e) {
            throw wrong("the product of the shape " + dimensions + " overflows");
        }
        char first = descriptor.isEmpty() ? ' ' : descriptor.charAt(0);
        boolean marked = "<>|=".indexOf(first) >= 0;
        // '=' and '|' (and none) leave the order open; every machine that writes them today is little-endian.
        ByteOrder order = first == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return new NpyHeader(FileReport.firstLine(descriptor), number(marked ? descriptor.substring(1) : descriptor),
                order,
                fortran, dimensions, elements, start);
    }

    private static Optional<NumberType> number(String kind) {
        return Optional.ofNullable(switch (kind) {
            case "f8" -> NumberType.F64;
            case "f4" -> NumberType.F32;
            case "f2" -> NumberType.F16;
            case "i8" -> NumberType.I64;
            case "i4" -> NumberType.I32;
            case "i2" -> NumberType.I16;
            case "i1" -> NumberType.I8;
            case "u4" -> NumberType.U32;
            case "u2" -> NumberType.U16;
            case "u1", "b1" -> NumberType.U8;
            default -> null;
        });
    }

    private String string() throws MalformedFileException {
        skipSpace();
        char quote = position < text.length() ? text.charAt(position) : ' ';
        if (quote == '[') {
            throw wrong("arrays of records are not read");
        }
        if (quote != '\'' && quote != '"') {
            throw wrong("a text in quotes is missing here");
        }
        int end = text.indexOf(quote, position + 1);
        if (end < 0) {
            throw wrong("a quote is not closed");
        }
        String value = text.substring(position + 1, end);
        if (value.indexOf('\\') >= 0) {
            throw wrong("escapes are not read");
        }
        position = end + 1;
        return value;
    }

    private boolean truth() throws MalformedFileException {
        skipSpace();
        for (boolean value : new boolean[]{true, false}) {
            String word = value ? "True" : "False";
            if (text.startsWith(word, position)) {
                position += word.length();
                return value;
            }
        }
        throw wrong("'fortran_order' must be True or False");
    }

    private List<Long> tuple() throws MalformedFileException {
        expect('(');
        List<Long> numbers = new ArrayList<>();
        while (!accept(')')) {
            if (numbers.size() == MAX_RANK) {
                throw wrong("more than " + MAX_RANK + " dimensions");
            }
            numbers.add(number());
            if (!accept(',')) {
                expect(')');
                break;
            }
        }
        return numbers;
    }

    private long number() throws MalformedFileException {
        skipSpace();
        int start = position;
        while (position < text.length() && text.charAt(position) >= '0' && text.charAt(position) <= '9') {
            position++;
        }
        if (position == start) {
            throw wrong("a whole number is missing here");
        }
        try {
            long value = Long.parseLong(text, start, position, 10);
            // Python 2 marked long integers.
            accept('L');
            return value;
        } catch (NumberFormatException e) {
            throw wrong("a dimension is out of range");
        }
    }

    private void expect(char c) throws MalformedFileException {
        if (!accept(c)) {
            throw wrong("'" + c + "' is missing here");
        }
    }

    private boolean accept(char c) {
        skipSpace();
        if (position < text.length() && text.charAt(position) == c) {
            position++;
            return true;
        }
        return false;
    }

    private void skipSpace() {
        while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
    }

    private MalformedFileException wrong(String message) {
        return new MalformedFileException("the .npy header is malformed: " + message,
                report.at(offset < 0 ? -1 : offset + position, part), "", "");
    }
}
