/**
 * Writing of safetensors parameter files. May depend on {@code graph} and {@code com.fasterxml.jackson.core}.
 */
package dev.tern.quantizer.safetensors;
