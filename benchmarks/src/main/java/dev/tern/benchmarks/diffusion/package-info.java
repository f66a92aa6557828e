/**
 * What a step of a diffusion model costs by the scheme of its activations. May depend on {@code benchmarks.measure},
 * {@code compiler}, {@code analysis}, {@code analysis.parameters}, {@code diagnostics}, {@code runtime} and {@code
 * org.openjdk.jmh}.
 */
package dev.tern.benchmarks.diffusion;
