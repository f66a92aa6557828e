package dev.tern.compiler.graph.build;

import dev.tern.compiler.graph.ValueId;
import java.util.Optional;

/**
 * Codes and what makes reals of them: {@code scale * (code - zero)}, or {@code channelScale[c] * code}.
 *
 * @param id the codes, or an f32 value that was left as it is
 * @param scale missing where it is 1
 * @param zero missing where it is 0
 * @param channelScale f32 [channels], where each channel has a scale of its own; then the other two are missing
 */
public record Codes(ValueId id, Optional<ValueId> scale, Optional<ValueId> zero, Optional<ValueId> channelScale) {
    /** Codes of one scale, or of one for each row. */
    public Codes(ValueId id, Optional<ValueId> scale, Optional<ValueId> zero) {
        this(id, scale, zero, Optional.empty());
    }

    /** Codes that stand for themselves, or reals. */
    public static Codes plain(ValueId id) {
        return new Codes(id, Optional.empty(), Optional.empty());
    }

    /** The same scales beside other codes. */
    public Codes with(ValueId codes) {
        return new Codes(codes, scale, zero, channelScale);
    }
}
