/**
 * How good the compiler's cost model is: every candidate of every job, predicted and measured, and the constants that
 * follow. May depend on {@code benchmarks.job}, {@code benchmarks.measure}, {@code benchmarks.report}, {@code
 * compiler}, {@code analysis}, {@code analysis.parameters}, {@code diagnostics}, {@code kernel.cost}, {@code
 * kernel.schedule}, {@code target} and {@code tuning}.
 */
package dev.tern.benchmarks.schedule;
