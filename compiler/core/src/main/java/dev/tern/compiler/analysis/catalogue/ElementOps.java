package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ParameterRole;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.formula.ElementFunction;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Functions of each element, and of the last axis. */
final class ElementOps {
    private static final OpParameter<Kinds.FloatRange> RANGE = OpParameter.required("range", Kinds.interval(),
            "lowest..highest");

    private static final OpParameter<Float> ALPHA = OpParameter.optional("alpha",
            Kinds.decimal("a number from 0 to 1000", 0, 1000), 1f, "what it tends to below zero, times -1");
    private static final OpParameter<Float> SLOPE = OpParameter.optional("slope",
            Kinds.decimal("a number from -1000 to 1000", -1000, 1000), 0.01f, "the factor of what is below zero");

    private static final OpParameter<ElementFunction> FORM = OpParameter.optional("form",
            new Keyword<>(Map.of("tanh", ElementFunction.GELU, "erf", ElementFunction.GELU_ERF)), ElementFunction.GELU,
            "tanh or erf");

    static final List<OpDefinition> ALL = List.of(
            function("relu", ElementFunction.RELU, "x where it is above zero, else 0"),
            function("sigmoid", ElementFunction.SIGMOID, "1 / (1 + exp(-x))"),
            function("tanh", ElementFunction.TANH, "the hyperbolic tangent"),
            OpDefinition.unary(OpSignature.of("gelu", 1, FORM), ElementOps::same,
                    (call, result) -> activation(call, call.get(FORM)),
                    "the Gaussian error linear unit, by tanh or by the error function"),
            function("silu", ElementFunction.SILU, "x / (1 + exp(-x))"),
            function("exp", ElementFunction.EXP, "e to the power of x"),
            function("sqrt", ElementFunction.SQRT, "the square root, 0 of what is below zero"),
            function("log", ElementFunction.LOG, "the natural logarithm"),
            function("softplus", ElementFunction.SOFTPLUS, "log(1 + exp(x))"),
            function("abs", ElementFunction.ABS, "x without its sign"),
            function("reciprocal", ElementFunction.RECIPROCAL, "1 / x"),
            function("hardsigmoid", ElementFunction.HARDSIGMOID, "x / 6 + 0.5, held to 0..1"),
            function("hardswish", ElementFunction.HARDSWISH, "x times its hardsigmoid"),
            OpDefinition.unary(OpSignature.of("elu", 1, ALPHA), ElementOps::same,
                    (call, result) -> activation(call, ElementFunction.elu(call.get(ALPHA))),
                    "x where it is above zero, else alpha times exp(x) - 1"),
            OpDefinition.unary(OpSignature.of("leakyrelu", 1, SLOPE), NormOps::channels, ElementOps::leakyRelu,
                    "x where it is at least zero, else x times a slope"),
            OpDefinition.unary(OpSignature.of("relu6", 0), ElementOps::same,
                    (call, result) -> clip(call, new Kinds.FloatRange(0, 6)), "x held to 0..6"),
            OpDefinition.unary(OpSignature.of("clip", 1, RANGE), ElementOps::same,
                    (call, result) -> clip(call, call.get(RANGE)), "x, or the end of the range that it passes"),
            OpDefinition.unary(OpSignature.of("hardtanh", 0), ElementOps::same,
                    (call, result) -> clip(call, new Kinds.FloatRange(-1, 1)), "x held to -1..1"),
            OpDefinition.unary(OpSignature.of("prelu", 0), NormOps::channels, ElementOps::prelu,
                    "x where it is at least zero, else x times a trained slope of its channel"),
            OpDefinition.unary(OpSignature.of("softmax", 0), NormOps::channels,
                    (call, result) -> call.real(call.x()).map(x -> call.value(call.add(new Operation.Softmax(x)))),
                    "shares of 1 over the last axis"),
            OpDefinition.unary(OpSignature.of("argmax", 0), ElementOps::withoutLast,
                    (call, result) -> call.real(call.x()).map(x -> call.value(call.add(new Operation.ArgMax(x)))),
                    "the index of the first greatest element of the last axis"));

    private ElementOps() {
    }

    private static OpDefinition function(String name, ElementFunction function, String documentation) {
        return OpDefinition.unary(OpSignature.of(name, 0), ElementOps::same,
                (call, result) -> activation(call, function), documentation);
    }

    private static Optional<TensorValue> activation(OpCall call, ElementFunction function) {
        return call.real(call.x()).map(x -> call.value(call.add(new Operation.Activation(function, x))));
    }

    /** A prelu whose channels all have the same slope, which is no parameter. */
    private static Optional<TensorValue> leakyRelu(OpCall call, Shape result) {
        float[] slopes = new float[result.channels()];
        Arrays.fill(slopes, call.get(SLOPE));
        return call.real(call.x())
                .map(x -> call.value(call.add(new Operation.PRelu(x, call.constant(Tensor.of(slopes))))));
    }

    static Optional<Shape> same(OpCall call) {
        return Optional.of(call.x().shape());
    }

    private static Optional<Shape> withoutLast(OpCall call) {
        return NormOps.channels(call).flatMap(x -> {
            long[] dimensions = Shapes.dimensions(x);
            return call.shape(Arrays.copyOf(dimensions, dimensions.length - 1));
        });
    }

    private static Optional<TensorValue> clip(OpCall call, Kinds.FloatRange range) {
        return call.real(call.x()).map(
                x -> call.value(call.add(new Operation.Clip(x, range.low(), range.high()))));
    }

    private static Optional<TensorValue> prelu(OpCall call, Shape result) {
        return call.real(call.x()).map(x -> {
            return call.value(
                    call.add(new Operation.PRelu(x, call.parameter("slope", ParameterRole.SLOPE, Shape.of(result
                            .channels())))));
        });
    }
}
