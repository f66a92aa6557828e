package dev.tern.compiler.graph;

/**
 * The codes a uniform quantizer may give and how a measured range becomes a scale.
 *
 * @param code the code's type; one signed bit is not uniform and not allowed here
 * @param rule how scale and zero point follow from a range
 */
public record Grid(ElementType.Code code, Rule rule) {
    public enum Rule {
        /** s = max(max |x|, 1e-5) / highest code; no zero point. */
        ABSMAX,
        /** ONNX DynamicQuantizeLinear widened to any width; unsigned codes with a zero point. */
        MINMAX
    }

    @Override
    public String toString() {
        return code + " " + rule.name().toLowerCase(java.util.Locale.ROOT);
    }
}
