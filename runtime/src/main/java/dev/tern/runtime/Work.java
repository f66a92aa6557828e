package dev.tern.runtime;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * How much has been worked, where the JVM has the module that tells it: of a machine that is busy with other things
 * time says nothing about that.
 */
final class Work {
    private static final boolean THREAD_KNOWN = threadKnown();
    private static final boolean COMPILER_KNOWN = compilerKnown();

    private Work() {
    }

    /**
     * Nanoseconds that this thread has had a processor for, from some point on; all of them where that is not known.
     */
    static long ofThisThread() {
        return THREAD_KNOWN ? Beans.THREADS.getCurrentThreadCpuTime() : System.nanoTime();
    }

    /** A number that grows whenever the JIT compiler has finished something; 0 for ever where that is not known. */
    static long ofTheCompiler() {
        return COMPILER_KNOWN ? Beans.COMPILER.getTotalCompilationTime() : 0;
    }

    private static boolean threadKnown() {
        try {
            return Beans.THREADS.isCurrentThreadCpuTimeSupported() && Beans.THREADS.isThreadCpuTimeEnabled();
        } catch (LinkageError e) {
            return false;
        }
    }

    private static boolean compilerKnown() {
        try {
            return Beans.COMPILER != null && Beans.COMPILER.isCompilationTimeMonitoringSupported();
        } catch (LinkageError e) {
            return false;
        }
    }

    /** Apart, so that a JVM without the module does not need it to load this class. */
    private static final class Beans {
        private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
        private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();
    }
}
