package dev.tern.compiler.diagnostics;

/**
 * A place in a file that is not Tern text.
 *
 * @param file the file's name as the user knows it
 * @param offset byte offset from the start, or -1 where the whole file is meant
 * @param part what stands there ({@code tensor stem.conv.weight}, {@code row 3}), or empty
 */
public record FilePosition(String file, long offset, String part) implements Position {
}
