/** Random models as texts: everything that users write. Depends on the graph's shapes and tensors only. */
package dev.tern.compiler.testing.text;
