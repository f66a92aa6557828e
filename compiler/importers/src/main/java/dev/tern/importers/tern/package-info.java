/**
 * Writes a {@link dev.tern.importers.network.ForeignNetwork} as a Tern model: axes put in Tern's order, ops of the
 * language chosen, layers named after the source, text laid out, numbers put under the paths that the text gives them.
 * Knows no foreign format. May depend on {@code importers.network}, {@code importers.network.pass}, {@code
 * analysis.catalogue}, {@code analysis.parameters}, {@code foreign}, {@code syntax} and {@code diagnostics}.
 */
package dev.tern.importers.tern;
