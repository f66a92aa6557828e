/**
 * What the compiler says about its input: diagnostics as data (code, severity, spans, help), the
 * list they are collected in, and the one renderer. Depends on nothing.
 */
package dev.tern.compiler.diagnostics;
