package dev.tern.compiler.diagnostics;

/** Where something was found: in a text, or in a binary file. */
public sealed interface Position permits SourceSpan, FilePosition {
}
