/**
 * The compiler's front door: {@link dev.tern.compiler.Tern}. It may depend on every package below
 * it; none of them may depend on it.
 */
package dev.tern.compiler;
