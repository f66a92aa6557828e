package dev.tern.compiler.graph;

import java.util.Locale;

/**
 * The codes a uniform quantizer may give and how a range becomes a scale.
 *
 * @param code the code's type; one signed bit is not uniform and not allowed here
 * @param rule how scale and zero point follow from a range
 * @param lowest the lowest code that it gives
 * @param highest the highest code that it gives
 */
public record Grid(ElementType.Code code, Rule rule, int lowest, int highest) {
    public enum Rule {
        /** s = max(max |x|, 1e-5) / highest code; no zero point. */
        ABSMAX,
        /** ONNX DynamicQuantizeLinear widened to any width; unsigned codes with a zero point. */
        MINMAX,
        /** Scale and zero point are known and follow from no range; signed or unsigned codes. */
        GIVEN
    }

    public Grid {
        if (lowest < code.lowest() || highest > code.highest() || lowest > 0 || highest < 1) {
            throw new IllegalArgumentException(lowest + ".." + highest + " of " + code);
        }
    }

    /** All codes of a type. */
    public Grid(ElementType.Code code, Rule rule) {
        this(code, rule, code.lowest(), code.highest());
    }

    /** @param narrow the lowest code is left out, so that signed codes are symmetric */
    public Grid(ElementType.Code code, Rule rule, boolean narrow) {
        this(code, rule, code.lowest() + (narrow ? 1 : 0), code.highest());
    }

    @Override
    public String toString() {
        boolean narrow = code.signed() && lowest == code.lowest() + 1 && highest == code.highest();
        boolean all = lowest == code.lowest() && highest == code.highest();
        return code + " " + rule.name().toLowerCase(Locale.ROOT)
                + (all ? "" : narrow ? " narrow" : " " + lowest + ".." + highest);
    }
}
