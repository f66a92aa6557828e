/**
 * Writes a {@link dev.tern.importers.network.Network} as a Tern model: axes put in Tern's order, ops of the language
 * chosen, layers named after the source, text laid out, numbers put under the paths that the text gives them. Knows no
 * foreign format. Depends on {@code network} and the core.
 */
package dev.tern.importers.tern;
