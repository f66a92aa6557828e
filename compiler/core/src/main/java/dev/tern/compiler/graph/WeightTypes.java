package dev.tern.compiler.graph;

import static dev.tern.compiler.graph.TypeInference.require;

import dev.tern.compiler.graph.WeightScheme.ScaleGranularity;

/** Typing rules of codes and scales made from float weights. */
final class WeightTypes {
    private WeightTypes() {
    }

    static TensorType codes(Operation.WeightCodes operation, TensorType weights) {
        check(operation.scheme(), operation.part(), weights);
        ElementType element = switch (operation.scheme()) {
            case WeightScheme.Binary binary -> ElementType.BIPOLAR;
            case WeightScheme.Ternary ternary -> ElementType.TERNARY;
            case WeightScheme.Integer integer -> new ElementType.Code(integer.bits(), true);
            case WeightScheme.Asymmetric asymmetric -> new ElementType.Code(asymmetric.bits() + 1, true);
            case WeightScheme.Floating floating -> throw new TypeRuleException("float weights have no codes");
        };
        return new TensorType(element, weights.shape());
    }

    static TensorType scale(Operation.WeightScale operation, TensorType weights) {
        check(operation.scheme(), operation.part(), weights);
        Shape shape = switch (operation.scheme().scale()) {
            case ScaleGranularity.PerChannel channel -> Shape.of(weights.shape().dimension(0));
            case ScaleGranularity.PerTensor tensor -> Shape.scalar();
            case ScaleGranularity.None none -> Shape.scalar();
            case ScaleGranularity.Group group ->
                throw new TypeRuleException("a scale for each group of " + group.size() + " weights");
        };
        return new TensorType(ElementType.F32, shape);
    }

    private static void check(WeightScheme scheme, Operation.Part part, TensorType weights) {
        TypeInference.real("a weight scheme", weights);
        require(weights.shape().rank() >= 2, "weights of shape " + weights.shape());
        require(!(scheme instanceof WeightScheme.Floating), "float weights have neither codes nor scale");
        require(!(scheme instanceof WeightScheme.Integer(int bits, var scale)) || bits >= 2 && bits <= 8,
                "integer weights of a width outside 2..8");
        require(!(scheme instanceof WeightScheme.Asymmetric(int bits, var scale)) || bits >= 2 && bits <= 7
                && !(scale instanceof ScaleGranularity.None), "asymmetric weights of a width outside 2..7");
        boolean split = scheme instanceof WeightScheme.Ternary(WeightScheme.TernaryRule.Ttq ttq, var scale);
        require(split == (part != Operation.Part.ALL), "part " + part + " of the scheme " + scheme);
    }
}
