package dev.tern.compiler.syntax;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.diagnostics.SourceSpan;
import java.util.Optional;

/** Reports characters that no Tern text holds outside strings and comments, a run of them at once. */
final class BadCharacters {
    private final SourceFile source;
    private final SyntaxReport report;
    private int runs;
    private int start = -1;
    private int end = -1;

    BadCharacters(SourceFile source, SyntaxReport report) {
        this.source = source;
        this.report = report;
    }

    /** Takes a character, or the whole text that it quotes. Returns where to read on. */
    int add(int offset) {
        if (offset == end) {
            end++;
        } else {
            finish();
            start = offset;
            end = Math.max(offset + 1, QuotedText.end(source.text(), offset));
        }
        return end;
    }

    /** Whether there are so many that this is no Tern text. */
    boolean tooMany() {
        return runs > Diagnostics.LIMIT;
    }

    /** Reports the run that is being collected, if any. */
    void finish() {
        if (start < 0) {
            return;
        }
        runs++;
        String text = source.text().substring(start, end);
        Diagnostic diagnostic = Diagnostic.error(DiagnosticCode.BAD_CHARACTER, message(text),
                new SourceSpan(source, start, end), "");
        Optional<String> help = help(text);
        report.add(help.isPresent() ? diagnostic.help(help.get()) : diagnostic);
        start = -1;
    }

    private static String message(String text) {
        if (text.codePoints().allMatch(BadCharacters::isVisible)) {
            return "`" + Words.shorten(text) + "` is not Tern";
        }
        int character = text.codePoints().filter(one -> !isVisible(one)).findFirst().orElseThrow();
        return String.format("the character U+%04X is not Tern", character);
    }

    private static boolean isVisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.UNASSIGNED,
                    Character.PRIVATE_USE ->
                false;
            default -> true;
        };
    }

    /** What the writer most likely meant. */
    private static Optional<String> help(String text) {
        if (QuotedText.isQuoted(text)) {
            return Optional.of("a string is written `" + QuotedText.inQuotes(text) + "`");
        }
        return Optional.ofNullable(switch (text) {
            case ";" -> "statements need no separator";
            case "&", "&&" -> "write `and`";
            case "||" -> "write `or`";
            case "|" -> "a step of a pipeline is written `|>`";
            case "!" -> "write `not`";
            case "÷" -> "division is written `/`";
            case "%", "^", "@", "~" -> "the operators on values are `+`, `-`, `*` and `/`";
            case "×", "·" -> "a product is written `*`, a size `3x3`";
            case "−", "–", "—" -> "the minus sign is `-`";
            case "→", "⇒" -> "the arrow is written `->`";
            case "≤" -> "write `<=`";
            case "≥" -> "write `>=`";
            case "≠" -> "write `!=`";
            case "…" -> "a range is written `0..1`";
            case "'", "`", "“", "”", "‘", "’", "„", "«", "»" -> "strings stand in `\"`";
            case "#" -> "a comment starts with `//`";
            case "." -> "a number with a point needs digits on both sides of it: `0.5`, `1.0`; names hold no points";
            case "\u00A0", "\u2003", "\u2009", "\u200B", "\u3000" ->
                "this looks like a space but is another character; type a space";
            default -> letters(text) ? "names are made of the letters a to z and A to Z, digits and `_`" : null;
        });
    }

    private static boolean letters(String text) {
        return text.codePoints().anyMatch(Character::isLetter);
    }
}
