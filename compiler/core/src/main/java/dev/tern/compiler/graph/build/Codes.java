package dev.tern.compiler.graph.build;

import dev.tern.compiler.graph.ValueId;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Codes and what makes reals of them: {@code scale * (code - zero)}, or {@code channelScale[c] * code}.
 *
 * @param id the codes, or an f32 value that was left as it is
 * @param scale missing where it is 1
 * @param zero missing where it is 0
 * @param channelScale f32 [channels], where each channel has a scale of its own; then scale and zero are missing
 * @param low where codes have 16 bits: the lower ones, id and zero being the upper ones
 */
public record Codes(ValueId id, Optional<ValueId> scale, Optional<ValueId> zero, Optional<ValueId> channelScale,
        Optional<LowByte> low) {
    /** Bits of the lower part of a code that has two. */
    public static final int LOW_BITS = 8;

    /**
     * The lower part of codes: of {@code 2^8 * upper + lower}.
     *
     * @param id unsigned codes of 8 bits
     * @param zero the lower part of the zero point; missing where it is 0
     * @param wholeZero the zero point of both parts
     */
    public record LowByte(ValueId id, Optional<ValueId> zero, int wholeZero) {
    }

    /** Codes of one scale, or of one for each row. */
    public Codes(ValueId id, Optional<ValueId> scale, Optional<ValueId> zero) {
        this(id, scale, zero, Optional.empty(), Optional.empty());
    }

    /** Codes of a scale for each channel. */
    static Codes ofChannels(ValueId id, ValueId scale) {
        return new Codes(id, Optional.empty(), Optional.empty(), Optional.of(scale), Optional.empty());
    }

    /** Codes that stand for themselves, or reals. */
    public static Codes plain(ValueId id) {
        return new Codes(id, Optional.empty(), Optional.empty());
    }

    /** The same scales beside other codes, or beside others of both parts. */
    public Codes map(UnaryOperator<ValueId> codes) {
        return new Codes(codes.apply(id), scale, zero, channelScale,
                low.map(part -> new LowByte(codes.apply(part.id()), part.zero(), part.wholeZero())));
    }
}
