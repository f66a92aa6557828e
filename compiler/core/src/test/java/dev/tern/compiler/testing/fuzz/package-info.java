/**
 * Sends random texts down the road from text to class and compares what comes of them, for as long as one likes. May
 * depend on everything the compiler's core holds.
 */
package dev.tern.compiler.testing.fuzz;
