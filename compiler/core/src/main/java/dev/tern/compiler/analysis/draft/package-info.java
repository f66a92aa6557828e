/**
 * A graph in the making: nodes whose layers are not named yet, and the tree of scopes that names them once all are
 * known. May depend on {@code diagnostics} and {@code graph}.
 */
package dev.tern.compiler.analysis.draft;
