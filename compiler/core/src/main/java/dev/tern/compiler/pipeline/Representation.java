package dev.tern.compiler.pipeline;

import java.util.List;

/**
 * What the driver needs to know of programs; they are values with {@code equals}.
 *
 * @param <P> the programs
 */
public interface Representation<P> {
    /** The offences against the representation's rules; empty for a good program. */
    List<String> verify(P program);

    /** Stable readable text. */
    String print(P program);

    /** The program with the pass written down at every node that it made or changed. */
    P markChanges(P before, P after, String pass);
}
