/**
 * How good the compiler's cost model is: every candidate of every job, predicted and measured. May depend on
 * {@code benchmarks.job}, {@code benchmarks.measure}, {@code compiler}, {@code kernel.schedule}, {@code target}
 * and {@code tuning}.
 */
package dev.tern.benchmarks.schedule;
