/**
 * What editors show of a Tern text while it is written, by the Language Server Protocol: the diagnostics of
 * {@code tern check}, shapes and schemes under the pointer, completion, the canonical layout and an outline. All of it
 * is of the editor's text; of the disk only what that text names is read. May depend on {@code analysis.*},
 * {@code diagnostics}, {@code syntax}, {@code graph}, {@code compiler}, {@code grammar},
 * {@code org.antlr.v4.runtime} and {@code org.eclipse.lsp4j}.
 */
package dev.tern.languageserver;
