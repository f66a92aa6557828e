/**
 * Schedules: plain data that says how a kernel's loops run (words a pass, tiles), and who chooses them.
 * A schedule never changes a result. Depends on nothing.
 */
package dev.tern.compiler.kernel.schedule;
