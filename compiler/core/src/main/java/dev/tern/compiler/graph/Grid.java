package dev.tern.compiler.graph;

/**
 * The codes a uniform quantizer may give and how a range becomes a scale.
 *
 * @param code the code's type; one signed bit is not uniform and not allowed here
 * @param rule how scale and zero point follow from a range
 * @param narrow the lowest code is left out, so that signed codes are symmetric; of signed codes only
 */
public record Grid(ElementType.Code code, Rule rule, boolean narrow) {
    public enum Rule {
        /** s = max(max |x|, 1e-5) / highest code; no zero point. */
        ABSMAX,
        /** ONNX DynamicQuantizeLinear widened to any width; unsigned codes with a zero point. */
        MINMAX,
        /** Scale and zero point are known and follow from no range; signed or unsigned codes. */
        GIVEN
    }

    public Grid(ElementType.Code code, Rule rule) {
        this(code, rule, false);
    }

    /** The lowest code that it gives. */
    public int lowest() {
        return narrow ? code.lowest() + 1 : code.lowest();
    }

    /** The highest code that it gives. */
    public int highest() {
        return code.highest();
    }

    @Override
    public String toString() {
        return code + " " + rule.name().toLowerCase(java.util.Locale.ROOT) + (narrow ? " narrow" : "");
    }
}
