/**
 * Data sets as examples in memory, whatever file they come from: what evaluation, calibration and training read. The
 * formats are services, so that other modules add theirs. May depend on {@code diagnostics}, {@code files} and
 * {@code graph}.
 */
package dev.tern.importers.dataset;
