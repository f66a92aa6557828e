package dev.tern.compiler.syntax;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import java.util.function.Predicate;

/**
 * The one canonical layout of Tern text. What it prints depends on the tree, the comments and the blank lines between
 * statements, never on how the lines were broken before: formatting twice changes nothing.
 *
 * <p>Every comment is kept. One inside of a list or a pipeline stays with its entry; one in a place with no line of
 * its own, such as between a name and its {@code =}, moves to the line above.
 */
public final class Formatter {
    private Formatter() {
    }

    /**
     * The text in canonical layout.
     *
     * @param startsLayer whether an op, by its name, stands at the beginning of a line where a pipeline is broken
     * @param diagnostics receives what is wrong with the text; if anything is, the text comes back as it was
     */
    public static String format(SourceFile source, Predicate<String> startsLayer, Diagnostics diagnostics) {
        SyntaxReader.Reading reading = SyntaxReader.readTokensAndTree(source, diagnostics);
        if (!reading.sound()) {
            return source.text();
        }
        return FilePrinter.print(reading.tree(), Comments.of(reading.tokens(), reading.tree()), startsLayer);
    }

    /** A tree in canonical layout, without comments but for documentation; reading it gives the same tree. */
    public static String print(SyntaxTree tree, Predicate<String> startsLayer) {
        return FilePrinter.print(tree, Comments.none(), startsLayer);
    }

    /** An expression on one line, for messages and reports. */
    public static String print(Expression expression) {
        return new FlatPrinter(Comments.none(), Integer.MAX_VALUE).print(expression, Precedence.PIPELINE).orElseThrow();
    }
}
