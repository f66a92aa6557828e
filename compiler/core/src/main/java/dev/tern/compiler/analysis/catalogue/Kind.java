package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.syntax.Expression;
import java.util.List;
import java.util.Optional;

/**
 * What may be given for a parameter: how an argument's names are checked without knowing any shape, and how it is read
 * once everything is known.
 *
 * @param <T> what is read
 */
public interface Kind<T> {
    /** What is wanted, for messages: {@code a size like 3x3}. */
    String expects();

    /**
     * The words that may stand here, each with what may stand between its parentheses; empty where it is no choice of
     * words. Editors offer them.
     */
    default List<OpSignature> words() {
        return List.of();
    }

    /** Checks the names in an argument, in the text of a block that may never be applied. */
    default void check(Expression argument, NameChecker names) {
        names.constant(argument);
    }

    /**
     * Reads an argument.
     *
     * @param title the parameter in the words of a message: {@code `stride` of `conv`}
     * @return empty if an error was reported
     */
    Optional<T> read(Expression argument, String title, ArgumentReader reader);
}
