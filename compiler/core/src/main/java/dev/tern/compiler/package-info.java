/**
 * The compiler's front door: {@link dev.tern.compiler.Tern}. May depend on {@code compiler.*} and {@code runtime};
 * nothing below it may depend on it.
 */
package dev.tern.compiler;
