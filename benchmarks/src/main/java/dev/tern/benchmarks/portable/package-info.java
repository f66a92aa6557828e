/**
 * The portable class of a model, as {@code tern compile} writes it, timed in other JVMs than this one. May depend on
 * {@code benchmarks.contender}, {@code benchmarks.job}, {@code compiler} and {@code runtime}.
 */
package dev.tern.benchmarks.portable;
