/** What code is generated for: the words and vectors that it is written with. Depends on nothing. */
package dev.tern.compiler.target;
