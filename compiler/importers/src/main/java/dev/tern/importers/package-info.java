/**
 * What the readers of all file formats share: number types and their decoding, and the check that a file can be read at
 * all. May depend on {@code analysis.parameters}, {@code diagnostics}, {@code files} and {@code com.google.protobuf};
 * each format below may depend on this package and not on another format.
 */
package dev.tern.importers;
