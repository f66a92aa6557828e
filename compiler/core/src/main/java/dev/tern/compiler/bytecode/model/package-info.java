/**
 * From a kernel program to the class of a model on the JVM: the routines that {@code loops} writes as methods, the
 * weights as static fields, and the session that runs it; hidden in this JVM, or in files. May depend on {@code code},
 * {@code bytecode}, {@code loops}, {@code kernel}, {@code kernel.cost}, {@code graph}, {@code target},
 * {@code runtime} and {@code runtime.layout}.
 */
package dev.tern.compiler.bytecode.model;
