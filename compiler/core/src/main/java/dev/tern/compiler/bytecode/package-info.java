/**
 * Code as class files, and as the Java that they stand for. What only the JVM has (classes, calls of Java's methods,
 * fields of objects) is added to the vocabulary of {@code code}; two writers take both:
 * {@link dev.tern.compiler.bytecode.ClassEmitter}, the only one that knows ASM, with
 * {@link dev.tern.compiler.bytecode.MethodEmitter} and its half for values, and
 * {@link dev.tern.compiler.bytecode.JavaPrinter}. Knows nothing of neural networks. May depend on {@code code} and
 * {@code org.objectweb.asm}.
 */
package dev.tern.compiler.bytecode;
