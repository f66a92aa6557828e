/**
 * What training does to the examples of a data set: random distortion. May depend on {@code importers.dataset}.
 */
package dev.tern.quantizer.dataset;
