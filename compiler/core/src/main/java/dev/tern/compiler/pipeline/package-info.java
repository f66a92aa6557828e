/**
 * The driver that takes a program of either representation through a list of passes: verified after each, traced, every
 * node marked with the passes that changed it. May depend on {@code diagnostics}; the lists themselves stand beside the
 * passes.
 */
package dev.tern.compiler.pipeline;
