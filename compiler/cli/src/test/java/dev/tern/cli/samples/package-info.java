/**
 * The program that draws the sample inputs under {@code models}; it depends on the Java platform alone, its tests on
 * the compiler.
 */
package dev.tern.cli.samples;
