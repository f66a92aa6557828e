/**
 * Compares what the compiler makes of a model, stage by stage, with what the model means. May depend on
 * {@code graph.*}, {@code kernel.*}, {@code interpreter}, {@code bytecode}, {@code bytecode.model}, {@code pipeline},
 * {@code target}, {@code diagnostics} and {@code runtime}; only front ends and tests depend on it.
 */
package dev.tern.compiler.verification;
