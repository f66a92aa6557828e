/**
 * What generated code is made of, in no language: values, vectors, statements, blocks and routines, which are checked
 * when they are built. A writer beside this package turns them into code; that of class files is {@code bytecode}.
 * Knows nothing of neural networks, of Java's classes or of ASM. Depends on nothing.
 */
package dev.tern.compiler.code;
