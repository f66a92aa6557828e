/**
 * A trained network as other tools write it, in neutral terms: nodes with standard operations on named axes, constants
 * with their quantization, no file format and no Tern text. Readers of foreign formats build it with
 * {@link dev.tern.importers.network.ForeignNetworkBuilder}, which infers shapes and folds whatever is constant; the
 * {@code tern} package writes it down as a Tern model. Depends on nothing of ours.
 */
package dev.tern.importers.network;
