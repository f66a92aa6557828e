/**
 * The kernel program: how a model is computed, as packed buffers, loop nests and fused epilogues. Holds the
 * representation, its verifier and its printer. May depend on {@code graph}, {@code graph.formula},
 * {@code kernel.schedule}, {@code target}, {@code diagnostics} and {@code runtime.layout}; its interpreter is in
 * {@code interpreter}, its lowering and passes in {@code kernel.lower} and {@code kernel.pass}.
 */
package dev.tern.compiler.kernel;
