/**
 * What makes the command start fast: {@link dev.tern.cli.start.StartJar} is run by the launcher once after each build.
 * May depend on {@code org.objectweb.asm} and the JDK; nothing else in the program knows it.
 */
package dev.tern.cli.start;
