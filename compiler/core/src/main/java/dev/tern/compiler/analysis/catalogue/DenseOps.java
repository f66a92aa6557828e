package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ParameterRole;
import dev.tern.compiler.graph.Shape;
import java.util.List;
import java.util.Optional;

/** Products with a matrix over the last axis. */
final class DenseOps {
    private static final OpParameter<Integer> FEATURES = OpParameter.required("features",
            Kinds.whole(1, Integer.MAX_VALUE), "how many numbers come out");

    static final List<OpDefinition> ALL = List.of(OpDefinition.weighted(
            OpSignature.of("dense", 1, FEATURES, WeightedProduct.BIAS, Schemes.WEIGHTS, Schemes.ACTIVATIONS),
            DenseOps::shape, DenseOps::build, "a product of the last axis with a matrix of weights [out, in]"));

    private DenseOps() {
    }

    private static Optional<Shape> shape(OpCall call) {
        Shape x = call.x().shape();
        if (x.rank() == 0) {
            return call.mismatch("`dense` needs at least one axis, but gets " + TypeNames.of(call.x().value().type()));
        }
        long[] dimensions = Shapes.dimensions(x);
        dimensions[dimensions.length - 1] = call.get(FEATURES);
        return call.shape(dimensions);
    }

    private static Optional<TensorValue> build(OpCall call, Shape result) {
        return Shapes.of("the weights of `dense`", call.span(), call.report(), call.get(FEATURES),
                call.x().shape().channels())
                .flatMap(weights -> WeightedProduct.build(call, ParameterRole.DENSE, weights, weights, call.x().shape(),
                        Operation.Dense::new));
    }
}
