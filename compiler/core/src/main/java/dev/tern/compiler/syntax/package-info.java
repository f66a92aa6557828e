/**
 * Text to syntax tree and back: the tree's records, the builder that reads ANTLR's parse tree, and the formatter. A
 * tree says what was written and where, and nothing of what it means. May depend on {@code diagnostics}, {@code files},
 * {@code grammar} and {@code org.antlr.v4.runtime}.
 */
package dev.tern.compiler.syntax;
