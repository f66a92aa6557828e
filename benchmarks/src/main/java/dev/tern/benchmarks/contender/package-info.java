/** Who is timed. May depend on the jobs; {@link dev.tern.benchmarks.contender.Contenders} lists all of them. */
package dev.tern.benchmarks.contender;
