/**
 * Brings products into the form that their schedules ask for: weights in their layouts, codes packed or made tables of.
 * May depend on {@code graph}, {@code kernel}, {@code kernel.schedule}, {@code target} and
 * {@code runtime.layout}.
 */
package dev.tern.compiler.kernel.pack;
