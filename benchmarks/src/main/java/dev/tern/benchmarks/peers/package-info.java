/**
 * The jobs, or the parts of them that they can do, in other libraries of the JVM. May depend on
 * {@code benchmarks.contender}, {@code benchmarks.job}, {@code io.github.jbellis.jvector}, {@code org.apache.lucene}
 * and {@code org.nd4j.linalg}.
 */
package dev.tern.benchmarks.peers;
