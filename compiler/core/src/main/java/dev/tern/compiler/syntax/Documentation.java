package dev.tern.compiler.syntax;

import dev.tern.grammar.TernLexer;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.Token;

/** Documentation comments: {@code ///} on lines of their own before a declaration or a binding. */
final class Documentation {
    private static final String SLASHES = "///";

    private Documentation() {
    }

    /** Those that document what begins with the token; none if they say nothing. */
    static List<Token> before(TokenScan scan, Token start) {
        List<Token> comments = new ArrayList<>();
        int index = start.getTokenIndex() - 1;
        while (index >= 0 && scan.tokens().get(index).getChannel() != Token.DEFAULT_CHANNEL) {
            Token comment = scan.tokens().get(index);
            if (comment.getType() == TernLexer.DOCUMENTATION && scan.isFirstOnLine(comment)) {
                comments.addFirst(comment);
            }
            index--;
        }
        return comments.stream().allMatch(comment -> text(comment).isEmpty()) ? List.of() : comments;
    }

    /** The text of one comment, without the slashes, the space after them and what is blank at its end. */
    static String text(Token comment) {
        String text = comment.getText().substring(SLASHES.length()).stripTrailing();
        return text.startsWith(" ") ? text.substring(1) : text;
    }
}
