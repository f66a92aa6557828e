package dev.tern.compiler.diagnostics;

/** A place with a few words that say what it has to do with the matter; the words may be empty. */
public record Label(Position position, String text) {
}
