/**
 * What a compiled model needs at run time: the model and its sessions, its signature, and its
 * checked weight files. Java 17, no dependencies; nothing of the compiler may be named here.
 */
package dev.tern.runtime;
