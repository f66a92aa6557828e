/** Compiled models for programs that hold their numbers in ND4J's arrays. May depend on {@code runtime} and ND4J. */
package dev.tern.nd4j;
