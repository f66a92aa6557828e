/**
 * What an application's build takes of models: for each a class file with its weights and the source of its facade, in
 * the package that its folder names. May depend on {@code compiler.*}, {@code runtime} and, to take the runtime along,
 * {@code org.objectweb.asm}.
 */
package dev.tern.compiler.generate;
