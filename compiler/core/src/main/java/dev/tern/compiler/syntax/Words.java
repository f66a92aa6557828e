package dev.tern.compiler.syntax;

import dev.tern.grammar.TernLexer;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.Token;

/** How messages call what stands in a text, and what a misspelt word was meant to be. */
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

    /** The candidate that the word is a misspelling of, at most two letters away. */
    static Optional<String> misspelt(String word, List<String> candidates) {
        String best = null;
        int least = 3;
        for (String candidate : candidates) {
            int distance = word.length() > 2 * candidate.length() ? least : distance(word, candidate);
            if (distance < least && distance < candidate.length() / 2) {
                best = candidate;
                least = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Letters to insert, drop, replace or swap with their neighbour (optimal string alignment). */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                int least = Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1,
                        cost[i - 1][j - 1] + (same ? 0 : 1));
                boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1);
                cost[i][j] = swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
            }
        }
        return cost[a.length()][b.length()];
    }
}
