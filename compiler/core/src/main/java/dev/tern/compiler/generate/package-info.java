/**
 * What an application's build takes of models: for each a class file with its weights and the source of its facade, in
 * the package that its folder names. May depend on everything in the core, and on ASM to take the runtime along.
 */
package dev.tern.compiler.generate;
