/**
 * Labelled images for training, their files, and their random distortion. May depend on shapes and diagnostics only.
 */
package dev.tern.quantizer.dataset;
