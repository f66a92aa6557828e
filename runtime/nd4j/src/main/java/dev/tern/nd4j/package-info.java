/**
 * Compiled models for programs that hold their numbers in ND4J's arrays. May depend on {@code runtime},
 * {@code org.nd4j} and {@code org.bytedeco}.
 */
package dev.tern.nd4j;
