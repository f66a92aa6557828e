package dev.tern.compiler.syntax;

import dev.tern.grammar.TernLexer;
import java.util.Optional;
import java.util.regex.Pattern;
import org.antlr.v4.runtime.Token;

/** How messages call what stands in a text. */
final class Words {
    /** What units of bytes there are. */
    static final String UNITS = "units of bytes are B, KiB, MiB, kB (1000) and MB (1000000)";
    private static final Pattern OTHER_UNIT = Pattern.compile(
            "(?i)[kmgt]i?b|[kmgt]i?bits?|bits?|(kilo|mega|giga|tera|kibi|mebi|gibi)?(byte|bit)s?");
    private static final int LONGEST = 40;

    private Words() {
    }

    /** A token as a message names it: {@code `body`}, {@code the end of the file}. */
    static String of(Token token) {
        return switch (token.getType()) {
            case Token.EOF -> "the end of the file";
            case TernLexer.STRING, TernLexer.OPEN_STRING -> "the string " + shorten(token.getText());
            default -> "`" + shorten(token.getText()) + "`";
        };
    }

    /** The text, cut where it would make a message unreadable. */
    static String shorten(String text) {
        int length = text.length() > LONGEST && Character.isHighSurrogate(text.charAt(LONGEST - 1))
                ? LONGEST - 1
                : LONGEST;
        return text.length() > LONGEST ? text.substring(0, length) + "..." : text;
    }

    /** The unit of bytes that was meant by a word that looks like one: {@code KB}, {@code kib}. */
    static Optional<String> byteUnit(String word) {
        return Optional.ofNullable(nearUnit(word));
    }

    /** Whether a word is a unit of bytes, or of bits, that there is not: {@code GiB}, {@code kilobytes}. */
    static boolean otherUnit(String word) {
        return OTHER_UNIT.matcher(word).matches();
    }

    private static String nearUnit(String word) {
        return switch (word) {
            case "KB", "K", "k", "kb", "Kb", "kib", "kiB", "KIB", "Kib" -> "KiB";
            case "mb", "Mb", "mB", "M", "mib", "miB", "MIB", "Mib" -> "MiB";
            case "b", "bytes", "byte", "Bytes", "Byte" -> "B";
            default -> null;
        };
    }
}
