/**
 * What the commands print and write, and where: the console, JSON, bar charts, tables, whole files. May depend on
 * {@code compiler.*}, {@code cli.measure}, {@code quantizer.calibration}, {@code quantizer.evaluation},
 * {@code quantizer.posttraining}, {@code runtime} and {@code com.fasterxml.jackson.core}, not on the commands.
 */
package dev.tern.cli.output;
