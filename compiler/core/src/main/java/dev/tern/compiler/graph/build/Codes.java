package dev.tern.compiler.graph.build;

import dev.tern.compiler.graph.ValueId;
import java.util.Optional;

/**
 * Codes and what makes reals of them: {@code scale * (code - zero)}.
 *
 * @param id the codes, or an f32 value that was left as it is
 * @param scale missing where it is 1
 * @param zero missing where it is 0
 */
public record Codes(ValueId id, Optional<ValueId> scale, Optional<ValueId> zero) {
    /** Codes that stand for themselves, or reals. */
    public static Codes plain(ValueId id) {
        return new Codes(id, Optional.empty(), Optional.empty());
    }
}
