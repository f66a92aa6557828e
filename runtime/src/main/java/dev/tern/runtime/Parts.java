package dev.tern.runtime;

/** Work that the threads of a session share. */
interface Parts {
    /**
     * Does some units of it, which no other thread does.
     *
     * @param number which work, for those who have several
     * @param from the first unit
     * @param to behind the last
     * @param arrays the thread's own
     */
    void run(int number, int from, int to, WorkArrays arrays);
}
