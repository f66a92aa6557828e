package dev.tern.compiler.syntax;

import dev.tern.compiler.diagnostics.SourceSpan;

/** A name where it was written. */
public record Identifier(String text, SourceSpan span) {
}
