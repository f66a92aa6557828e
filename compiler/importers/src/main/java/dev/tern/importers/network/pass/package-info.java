/**
 * Rewrites of a network that hold for every format: each makes a network that computes the same with fewer nodes.
 * Depends on {@code network} only.
 */
package dev.tern.importers.network.pass;
