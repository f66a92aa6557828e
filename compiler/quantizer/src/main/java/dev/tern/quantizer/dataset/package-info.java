/**
 * Labelled images for training, their files, and their random distortion. May depend on {@code graph},
 * {@code diagnostics} and {@code files}.
 */
package dev.tern.quantizer.dataset;
