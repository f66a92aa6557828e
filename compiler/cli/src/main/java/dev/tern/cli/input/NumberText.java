package dev.tern.cli.input;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.files.OutsideFile;
import dev.tern.importers.dataset.InputProblem;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Numbers as text: separated by commas, semicolons, blanks or line breaks. A first line without any number in it is a
 * heading and skipped.
 */
final class NumberText {
    private static final int MAX_BYTES = 1 << 26;
    /** The exact value of any double takes fewer; reading millions of digits takes minutes. */
    private static final int MAX_DIGITS = 2000;
    /** Headings of a column that holds the class. */
    private static final Set<String> LABELS = Set.of("label", "class", "target", "species");

    private NumberText() {
    }

    /**
     * The numbers of a file in the order in which they stand there.
     *
     * @param wanted how many one example has; there may be several
     */
    static double[] read(OutsideFile file, int wanted) throws IOException {
        SourceFile source;
        try {
            source = new SourceFile(file.path().toString(), file.text(MAX_BYTES));
        } catch (MalformedInputException e) {
            throw InputProblem.unreadable(file.path(), -1, "this is not UTF-8 text");
        }
        String text = source.text();
        int from = headingEnd(text);
        // Counted before any is kept: what does not fit may be longer than memory is.
        int count = count(source, from, wanted);
        if (count == 0 || count % wanted != 0) {
            throw InputProblem.misshapen(file.path(), "the file has " + count + " numbers where the model takes "
                    + wanted,
                    "give exactly the numbers of one input, row by row, or of several, one after the other");
        }
        double[] numbers = new double[count];
        int start = from;
        for (int i = 0; i < count; i++) {
            while (separates(text.charAt(start))) {
                start++;
            }
            int end = fieldEnd(text, start);
            numbers[i] = parse(source, start, end);
            start = end;
        }
        return numbers;
    }

    /**
     * Whether lines have one cell more than an example has numbers, which a heading calls a label, or which is a text:
     * a number too many is a mistake.
     */
    static boolean labelled(OutsideFile file, int wanted) throws IOException {
        String text;
        try {
            text = file.text(MAX_BYTES);
        } catch (MalformedInputException e) {
            return false;
        }
        int heading = headingEnd(text);
        List<String> cells = cells(text.substring(heading).stripLeading().lines().findFirst().orElse(""));
        boolean named = cells(text.substring(0, heading)).stream().anyMatch(name -> LABELS.contains(name.toLowerCase(
                Locale.ROOT)));
        return cells.size() == wanted + 1 && (named || !cells.stream().allMatch(NumberText::isNumber));
    }

    private static List<String> cells(String line) {
        return Arrays.stream(line.split("[,;\\s\uFEFF]+")).filter(cell -> !cell.isEmpty()).toList();
    }

    /**
     * How many numbers there are, each of which is one. A line holds whole examples, or a part of one: where the end of
     * one and the beginning of the next share a line, lines have another length than was meant.
     */
    private static int count(SourceFile source, int from, int wanted) {
        String text = source.text();
        int count = 0;
        int line = 0;
        int lineStart = from;
        for (int start = from; start < text.length();) {
            if (text.charAt(start) == '\n') {
                lineStart = start + 1;
                line = count;
            }
            if (separates(text.charAt(start))) {
                start++;
                continue;
            }
            int end = fieldEnd(text, start);
            parse(source, start, end);
            if (line % wanted != 0 && count / wanted != line / wanted) {
                throw at(source, lineStart, end, DiagnosticCode.INPUT_MISSHAPEN,
                        "this line ends one example and begins another; an example has " + wanted
                                + (wanted == 1 ? " number" : " numbers"));
            }
            count++;
            start = end;
        }
        return count;
    }

    private static int fieldEnd(String text, int start) {
        int end = start;
        while (end < text.length() && !separates(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean separates(char c) {
        return c == ',' || c == ';' || c <= ' ' || c == '\uFEFF';
    }

    private static int headingEnd(String text) {
        int end = text.indexOf('\n');
        String first = end < 0 ? text : text.substring(0, end);
        boolean heading = cells(first).stream().noneMatch(NumberText::isNumber);
        return heading ? first.length() : 0;
    }

    private static boolean isNumber(String field) {
        if (field.length() > MAX_DIGITS) {
            // No heading either: it is refused where it is read.
            return true;
        }
        try {
            Double.parseDouble(field);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static double parse(SourceFile source, int start, int end) {
        if (end - start > MAX_DIGITS) {
            throw at(source, start, end, DiagnosticCode.INPUT_UNREADABLE,
                    "a number of " + (end - start) + " characters is not read");
        }
        String field = source.text().substring(start, end);
        double number;
        try {
            number = Double.parseDouble(field);
        } catch (NumberFormatException e) {
            throw at(source, start, end, DiagnosticCode.INPUT_UNREADABLE, "this is not a number");
        }
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            throw at(source, start, end, DiagnosticCode.INPUT_NOT_FINITE, "an input must be finite");
        }
        return number;
    }

    private static CompilationFailedException at(SourceFile source, int start, int end, DiagnosticCode code,
            String message) {
        return new CompilationFailedException(
                Diagnostic.error(code, message, new SourceSpan(source, start, end), ""));
    }
}
