package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.graph.Expansion;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ParameterRole;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.expansion.GroupNorm;
import dev.tern.compiler.graph.expansion.L2Norm;
import dev.tern.compiler.graph.expansion.LayerNorm;
import dev.tern.compiler.graph.expansion.RmsNorm;
import dev.tern.compiler.graph.formula.BinaryFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Ops with a few trained numbers per channel. */
final class NormOps {
    private static final double USUAL_EPSILON = 1e-5;
    private static final OpParameter<Double> EPSILON = OpParameter.optional("eps", Kinds.notNegative(), USUAL_EPSILON,
            "added to the variance");

    private static final OpParameter<List<Optional<Long>>> SHAPE = OpParameter.optional("shape", Kinds.entries(),
            "the shape of the trained numbers, stretched over x; by default one number a channel");

    private static final OpParameter<Boolean> DIVIDE = OpParameter.optional("divide", Kinds.truth(), false,
            "divides by the trained numbers");
    private static final OpParameter<Integer> GROUPS = OpParameter.required("groups", Kinds.whole(1, Integer.MAX_VALUE),
            "into how many groups the channels are split");
    private static final OpParameter<Float> SHORTEST = OpParameter.optional("eps",
            Kinds.decimal("a number above 0 in f32", Float.MIN_VALUE, Float.MAX_VALUE), 1e-12f,
            "the least length that is divided by");

    static final List<OpDefinition> ALL = List.of(
            OpDefinition.unary(OpSignature.of("batchnorm", 0, EPSILON), NormOps::channels, NormOps::batchNorm,
                    "each channel by its trained mean and variance, gamma and beta"),
            OpDefinition.unary(OpSignature.of("bias", 0, SHAPE), NormOps::stretched,
                    (call, result) -> arithmetic(call, BinaryFunction.ADD, "bias"),
                    "x plus trained numbers, one a channel"),
            OpDefinition.unary(OpSignature.of("scale", 0, DIVIDE, SHAPE), NormOps::stretched,
                    (call, result) -> arithmetic(call,
                            call.get(DIVIDE) ? BinaryFunction.DIVIDE : BinaryFunction.MULTIPLY, "scale"),
                    "x times trained numbers, one a channel, or divided by them"),
            OpDefinition.unary(OpSignature.of("layernorm", 0, EPSILON), NormOps::channels,
                    (call, result) -> norm(call, new LayerNorm(call.get(EPSILON)),
                            gamma(call, result), call.parameter("beta", ParameterRole.BETA, perChannel(result))),
                    "each row of the last axis by its own mean and variance"),
            OpDefinition.unary(OpSignature.of("rmsnorm", 0, EPSILON), NormOps::channels,
                    (call, result) -> norm(call, new RmsNorm(call.get(EPSILON)), gamma(call, result)),
                    "each row of the last axis by its own root mean square"),
            OpDefinition.unary(OpSignature.of("groupnorm", 1, GROUPS, EPSILON), NormOps::grouped,
                    (call, result) -> norm(call, new GroupNorm(call.get(GROUPS), call.get(EPSILON)),
                            gamma(call, result), call.parameter("beta", ParameterRole.BETA, perChannel(result))),
                    "each group of channels by its own mean and variance"),
            OpDefinition.unary(OpSignature.of("l2norm", 0, SHORTEST), NormOps::channels,
                    (call, result) -> norm(call, new L2Norm(call.get(SHORTEST))),
                    "each row of the last axis divided by its length"));

    private NormOps() {
    }

    private static ValueId gamma(OpCall call, Shape result) {
        return call.parameter("gamma", ParameterRole.GAMMA, perChannel(result));
    }

    private static Optional<TensorValue> norm(OpCall call, Expansion norm, ValueId... parameters) {
        return call.real(call.x()).map(x -> {
            List<ValueId> operands = new ArrayList<>(List.of(x));
            operands.addAll(List.of(parameters));
            return call.value(call.add(new Operation.Composite(norm, operands)));
        });
    }

    /** The shape of an operand that has channels. */
    static Optional<Shape> channels(OpCall call) {
        Shape x = call.x().shape();
        return x.rank() > 0
                ? Optional.of(x)
                : call.mismatch("`" + call.name() + "` needs at least one axis, but gets "
                        + TypeNames.of(call.x().value().type()));
    }

    private static Optional<Shape> grouped(OpCall call) {
        return channels(call).flatMap(x -> x.channels() % call.get(GROUPS) == 0
                ? Optional.of(x)
                : call.error(DiagnosticCode.SHAPE_MISMATCH,
                        "`groupnorm` cannot split " + x.channels() + " channels into " + call.get(GROUPS) + " groups",
                        call.at(GROUPS)));
    }

    private static Shape perChannel(Shape shape) {
        return Shape.of(shape.channels());
    }

    private static Optional<TensorValue> batchNorm(OpCall call, Shape result) {
        Shape channels = perChannel(result);
        return call.real(call.x()).map(x -> call.value(call.add(new Operation.BatchNorm(x,
                call.parameter("gamma", ParameterRole.GAMMA, channels), call.parameter("beta", ParameterRole.BETA,
                        channels),
                call.parameter("mean", ParameterRole.MEAN, channels), call.parameter("variance", ParameterRole.VARIANCE,
                        channels), call.get(EPSILON)))));
    }

    /** The operand's shape, over which the trained numbers are stretched. */
    private static Optional<Shape> stretched(OpCall call) {
        Optional<Shape> x = channels(call);
        if (x.isEmpty() || call.find(SHAPE).isEmpty()) {
            return x;
        }
        return numbers(call).flatMap(shape -> stretches(shape, x.get())
                ? x
                : call.error(DiagnosticCode.SHAPE_MISMATCH,
                        "numbers of shape " + shape + " do not stretch over " + TypeNames.of(call.x().value().type()),
                        call.at(SHAPE), "trailing dimensions align, and a dimension of 1 stretches"));
    }

    private static boolean stretches(Shape numbers, Shape x) {
        int missing = x.rank() - numbers.rank();
        for (int axis = 0; axis < numbers.rank(); axis++) {
            if (missing < 0 || numbers.dimension(axis) != 1
                    && numbers.dimension(axis) != x.dimension(missing + axis)) {
                return false;
            }
        }
        return missing >= 0;
    }

    /** The shape that is written, if one is and can be. */
    private static Optional<Shape> numbers(OpCall call) {
        return call.find(SHAPE).flatMap(entries -> Shapes.of("`shape`", call.at(SHAPE), call.report(),
                entries.stream().mapToLong(entry -> entry.orElse(0L)).toArray()));
    }

    private static Optional<TensorValue> arithmetic(OpCall call, BinaryFunction function, String parameter) {
        Shape shape = numbers(call).orElse(perChannel(call.x().shape()));
        return call.real(call.x()).map(x -> call.value(
                call.add(new Operation.Elementwise(function, x, call.parameter(parameter, shape)))));
    }
}
