package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.analysis.value.TensorValue.Codes;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Operation.Part;
import dev.tern.compiler.graph.ParameterRole;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.WeightScheme;
import dev.tern.compiler.graph.WeightScheme.ScaleGranularity;
import dev.tern.compiler.graph.formula.BinaryFunction;
import java.util.List;
import java.util.Optional;

/**
 * What every weighted op comes to: the input quantized, the weights quantized, their product on codes, one
 * multiplication by the scales, and a bias where one is asked for. Trained ternary weights make two products, of the
 * positive and of the negative weights, each with its scale, and add them.
 */
final class WeightedProduct {
    static final Parameter<Boolean> BIAS = Parameter.optional("bias", Kinds.truth(), false,
            "adds a trained number to each channel");

    /** The product itself. */
    @FunctionalInterface
    interface Rule {
        Operation of(ValueId a, Optional<ValueId> zero, ValueId weights);
    }

    private final OpCall call;
    private final ParameterRole role;
    private final Shape weightShape;
    private final Shape kernelShape;
    private final Rule rule;

    private WeightedProduct(OpCall call, ParameterRole role, Shape weightShape, Shape kernelShape, Rule rule) {
        this.call = call;
        this.role = role;
        this.weightShape = weightShape;
        this.kernelShape = kernelShape;
        this.rule = rule;
    }

    /**
     * @param role of the weights
     * @param weightShape of the parameters, output channels first
     * @param kernelShape the shape that the product needs, of as many elements
     * @param inputShape the shape that the product needs of the input, of as many elements
     * @return the f32 result, or empty if an error was reported
     */
    static Optional<TensorValue> build(OpCall call, ParameterRole role, Shape weightShape, Shape kernelShape,
            Shape inputShape,
            Rule rule) {
        return InputQuantizer.quantize(call, call.x(), call.activations())
                .map(codes -> new WeightedProduct(call, role, weightShape, kernelShape, rule).of(codes, inputShape));
    }

    private TensorValue of(Codes input, Shape inputShape) {
        ValueId x = reshaped(input.id(), inputShape);
        ValueId weights = call.parameter("weight", role, weightShape);
        ValueId sum = switch (call.weights()) {
            case WeightScheme.Floating _ -> rescale(
                    call.add(rule.of(x, input.zero(), reshaped(weights, kernelShape))), input, Optional.empty());
            case WeightScheme scheme when scheme.scale() instanceof ScaleGranularity.Group -> group(x, weights);
            case WeightScheme.Ternary ternary when ternary.rule() instanceof WeightScheme.TernaryRule.Ttq ->
                call.add(new Operation.Elementwise(BinaryFunction.ADD,
                        part(x, input, weights, ternary, Part.POSITIVE),
                        part(x, input, weights, ternary, Part.NEGATIVE)));
            case WeightScheme scheme -> part(x, input, weights, scheme, Part.ALL);
        };
        if (call.get(BIAS)) {
            ValueId bias = call.parameter("bias", Shape.of(weightShape.dimension(0)));
            sum = call.add(new Operation.Elementwise(BinaryFunction.ADD, sum, bias));
        }
        return call.value(sum);
    }

    private ValueId reshaped(ValueId id, Shape shape) {
        TensorType type = call.draft().type(id);
        return type.shape().equals(shape)
                ? id
                : call.add(new Operation.Reshape(id), new TensorType(type.element(), shape));
    }

    private ValueId part(ValueId x, Codes input, ValueId weights, WeightScheme scheme, Part part) {
        ValueId codes = reshaped(call.add(new Operation.WeightCodes(weights, scheme, part)), kernelShape);
        Optional<ValueId> scale = scheme.scale() instanceof ScaleGranularity.None
                ? Optional.empty()
                : Optional.of(call.add(new Operation.WeightScale(weights, scheme, part)));
        return rescale(call.add(rule.of(x, input.zero(), codes)), input, scale);
    }

    private ValueId rescale(ValueId sum, Codes input, Optional<ValueId> weightScale) {
        boolean real = call.draft().type(sum).element() instanceof ElementType.F32;
        return real && input.scale().isEmpty() && weightScale.isEmpty()
                ? sum
                : call.add(new Operation.Rescale(sum, input.scale(), weightScale));
    }

    /** A scale for each group of weights: the shape of the product without the product. */
    private ValueId group(ValueId x, ValueId weights) {
        Operation product = rule.of(x, Optional.empty(), reshaped(weights, kernelShape));
        Shape shape = call.draft().typeOf(product).shape();
        return call.add(new Operation.NotLowered("group", "`scale: channel` and `scale: tensor` are compiled", List.of(
                x, weights)),
                new TensorType(ElementType.F32, shape));
    }
}
