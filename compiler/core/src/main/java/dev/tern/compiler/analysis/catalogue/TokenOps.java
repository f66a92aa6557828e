package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.catalogue.Kinds.Extent;
import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ParameterRole;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.BinaryFunction;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Ops whose shapes are checked and that no pass lowers: embeddings, attention, and windows that widen. */
final class TokenOps {
    private enum Embedding {
        SINUSOIDAL, LEARNED
    }

    private static final String OUTSIDE = "compute the embedding outside the model and give it as an f32 input";
    private static final String SMALLER = "planes can be made smaller, by strides and pools, but not larger";
    private static final Extent ONE = new Extent(1, 1);
    private static final Parameter<Embedding> EMBEDDING = Parameter.required("kind",
            new Keyword<>(Map.of("sinusoidal", Embedding.SINUSOIDAL, "learned", Embedding.LEARNED)),
            "sinusoidal or learned");
    private static final Parameter<Integer> FEATURES = Parameter.required("features",
            Kinds.whole(1, Integer.MAX_VALUE), "how many numbers come out");
    private static final Parameter<Integer> HEADS = Parameter.required("heads", Kinds.whole(1, Integer.MAX_VALUE),
            "into how many heads the last axis is split");
    private static final Parameter<Extent> FACTOR = Parameter.required("factor", Kinds.extent(),
            "how often each row and column is repeated");
    private static final Parameter<Extent> STRIDE = Parameter.optional("stride", Kinds.extent(), ONE,
            "how far apart the input's places lie in the result");
    private static final Parameter<Pad> PAD = Parameter.optional("pad", Pad.kind(), Pad.SAME,
            "same, valid, or how many rows and columns to cut off");

    static final List<OpDefinition> ALL = List.of(
            new OpDefinition(Signature.of("embed", 2, EMBEDDING, FEATURES), OpDefinition.Operands.STEP, false, true,
                    call -> call.shape(call.get(FEATURES)), TokenOps::embed, "a step as a vector of features"),
            OpDefinition.weighted(
                    Signature.of("attention", 1, HEADS, WeightedProduct.BIAS, Schemes.WEIGHTS, Schemes.ACTIVATIONS),
                    TokenOps::attended, TokenOps::attention, "self-attention over [tokens, features]"),
            OpDefinition.unary(Signature.of("upsample", 1, FACTOR), TokenOps::upsampled,
                    (call, result) -> call.real(call.x()).flatMap(_ -> call.notLowered(result, List.of(), SMALLER)),
                    "each row and column repeated"),
            OpDefinition.weighted(
                    Signature.of("convtranspose", 2, ConvOps.CHANNELS, ConvOps.KERNEL, STRIDE, PAD,
                            WeightedProduct.BIAS,
                            Schemes.WEIGHTS, Schemes.ACTIVATIONS),
                    TokenOps::widened, TokenOps::widen,
                    "a transposed convolution, weights [out, height, width, in]"));

    private TokenOps() {
    }

    private static Optional<TensorValue> embed(OpCall call, Shape result) {
        if (call.get(EMBEDDING) == Embedding.SINUSOIDAL) {
            return call.notLowered(result, List.of(), OUTSIDE);
        }
        int steps = ((ElementType.Step) call.x().value().type().element()).count();
        return Shapes.of("the weights of `embed`", call.span(), call.report(), steps, call.get(FEATURES))
                .flatMap(table -> call.notLowered(result, List.of(call.parameter("weight", table)), OUTSIDE));
    }

    private static Optional<Shape> attended(OpCall call) {
        if (!call.rank("[tokens, features]", 2)) {
            return Optional.empty();
        }
        if (call.x().shape().channels() % call.get(HEADS) != 0) {
            return call.mismatch("`attention` cannot split the " + call.x().shape().channels() + " features of "
                    + TypeNames.of(call.x().value().type()) + " into " + call.get(HEADS) + " heads");
        }
        return Optional.of(call.x().shape());
    }

    private static Optional<TensorValue> attention(OpCall call, Shape result) {
        int features = result.channels();
        return Shapes.of("the weights of `attention`", call.span(), call.report(), features, features)
                .flatMap(square -> call.real(call.x()).flatMap(_ -> call.notLowered(result,
                        List.of(call.parameter("query", square), call.parameter("key", square),
                                call.parameter("value", square), call.parameter("output", square)),
                        "`dense` and `conv1d` mix tokens by weights; products of two tensors that depend on the input "
                                + "are not compiled")));
    }

    private static Optional<Shape> upsampled(OpCall call) {
        if (!call.rank("[height, width, channels]", 3)) {
            return Optional.empty();
        }
        long[] dimensions = Shapes.dimensions(call.x().shape());
        return call.shape(dimensions[0] * call.get(FACTOR).height(), dimensions[1] * call.get(FACTOR).width(),
                dimensions[2]);
    }

    private static Optional<Shape> widened(OpCall call) {
        if (!call.rank("[height, width, channels]", 3)) {
            return Optional.empty();
        }
        Shape x = call.x().shape();
        Extent stride = call.get(STRIDE);
        if (call.get(PAD) instanceof Pad.Same) {
            return call.shape((long) x.dimension(0) * stride.height(), (long) x.dimension(1) * stride.width(),
                    call.get(ConvOps.CHANNELS));
        }
        Geometry cut = call.get(PAD).over(x, call.get(ConvOps.KERNEL), stride, ONE);
        return call.shape(
                (x.dimension(0) - 1L) * stride.height() + cut.kernelHeight() - cut.padTop() - cut.padBottom(),
                (x.dimension(1) - 1L) * stride.width() + cut.kernelWidth() - cut.padLeft() - cut.padRight(),
                call.get(ConvOps.CHANNELS));
    }

    private static Optional<TensorValue> widen(OpCall call, Shape result) {
        Extent kernel = call.get(ConvOps.KERNEL);
        return Shapes.of("the weights of `convtranspose`", call.span(), call.report(), call.get(ConvOps.CHANNELS),
                kernel.height(), kernel.width(), call.x().shape().channels())
                .flatMap(shape -> call.real(call.x())
                        .flatMap(_ -> call.notLowered(result, List.of(call.parameter("weight",
                                ParameterRole.CONVTRANSPOSE, shape)), SMALLER)))
                .map(value -> call.get(WeightedProduct.BIAS) ? biased(call, value) : value);
    }

    private static TensorValue biased(OpCall call, TensorValue value) {
        ValueId bias = call.parameter("bias", Shape.of(value.type().shape().channels()));
        ValueId sum = call.add(
                new Operation.Elementwise(BinaryFunction.ADD, value.id(), bias),
                new TensorType(ElementType.F32, value.type().shape()));
        return call.value(sum);
    }
}
