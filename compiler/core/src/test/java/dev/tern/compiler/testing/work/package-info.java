/**
 * Counts what the compiler does, the same on any machine and however busy it is: its classes are loaded anew with a
 * counter at each method's entry and each jump backwards. May depend on all of core.
 */
package dev.tern.compiler.testing.work;
