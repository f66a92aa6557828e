package dev.tern.cli.input;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.diagnostics.SourceSpan;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Numbers as text: separated by commas, semicolons, blanks or line breaks. A first line without any number in it is a
 * heading and skipped.
 */
final class NumberText {
    private static final long MAX_BYTES = 1L << 26;
    /** The exact value of any double takes fewer; reading millions of digits takes minutes. */
    private static final int MAX_DIGITS = 2000;

    private NumberText() {
    }

    /**
     * The numbers of a file in the order in which they stand there.
     *
     * @param wanted how many there must be
     */
    static double[] read(Path file, int wanted) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw InputProblem.unreadable(file, -1, "the file is too large for a table of numbers");
        }
        SourceFile source;
        try {
            source = new SourceFile(file.toString(), Files.readString(file));
        } catch (MalformedInputException e) {
            throw InputProblem.unreadable(file, -1, "this is not UTF-8 text");
        }
        double[] numbers = new double[Math.min(wanted, source.text().length() / 2 + 1)];
        int count = 0;
        String text = source.text();
        for (int start = headingEnd(source); start < text.length();) {
            if (separates(text.charAt(start))) {
                start++;
                continue;
            }
            int end = start;
            while (end < text.length() && !separates(text.charAt(end))) {
                end++;
            }
            double number = parse(source, start, end);
            if (count < numbers.length) {
                numbers[count] = number;
            }
            count++;
            start = end;
        }
        if (count != wanted) {
            throw InputProblem.misshapen(file, "the file has " + count + " numbers where the model takes " + wanted,
                    "give exactly the numbers of one input, row by row");
        }
        return numbers;
    }

    private static boolean separates(char c) {
        return c == ',' || c == ';' || c <= ' ' || c == '\uFEFF';
    }

    private static int headingEnd(SourceFile source) {
        String first = source.line(1);
        boolean heading = Arrays.stream(first.split("[,;\\s\uFEFF]+")).filter(field -> !field.isEmpty())
                .noneMatch(NumberText::isNumber);
        return heading ? Math.min(source.text().length(), first.length()) : 0;
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
