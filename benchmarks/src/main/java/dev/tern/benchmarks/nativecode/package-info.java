/**
 * The jobs in C, as the limit of what this machine can do, called through the foreign function interface. May depend on
 * {@code benchmarks.contender} and {@code benchmarks.job}.
 */
package dev.tern.benchmarks.nativecode;
