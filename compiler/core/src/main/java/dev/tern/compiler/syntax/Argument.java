package dev.tern.compiler.syntax;

import dev.tern.compiler.diagnostics.SourceSpan;

/**
 * One argument of a call.
 *
 * @param name null for a positional argument
 */
public record Argument(Identifier name, Expression value, SourceSpan span) {
}
