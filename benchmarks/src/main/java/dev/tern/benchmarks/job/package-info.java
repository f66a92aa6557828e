/** What is timed: shapes, schemes, seeded numbers, and the files of a job. Depends on nothing of this module. */
package dev.tern.benchmarks.job;
