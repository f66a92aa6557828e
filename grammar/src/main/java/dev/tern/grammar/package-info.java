/**
 * The lexer and parser of the Tern language, generated from {@code Tern.g4}. They say whether a text is Tern and give
 * ANTLR's parse tree; the compiler's {@code syntax} package turns that into the tree everything else reads, and errors
 * into diagnostics. May depend on {@code org.antlr.v4.runtime}.
 */
package dev.tern.grammar;
