/**
 * How the arrays that kernels read are made from those that a weight file holds. A file holds each product's codes
 * once, at their fewest bits; each form of a model's code wants them in another order. The compiler lays constants out
 * by the same classes as the runtime does when a form is loaded. Depends on nothing.
 *
 * <p>Inner loops are methods of their own, for a start should not wait for the interpreter: HotSpot compiles a method
 * after some hundred calls, the loop of one that is called once after 60,000 rounds.
 */
package dev.tern.runtime.layout;
