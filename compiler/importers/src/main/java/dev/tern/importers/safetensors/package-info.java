/**
 * Reads safetensors files as parameters, trusting nothing that they claim. May depend on {@code importers},
 * {@code analysis.parameters}, {@code diagnostics}, {@code files} and {@code com.fasterxml.jackson.core}.
 */
package dev.tern.importers.safetensors;
