/**
 * From kernel programs to better ones: one file per pass, named by what it does, listed in {@code KernelPasses}. May
 * depend on {@code graph}, {@code kernel}, {@code kernel.cost}, {@code kernel.pack}, {@code pipeline},
 * {@code target} and {@code diagnostics}.
 */
package dev.tern.compiler.kernel.pass;
