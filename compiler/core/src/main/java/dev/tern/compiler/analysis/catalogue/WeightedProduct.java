package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ParameterRole;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.WeightScheme.ScaleGranularity;
import dev.tern.compiler.graph.build.Codes;
import dev.tern.compiler.graph.build.ProductWeights;
import dev.tern.compiler.graph.build.QuantizedProduct;
import java.util.List;
import java.util.Optional;

/** Weighted ops of the language: their input under its scheme, their parameters, and the product of both. */
final class WeightedProduct {
    static final Parameter<Boolean> BIAS = Parameter.optional("bias", Kinds.truth(), false,
            "adds a trained number to each channel");

    private WeightedProduct() {
    }

    /**
     * @param role of the weights
     * @param weightShape of the parameters, output channels first
     * @param kernelShape the shape that the product needs, of as many elements
     * @param inputShape the shape that the product needs of the input, of as many elements
     * @return the f32 result, or empty if an error was reported
     */
    static Optional<TensorValue> build(OpCall call, ParameterRole role, Shape weightShape, Shape kernelShape,
            Shape inputShape, QuantizedProduct.Rule rule) {
        return InputQuantizer.quantize(call, call.x(), call.activations()).map(codes -> {
            Codes input = new Codes(call.reshaped(codes.id(), inputShape), codes.scale(), codes.zero());
            ValueId weights = call.parameter("weight", role, weightShape);
            ValueId sum = call.weights().scale() instanceof ScaleGranularity.Group
                    ? group(call, input, weights, kernelShape, rule)
                    : QuantizedProduct.add(call, input, new ProductWeights.Reals(weights, call.weights()), kernelShape,
                            rule);
            return call.value(call.get(BIAS)
                    ? QuantizedProduct.biased(call, sum, call.parameter("bias", Shape.of(weightShape.dimension(0))))
                    : sum);
        });
    }

    /** A scale for each group of weights: the shape of the product without the product. */
    private static ValueId group(OpCall call, Codes input, ValueId weights, Shape kernelShape,
            QuantizedProduct.Rule rule) {
        Operation product = rule.of(input.id(), Optional.empty(), call.reshaped(weights, kernelShape));
        Shape shape = call.draft().typeOf(product).shape();
        return call.add(
                new Operation.NotLowered("group", "`scale: channel` and `scale: tensor` are compiled",
                        List.of(input.id(), weights)),
                new TensorType(ElementType.F32, shape));
    }
}
