/** Checks that contenders agree, and times them in processes of their own by JMH. */
package dev.tern.benchmarks.measure;
