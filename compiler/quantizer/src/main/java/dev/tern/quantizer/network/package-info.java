/**
 * Differentiable networks with quantizers in them: signals, layers with a forward and a backward pass, and the builder
 * that makes a network of a model graph. Matrix products are those of ND4J's BLAS, and only {@code NativeMatrix} knows
 * it; every other loop is over Java arrays. May depend on {@code graph}, {@code graph.formula}, {@code graph.meaning},
 * {@code graph.pass}, {@code diagnostics}, {@code org.nd4j} and {@code org.bytedeco}.
 */
package dev.tern.quantizer.network;
