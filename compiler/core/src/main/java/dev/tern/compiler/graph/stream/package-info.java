/**
 * From a model over a window of frames to one that takes a frame at a time. May depend on {@code graph} and
 * {@code diagnostics}.
 */
package dev.tern.compiler.graph.stream;
