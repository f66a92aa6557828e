/**
 * Writing of safetensors parameter files. May depend on {@code graph}, {@code analysis.parameters} and
 * {@code com.fasterxml.jackson.core}.
 */
package dev.tern.quantizer.safetensors;
