/** The portable class of a model, as {@code tern compile} writes it, timed in other JVMs than this one. */
package dev.tern.benchmarks.portable;
