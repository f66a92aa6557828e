package dev.tern.runtime;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What a thread has allocated, where the JVM has the module that tells it. */
final class AllocatedBytes {
    /** Whether it is known. */
    static final boolean KNOWN = known();

    private AllocatedBytes() {
    }

    /** Bytes that this thread has allocated since it began; 0 where that is not known. Allocates nothing itself. */
    static long ofThisThread() {
        return KNOWN ? Bean.THREADS.getCurrentThreadAllocatedBytes() : 0;
    }

    private static boolean known() {
        try {
            return Bean.THREADS.isThreadAllocatedMemorySupported() && Bean.THREADS.isThreadAllocatedMemoryEnabled()
                    && Bean.THREADS.getCurrentThreadAllocatedBytes() >= 0;
        } catch (LinkageError | ClassCastException e) {
            return false;
        }
    }

    /** Apart, so that a JVM without the module does not need it to load this class. */
    private static final class Bean {
        private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    }
}
