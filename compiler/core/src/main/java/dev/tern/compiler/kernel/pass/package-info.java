/**
 * From the model graph to a kernel program ({@code Lower}) and from kernel programs to better ones: one file per pass,
 * named by what it does. May depend on {@code graph}, {@code kernel} and {@code diagnostics}.
 */
package dev.tern.compiler.kernel.pass;
