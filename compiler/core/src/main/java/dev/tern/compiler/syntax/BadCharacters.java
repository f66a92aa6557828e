package dev.tern.compiler.syntax;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.diagnostics.SourceSpan;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reports characters that no Tern text holds outside strings and comments, a run of them at once. */
final class BadCharacters {
    /** Where other languages have what are ops here. */
    private static final Set<String> MODULES = Set.of("nn", "F", "torch", "functional", "tf", "keras", "layers", "np",
            "jax", "jnp", "lax", "self", "qnn", "lq", "ops");
    private static final int LONGEST_WORD = 64;
    private static final Pattern LAST_WORD = Pattern.compile("[A-Za-z_]\\w*$");
    private static final Pattern FIRST_WORD = Pattern.compile("([A-Za-z_]\\w*)(\\(?)");

    private final SourceFile source;
    private final SyntaxReport report;
    private int runs;
    private int start = -1;
    private int end = -1;
    private boolean string;

    BadCharacters(SourceFile source, SyntaxReport report) {
        this.source = source;
        this.report = report;
    }

    /** Takes a character, or the whole text that it quotes. Returns where to read on. */
    int add(int offset) {
        string = false;
        if (offset == end) {
            end++;
        } else {
            finish();
            start = offset;
            int quoted = QuotedText.end(source.text(), offset);
            string = quoted > offset;
            end = source.text().charAt(offset) == '#'
                    ? lineEnd(offset)
                    : Math.max(offset + 1, quoted);
        }
        return end;
    }

    /** Of a comment as other languages have them nothing is read. */
    private int lineEnd(int offset) {
        int lineEnd = source.text().indexOf('\n', offset);
        return lineEnd < 0 ? source.text().length() : lineEnd;
    }

    /** Whether what was taken last is a text in other quotes, which is as good as a string. */
    boolean isString() {
        return string;
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
        boolean comment = source.text().charAt(start) == '#';
        String text = source.text().substring(start, comment ? start + 1 : end);
        Diagnostic diagnostic = Diagnostic.error(DiagnosticCode.BAD_CHARACTER, message(text),
                new SourceSpan(source, start, start + text.length()), "");
        Optional<String> help = text.equals(".") ? Optional.of(point()) : help(text);
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

    /** What a point is meant for in other languages: a module's op, a value's method, a number without digits. */
    private String point() {
        String before = source.text().substring(0, start);
        Matcher object = LAST_WORD.matcher(before.substring(Math.max(0, before.length() - LONGEST_WORD)));
        Matcher member = FIRST_WORD.matcher(source.text()).region(end, source.text().length());
        if (!member.lookingAt() || !object.find() && !before.endsWith(")")) {
            return "a number with a point needs digits on both sides of it: `0.5`, `1.0`; names hold no points";
        }
        String word = Words.shorten(member.group(1));
        if (!before.endsWith(")") && MODULES.contains(object.group())) {
            return "no module stands before the name of an op: `" + word + "`";
        }
        return member.group(2).isEmpty()
                ? "names hold no points; a step of a pipeline is written `|> " + word + "`"
                : "an op is applied by a step of a pipeline: `|> " + word + "(...)`";
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
            case "\u00A0", "\u2003", "\u2009", "\u200B", "\u3000" ->
                "this looks like a space but is another character; type a space";
            default -> letters(text) ? "names are made of the letters a to z and A to Z, digits and `_`" : null;
        });
    }

    private static boolean letters(String text) {
        return text.codePoints().anyMatch(Character::isLetter);
    }
}
