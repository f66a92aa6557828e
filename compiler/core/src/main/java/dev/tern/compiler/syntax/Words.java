package dev.tern.compiler.syntax;

import dev.tern.grammar.TernLexer;
import java.util.Optional;
import org.antlr.v4.runtime.Token;

/** How messages call what stands in a text. */
final class Words {
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
        return Optional.ofNullable(switch (word) {
            case "KB", "K", "k", "kb", "Kb", "kib", "kiB", "KIB", "Kib" -> "KiB";
            case "mb", "Mb", "mB", "M", "mib", "miB", "MIB", "Mib" -> "MiB";
            case "b", "bytes", "byte", "Bytes", "Byte" -> "B";
            default -> null;
        });
    }
}
