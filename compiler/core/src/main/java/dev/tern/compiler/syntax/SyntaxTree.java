package dev.tern.compiler.syntax;

import dev.tern.compiler.diagnostics.SourceFile;
import java.util.List;

/**
 * One Tern file as written.
 *
 * @param source the file
 * @param declarations blocks and models in order of appearance
 */
public record SyntaxTree(SourceFile source, List<Declaration> declarations) {
    public SyntaxTree {
        declarations = List.copyOf(declarations);
    }
}
