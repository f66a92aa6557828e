/**
 * What kernels are predicted to take: which schedules a product can have, what each costs on a target, and which of
 * them is taken. May depend on {@code graph}, {@code kernel}, {@code kernel.schedule}, {@code target} and
 * {@code runtime.layout}.
 */
package dev.tern.compiler.kernel.cost;
