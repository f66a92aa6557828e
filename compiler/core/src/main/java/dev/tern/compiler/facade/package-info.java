/**
 * The Java class through which an application uses a model that was compiled ahead of time: a source file with one
 * parameter for each input under its own name, which an IDE shows and Javadoc documents. May depend on {@code runtime}
 * and {@code com.palantir.javapoet}.
 */
package dev.tern.compiler.facade;
