package dev.tern.compiler.loops;

/** Writes the routines of one kernel. */
interface KernelGenerator {
    KernelRoutines routines();
}
