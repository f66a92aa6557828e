/** Writing of safetensors parameter files. May depend on the graph's tensors only. */
package dev.tern.quantizer.safetensors;
