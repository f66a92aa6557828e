/**
 * Reads safetensors files as parameters, trusting nothing that they claim. May depend on the importers' common package
 * and the streaming JSON parser.
 */
package dev.tern.importers.safetensors;
