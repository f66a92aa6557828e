package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Ops whose shapes are checked and that no pass lowers: embeddings and attention. */
final class TokenOps {
    private enum Embedding {
        SINUSOIDAL, LEARNED
    }

    private static final String OUTSIDE = "compute the embedding outside the model and give it as an f32 input";
    private static final Parameter<Embedding> EMBEDDING = Parameter.required("kind",
            new Keyword<>(Map.of("sinusoidal", Embedding.SINUSOIDAL, "learned", Embedding.LEARNED)),
            "sinusoidal or learned");
    private static final Parameter<Integer> FEATURES = Parameter.required("features",
            Kinds.whole(1, Integer.MAX_VALUE), "how many numbers come out");
    private static final Parameter<Integer> HEADS = Parameter.required("heads", Kinds.whole(1, Integer.MAX_VALUE),
            "into how many heads the last axis is split");

    static final List<OpDefinition> ALL = List.of(
            new OpDefinition(Signature.of("embed", 2, EMBEDDING, FEATURES), OpDefinition.Operands.STEP, false, true,
                    call -> call.shape(call.get(FEATURES)), TokenOps::embed, "a step as a vector of features"),
            OpDefinition.weighted(
                    Signature.of("attention", 1, HEADS, WeightedProduct.BIAS, Schemes.WEIGHTS, Schemes.ACTIVATIONS),
                    TokenOps::attended, TokenOps::attention, "self-attention over [tokens, features]"));

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
}
