/** The jobs, or the parts of them that they can do, in other libraries of the JVM. */
package dev.tern.benchmarks.peers;
