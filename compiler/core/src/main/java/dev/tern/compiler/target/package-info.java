/** What code is generated for: the vectors that it is written with. Depends on nothing. */
package dev.tern.compiler.target;
