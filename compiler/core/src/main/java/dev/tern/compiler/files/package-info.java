/**
 * How a file that came from outside is opened: a model, what lies beside it, and the data that it is given. Nothing
 * else in the compiler opens such a file. Depends on nothing.
 */
package dev.tern.compiler.files;
