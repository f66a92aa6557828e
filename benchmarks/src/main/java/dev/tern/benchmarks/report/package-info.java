/** What was measured, as text and as a chart. */
package dev.tern.benchmarks.report;
