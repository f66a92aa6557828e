/**
 * The typed emission layer: values, statements and methods that are checked when they are built, print as Java, and
 * become class files. Only {@link dev.tern.compiler.bytecode.ClassEmitter} and
 * {@link dev.tern.compiler.bytecode.MethodEmitter} (with its half for values) touch ASM's visitors. Knows nothing of
 * neural networks. May depend on {@code org.objectweb.asm}.
 */
package dev.tern.compiler.bytecode;
