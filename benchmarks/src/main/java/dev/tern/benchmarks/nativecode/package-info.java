/** The jobs in C, as the limit of what this machine can do, called through the foreign function interface. */
package dev.tern.benchmarks.nativecode;
