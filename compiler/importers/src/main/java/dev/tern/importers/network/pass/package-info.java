/**
 * Rewrites of a network that hold for every format: each makes a network that computes the same with fewer nodes.
 * May depend on {@code importers.network}.
 */
package dev.tern.importers.network.pass;
