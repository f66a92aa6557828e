package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** Embeddings, and attention, whose shapes are checked and which no pass lowers. */
final class TokenOps {
    private enum Embedding {
        SINUSOIDAL, LEARNED
    }

    private static final double LONGEST_WAVE = 10_000;
    private static final OpParameter<Embedding> EMBEDDING = OpParameter.required("kind",
            new Keyword<>(Map.of("sinusoidal", Embedding.SINUSOIDAL, "learned", Embedding.LEARNED)),
            "sinusoidal or learned");
    private static final OpParameter<Integer> FEATURES = OpParameter.required("features",
            Kinds.whole(1, Integer.MAX_VALUE), "how many numbers come out");
    private static final OpParameter<Integer> HEADS = OpParameter.required("heads", Kinds.whole(1, Integer.MAX_VALUE),
            "into how many heads the last axis is split");

    static final List<OpDefinition> ALL = List.of(
            new OpDefinition(OpSignature.of("embed", 2, EMBEDDING, FEATURES), OpDefinition.Operands.STEP, false, true,
                    TokenOps::embedded, TokenOps::embed, "a step, or each of several indices, as a vector of features"),
            OpDefinition.weighted(
                    OpSignature.of("attention", 1, HEADS, WeightedProduct.BIAS, Schemes.WEIGHTS, Schemes.ACTIVATIONS),
                    TokenOps::attended, TokenOps::attention, "self-attention over [tokens, features]"));

    private TokenOps() {
    }

    private static Optional<Shape> embedded(OpCall call) {
        int features = call.get(FEATURES);
        return call.get(EMBEDDING) == Embedding.SINUSOIDAL && features < 2
                ? call.error(DiagnosticCode.BAD_ARGUMENT, "a sinusoidal embedding has a sine and a cosine, so at "
                        + "least 2 features", call.at(FEATURES))
                : call.shape(LongStream.concat(LongStream.of(Shapes.dimensions(call.x().shape())),
                        LongStream.of(features)).toArray());
    }

    private static Optional<TensorValue> embed(OpCall call, Shape result) {
        int steps = ((ElementType.StepIndex) call.x().value().type().element()).count();
        return Shapes.of("the table of `embed`", call.span(), call.report(), steps, call.get(FEATURES))
                .map(shape -> switch (call.get(EMBEDDING)) {
                    case SINUSOIDAL -> call.constant(sinusoids(shape));
                    case LEARNED -> call.parameter("weight", shape);
                })
                .map(table -> call.value(call.add(new Operation.StepTable(call.x().value().id(), table))));
    }

    /**
     * Sines and cosines of a step (Vaswani et al. 2017, in the order of diffusion models): with {@code h = features /
     * 2} feature i below h is {@code sin(t * f)} and feature h + i is {@code cos(t * f)}, {@code f = exp(-log(10000) *
     * i / h)}; the last one of an odd number is 0. In double by {@link StrictMath}, from the left, rounded once.
     */
    static Tensor.Floats sinusoids(Shape shape) {
        int features = shape.channels();
        int half = features / 2;
        float[] table = new float[shape.elements()];
        for (int step = 0; step < shape.rows(); step++) {
            for (int i = 0; i < half; i++) {
                double angle = step * StrictMath.exp(-StrictMath.log(LONGEST_WAVE) * i / half);
                table[step * features + i] = (float) StrictMath.sin(angle);
                table[step * features + half + i] = (float) StrictMath.cos(angle);
            }
        }
        return new Tensor.Floats(shape, table);
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
                        "`dense` makes queries, keys and values, and `matmul` and `softmax` mix tokens by them")));
    }
}
