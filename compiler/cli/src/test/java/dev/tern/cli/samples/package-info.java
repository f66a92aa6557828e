/** The program that draws the sample inputs under {@code models}; depends on the Java platform alone. */
package dev.tern.cli.samples;
