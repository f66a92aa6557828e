/**
 * The page of {@code tern explain --html}: drawings of graphs, of the arena over time and of distributions, and what
 * data tells of them; and the plots of {@code tern eval --report}. Nodes are placed by the Eclipse Layout Kernel when
 * the page is written. May depend on {@code compiler.*}, {@code cli.output}, {@code quantizer.calibration}, {@code
 * quantizer.dataset}, {@code quantizer.evaluation}, {@code importers.dataset}, {@code runtime} and {@code
 * org.eclipse.elk}.
 */
package dev.tern.cli.report;
