/**
 * Reads safetensors files as parameters, trusting nothing that they claim, and writes them. May depend on
 * {@code importers}, {@code analysis.parameters}, {@code diagnostics}, {@code files}, {@code graph} and {@code
 * com.fasterxml.jackson.core}.
 */
package dev.tern.importers.safetensors;
