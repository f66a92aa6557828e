/**
 * How long compiled models live: a program that compiles and drops them, and its test. May depend on {@code compiler}
 * and {@code runtime}.
 */
package dev.tern.compiler.testing.lifetime;
