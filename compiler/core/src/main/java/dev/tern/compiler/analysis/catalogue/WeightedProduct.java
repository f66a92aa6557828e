package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ParameterRole;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.WeightScheme;
import dev.tern.compiler.graph.WeightScheme.ScaleGranularity;
import dev.tern.compiler.graph.build.Codes;
import dev.tern.compiler.graph.build.ProductWeights;
import dev.tern.compiler.graph.build.QuantizedProduct;
import dev.tern.compiler.graph.formula.BinaryFunction;
import java.util.Optional;
import java.util.stream.IntStream;

/** Weighted ops of the language: their input under its scheme, their parameters, and the product of both. */
final class WeightedProduct {
    static final OpParameter<Boolean> BIAS = OpParameter.optional("bias", Kinds.truth(), false,
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
        if (call.weights().scale() instanceof ScaleGranularity.Group(int size)
                && kernelShape.channels() % size != 0) {
            return call.error(DiagnosticCode.BAD_SCHEME,
                    "`scale: group(" + size + ")` does not divide the " + kernelShape.channels()
                            + " inputs of each output of `" + call.name() + "`",
                    call.at(Schemes.WEIGHTS), "a group is so many of them that share a scale");
        }
        Optional<Codes> quantized = role == ParameterRole.DEPTHWISE
                ? InputQuantizer.quantizeChannels(call, call.x(), call.activations())
                : InputQuantizer.quantize(call, call.x(), call.activations());
        return quantized.map(codes -> {
            Codes input = codes.map(id -> call.reshaped(id, inputShape));
            ValueId weights = call.parameter("weight", role, weightShape);
            ValueId sum = call.weights().scale() instanceof ScaleGranularity.Group(int size)
                    ? grouped(call, input, weights, kernelShape, size, rule)
                    : QuantizedProduct.add(call, input, new ProductWeights.RealWeights(weights, call.weights()),
                            kernelShape,
                            rule);
            return call.value(call.get(BIAS)
                    ? QuantizedProduct.biased(call, sum, call.parameter("bias", Shape.of(weightShape.dimension(0))))
                    : sum);
        });
    }

    /** A scale for each group of inputs: a product of each group with scales per channel, added in order. */
    private static ValueId grouped(OpCall call, Codes input, ValueId weights, Shape kernelShape, int size,
            QuantizedProduct.Rule rule) {
        int inputs = kernelShape.channels();
        int[] dimensions = kernelShape.toArray();
        dimensions[dimensions.length - 1] = size;
        WeightScheme scheme = call.weights().withScale(ScaleGranularity.CHANNEL);
        Optional<ValueId> sum = Optional.empty();
        for (int start = 0; start < inputs; start += size) {
            int axis = call.type(weights).shape().rank() - 1;
            ValueId part = call.add(new Operation.Slice(weights, axis, start, start + size));
            int first = start;
            Codes codes = input.map(id -> channels(call, id, inputs, first, size));
            ValueId product = QuantizedProduct.add(call, codes, new ProductWeights.RealWeights(part, scheme),
                    Shape.of(dimensions), rule);
            sum = Optional.of(sum.map(
                    left -> call.add(new Operation.Elementwise(BinaryFunction.ADD, left, product))).orElse(product));
        }
        return sum.orElseThrow();
    }

    /** Some of the inputs of each group of a convolution. */
    private static ValueId channels(OpCall call, ValueId x, int inputs, int start, int size) {
        Shape shape = call.type(x).shape();
        int axis = shape.rank() - 1;
        return shape.channels() == inputs
                ? call.add(new Operation.Slice(x, axis, start, start + size))
                : call.add(new Operation.Gather(x, axis, IntStream.range(0, shape.channels())
                        .filter(c -> c % inputs >= start && c % inputs < start + size).boxed().toList()));
    }
}
