package dev.tern.compiler.pipeline;

/** Sees the program after every pass. */
public interface PassObserver<P> {
    /** @param changed whether the pass changed anything; a pass in a loop is seen once a round */
    void after(Pass<P> pass, P program, boolean changed);

    /** Called where a loop of passes still changed the program in its last round. */
    default void unstable(String passes, int rounds) {
    }

    static <P> PassObserver<P> none() {
        return (pass, program, changed) -> {
        };
    }
}
