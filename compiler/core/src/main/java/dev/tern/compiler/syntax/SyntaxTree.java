package dev.tern.compiler.syntax;

import dev.tern.compiler.diagnostics.SourceFile;
import java.util.List;
import java.util.Set;

/**
 * One Tern file as written.
 *
 * @param source the file
 * @param declarations blocks and models in order of appearance, without the statements that could not be read
 * @param unread names of the bindings, blocks and models that could not be read. They were reported already, so that
 *        an unknown name that is one of these is not worth a second error
 */
public record SyntaxTree(SourceFile source, List<Declaration> declarations, Set<String> unread) {
    public SyntaxTree {
        declarations = List.copyOf(declarations);
        unread = Set.copyOf(unread);
    }

    /** A tree of a text that was read whole. */
    public SyntaxTree(SourceFile source, List<Declaration> declarations) {
        this(source, declarations, Set.of());
    }
}
