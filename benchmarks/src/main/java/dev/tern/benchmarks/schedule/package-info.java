/** How good the compiler's cost model is: every candidate of every job, predicted and measured. */
package dev.tern.benchmarks.schedule;
