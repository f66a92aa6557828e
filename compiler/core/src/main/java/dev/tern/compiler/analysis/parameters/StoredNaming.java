package dev.tern.compiler.analysis.parameters;

import java.util.Optional;

/**
 * What a model says of the way in which its file names and orders the tensors.
 *
 * @param layout empty where it says nothing; then the file's own record counts, and without one Tern's layout
 * @param names applied to the names of a foreign file, before the layout is
 */
public record StoredNaming(Optional<ParameterLayout> layout, NameMap names) {
    /** A model that says nothing. */
    public static final StoredNaming UNSAID = new StoredNaming(Optional.empty(), NameMap.NONE);
}
