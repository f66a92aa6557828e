package dev.tern.compiler.syntax;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.SourceSpan;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.Token;

/** Values of number and string tokens; reports what does not fit and gives a stand-in for it. */
final class LiteralReader {
    private final TokenScan scan;
    private final SyntaxReport report;

    LiteralReader(TokenScan scan, SyntaxReport report) {
        this.scan = scan;
        this.report = report;
    }

    long integer(Token token) {
        return whole(token.getText(), scan.span(token));
    }

    Expression decimal(Token token) {
        double value = Double.parseDouble(token.getText());
        if (Double.isInfinite(value)) {
            outOfRange(scan.span(token), "numbers with a point or an exponent go up to 1.7e308");
        }
        return new Expression.DecimalLiteral(token.getText(), value, scan.span(token));
    }

    Expression size(Token token) {
        List<Long> extents = new ArrayList<>();
        for (String extent : token.getText().split("x")) {
            extents.add(whole(extent, scan.span(token)));
        }
        return new Expression.Size(extents, scan.span(token));
    }

    Expression bytes(Token token, String unit, SourceSpan span) {
        long count = integer(token);
        try {
            return new Expression.Bytes(Math.multiplyExact(count, bytesIn(unit)), unit, span);
        } catch (ArithmeticException overflow) {
            outOfRange(span, "a number of bytes goes up to " + Long.MAX_VALUE);
            return new Expression.Bytes(0, unit, span);
        }
    }

    /** The bytes in one of a unit that the lexer knows. */
    static long bytesIn(String unit) {
        return switch (unit) {
            case "B" -> 1;
            case "kB" -> 1_000;
            case "KiB" -> 1L << 10;
            case "MB" -> 1_000_000;
            case "MiB" -> 1L << 20;
            default -> throw new IllegalArgumentException("unknown unit " + unit);
        };
    }

    /** A string without its quotes, with its escapes resolved. */
    Expression.Text text(Token token) {
        String quoted = token.getText();
        if (quoted.indexOf('\\') < 0) {
            return new Expression.Text(quoted.substring(1, quoted.length() - 1), scan.span(token));
        }
        StringBuilder value = new StringBuilder();
        int i = 1;
        while (i < quoted.length() - 1) {
            if (quoted.charAt(i) == '\\') {
                i += escape(quoted, i, token, value);
            } else {
                value.append(quoted.charAt(i++));
            }
        }
        return new Expression.Text(value.toString(), scan.span(token));
    }

    /** A string as it is written: {@link #text} reads the same back. */
    static String quote(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        value.codePoints().forEach(character -> {
            switch (character) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                case '\r' -> quoted.append("\\r");
                default -> {
                    boolean hidden = switch (Character.getType(character)) {
                        case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR,
                                Character.PARAGRAPH_SEPARATOR ->
                            true;
                        default -> false;
                    };
                    quoted.append(
                            hidden ? String.format("\\u{%X}", character) : Character.toString(character));
                }
            }
        });
        return quoted.append('"').toString();
    }

    /** Appends what the escape at the index stands for. Returns its length. */
    private int escape(String quoted, int at, Token token, StringBuilder value) {
        switch (quoted.charAt(at + 1)) {
            case '"' -> value.append('"');
            case '\\' -> value.append('\\');
            case 'n' -> value.append('\n');
            case 't' -> value.append('\t');
            case 'r' -> value.append('\r');
            case 'u' -> {
                return unicode(quoted, at, token, value);
            }
            default -> badEscape(token, at, 2);
        }
        return 2;
    }

    private int unicode(String quoted, int at, Token token, StringBuilder value) {
        int close = quoted.indexOf('}', at);
        boolean closed = quoted.startsWith("{", at + 2) && close >= 0 && close <= at + 9;
        String digits = closed ? quoted.substring(at + 3, close) : "";
        if (!digits.matches("[0-9a-fA-F]{1,6}") || !Character.isValidCodePoint(Integer.parseInt(digits, 16))
                || isSurrogate(Integer.parseInt(digits, 16))) {
            int length = closed ? close + 1 - at : 2;
            badEscape(token, at, length);
            return length;
        }
        value.appendCodePoint(Integer.parseInt(digits, 16));
        return close + 1 - at;
    }

    private static boolean isSurrogate(int character) {
        return character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
    }

    private void badEscape(Token token, int at, int length) {
        int start = token.getStartIndex() + at;
        SourceSpan span = new SourceSpan(scan.source(), start, start + length);
        report.add(Diagnostic.error(DiagnosticCode.BAD_ESCAPE, "unknown escape `" + span.text() + "`", span, "")
                .help("escapes are `\\\"`, `\\\\`, `\\n`, `\\t`, `\\r` and `\\u{1F600}`; "
                        + "a backslash itself is written `\\\\`"));
    }

    private long whole(String digits, SourceSpan span) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException tooLong) {
            outOfRange(span, "whole numbers go up to " + Long.MAX_VALUE);
            return 0;
        }
    }

    private void outOfRange(SourceSpan span, String limit) {
        report.add(
                Diagnostic.error(DiagnosticCode.NUMBER_OUT_OF_RANGE, "a number is too large", span, limit));
    }
}
