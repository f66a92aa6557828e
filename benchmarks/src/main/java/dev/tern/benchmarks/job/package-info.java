/**
 * What is timed: shapes, schemes, seeded numbers, and the files of a job. Depends on nothing.
 */
package dev.tern.benchmarks.job;
