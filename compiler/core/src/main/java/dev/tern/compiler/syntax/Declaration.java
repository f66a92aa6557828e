package dev.tern.compiler.syntax;

import dev.tern.compiler.diagnostics.SourceSpan;
import java.util.List;
import java.util.OptionalLong;

/** A model or a block. */
public sealed interface Declaration {
    /** The text of the {@code ///} comments before it, without the slashes; empty if there are none. */
    String documentation();

    Identifier name();

    List<DeclaredParameter> parameters();

    List<Result> results();

    List<Statement> statements();

    SourceSpan span();

    /** {@code model Name(inputs) -> (outputs) { ... }}. */
    record Model(String documentation, Identifier name, List<DeclaredParameter> parameters, List<Result> results,
            List<Statement> statements, SourceSpan span) implements Declaration {
        public Model {
            parameters = List.copyOf(parameters);
            results = List.copyOf(results);
            statements = List.copyOf(statements);
        }
    }

    /** {@code block Name(x: f32[h, w, c], channels: int) -> (y: f32[h, w, channels]) { ... }}. */
    record BlockDeclaration(String documentation, Identifier name, List<DeclaredParameter> parameters,
            List<Result> results,
            List<Statement> statements, SourceSpan span) implements Declaration {
        public BlockDeclaration {
            parameters = List.copyOf(parameters);
            results = List.copyOf(results);
            statements = List.copyOf(statements);
        }
    }

    /**
     * An input of a model or block ({@code x: f32[h, w, c]}) or a compile-time argument of a block
     * ({@code stride: int = 1}).
     *
     * @param frames of {@code frame: f32[40] over 30}, how many frames of a stream the model sees; empty where none
     * @param defaultValue null where none was written
     */
    record DeclaredParameter(Identifier name, TypeSyntax type, OptionalLong frames, Expression defaultValue,
            SourceSpan span) {
    }

    /** An output: {@code (y: f32[h, w, channels])}. */
    record Result(Identifier name, TypeSyntax type, SourceSpan span) {
    }
}
