package dev.tern.compiler.syntax;

/**
 * A comment to be printed.
 *
 * @param text with its slashes, nothing blank at its end
 * @param offset where it stands in the source
 * @param blankBefore whether an empty line stands before it
 */
record Comment(String text, int offset, boolean blankBefore) {
}
