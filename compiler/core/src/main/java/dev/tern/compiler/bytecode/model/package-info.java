/**
 * From a kernel program to the class of a model: its methods, which {@code loops} writes, its weights, and the session
 * that runs it; hidden in this JVM, or in files. May depend on {@code bytecode}, {@code loops}, {@code kernel},
 * {@code kernel.cost}, {@code graph}, {@code target} and {@code runtime}.
 */
package dev.tern.compiler.bytecode.model;
