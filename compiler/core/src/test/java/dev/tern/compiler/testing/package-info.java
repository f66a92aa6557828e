/** What tests of several packages share. May depend on everything the compiler's core holds. */
package dev.tern.compiler.testing;
