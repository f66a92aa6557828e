package dev.tern.compiler.graph.build;

import dev.tern.compiler.graph.CodeTerm;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.NodeSink;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Operation.Part;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.WeightScheme;
import dev.tern.compiler.graph.WeightScheme.ScaleGranularity;
import dev.tern.compiler.graph.WeightScheme.TernaryRule;
import dev.tern.compiler.graph.formula.BinaryFunction;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What every weighted op comes to: weights as codes, a product on codes, one multiplication by the scales, and a
 * bias where
 * there is one. Trained ternary weights make two products, of the positive and of the negative weights, each with its
 * scale, and add them.
 */
public final class QuantizedProduct {
    /** The product itself. */
    @FunctionalInterface
    public interface Rule {
        Operation of(ValueId a, Optional<ValueId> zero, ValueId weights);
    }

    private final NodeSink out;
    private final Codes input;
    private final Shape kernelShape;
    private final Rule rule;

    private QuantizedProduct(NodeSink out, Codes input, Shape kernelShape, Rule rule) {
        this.out = out;
        this.input = input;
        this.kernelShape = kernelShape;
        this.rule = rule;
    }

    /**
     * Adds a product.
     *
     * @param input of the shape that the product needs
     * @param kernelShape the shape that the product needs of the weights, of as many elements
     * @return the f32 result without a bias
     */
    public static ValueId add(NodeSink out, Codes input, ProductWeights weights, Shape kernelShape, Rule rule) {
        boolean real = weights instanceof ProductWeights.RealWeights(ValueId _, WeightScheme.Floating _);
        Codes reals = real && input.low().isPresent() ? new ActivationCodes(out).inReals(input) : input;
        QuantizedProduct product = new QuantizedProduct(out, reals, kernelShape, rule);
        return switch (weights) {
            case ProductWeights.RealWeights(ValueId id, WeightScheme scheme) -> product.of(id, scheme);
            case ProductWeights.Stored(ValueId codes, Optional<ValueId> scale) -> product.scaled(codes, scale);
        };
    }

    /** A number added to each channel of the last axis. */
    public static ValueId biased(NodeSink out, ValueId x, ValueId bias) {
        return out.add(new Operation.Elementwise(BinaryFunction.ADD, x, bias));
    }

    private ValueId of(ValueId weights, WeightScheme scheme) {
        return switch (scheme) {
            case WeightScheme.Floating _ -> scaled(weights, Optional.empty());
            case WeightScheme.Ternary(TernaryRule.Ttq _, _) -> out.add(new Operation.Elementwise(BinaryFunction.ADD,
                    part(weights, scheme, Part.POSITIVE), part(weights, scheme, Part.NEGATIVE)));
            case WeightScheme _ -> part(weights, scheme, Part.ALL);
        };
    }

    private ValueId part(ValueId weights, WeightScheme scheme, Part part) {
        ValueId codes = out.reshaped(out.add(new Operation.WeightCodes(weights, scheme, part)), kernelShape);
        Optional<ValueId> scale = scheme.scale() instanceof ScaleGranularity.None
                ? Optional.empty()
                : Optional.of(out.add(new Operation.WeightScale(weights, scheme, part)));
        return scaled(codes, scale);
    }

    private ValueId scaled(ValueId weights, Optional<ValueId> weightScale) {
        ValueId sum = sum(out.reshaped(weights, kernelShape));
        boolean real = out.type(sum).element() instanceof ElementType.F32;
        ValueId rescaled = real && input.scale().isEmpty() && weightScale.isEmpty()
                ? sum
                : out.add(new Operation.Rescale(sum, input.scale(), weightScale));
        return input.channelScale()
                .map(scale -> out.add(new Operation.Elementwise(BinaryFunction.MULTIPLY, rescaled, ofOutputs(scale))))
                .orElse(rescaled);
    }

    /** The product itself; of codes of two parts those of both, the lower ones with what stands in the padding. */
    private ValueId sum(ValueId weights) {
        Operation product = rule.of(input.id(), input.zero(), weights);
        if (input.low().isEmpty()) {
            return out.add(product);
        }
        Codes.LowByte low = input.low().get();
        Operation upper = product instanceof Operation.Conv conv
                ? new Operation.Conv(conv.a(), conv.zero(), conv.weights(), conv.geometry(), conv.groups(),
                        Operation.Padding.ZERO)
                : product;
        return out.add(new Operation.CombineCodes(false, out.add(upper), out.add(rule.of(low.id(), low.zero(),
                weights)), CodeTerm.shifted(Codes.LOW_BITS), CodeTerm.SAME));
    }

    /** Scales of input channels as those of the output channels that are made of each alone, equally many of all. */
    private ValueId ofOutputs(ValueId scale) {
        int outputs = kernelShape.dimension(0);
        int multiplier = outputs / out.type(scale).shape().dimension(0);
        return multiplier == 1
                ? scale
                : out.add(new Operation.Gather(scale, 0, IntStream.range(0, outputs).map(o -> o / multiplier).boxed()
                        .toList()));
    }
}
