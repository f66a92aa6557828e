/** The networks under {@code models} that have no trained parameters: what they count, and that they compile. */
package dev.tern.compiler.zoo;
