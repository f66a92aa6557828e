/**
 * Measuring compiled models: speed and accuracy. May depend on {@code diagnostics}, {@code tuning},
 * {@code quantizer.dataset} and {@code runtime}.
 */
package dev.tern.cli.measure;
