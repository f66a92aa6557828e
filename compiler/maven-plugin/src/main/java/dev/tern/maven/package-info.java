/**
 * The Maven plugin: finds what is to be done, has the compiler do it in a JVM of its own, and tells Maven and the IDE
 * what came of it. May depend on {@code org.apache.maven}, {@code org.sonatype.plexus.build} and
 * {@code com.fasterxml.jackson.jr}: it is loaded by Maven's JVM, which may be older than the compiler's, so no class of
 * the compiler may be named here.
 */
package dev.tern.maven;
