package dev.tern.importers.tflite;

import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.NetworkOp.Reduce;
import java.util.List;
import java.util.Map;

/** Reductions of reals. */
final class Reductions {
    private static final float LEAST_SQUARES = 1e-6f;

    private Reductions() {
    }

    static void addTo(Map<String, TfliteTranslator> operators) {
        reduction(operators, "MEAN", Reduce.Kind.MEAN);
        reduction(operators, "SUM", Reduce.Kind.SUM);
        reduction(operators, "REDUCE_MAX", Reduce.Kind.MAX);
        reduction(operators, "REDUCE_MIN", Reduce.Kind.MIN);
        reduction(operators, "REDUCE_PROD", Reduce.Kind.PRODUCT);
        operators.put("SOFTMAX", (TfliteTranslator.Single) Reductions::softmax);
        operators.put("LOG_SOFTMAX", (TfliteTranslator.Single) node -> node.add(
                new NetworkOp.Softmax(node.in(0).rank() - 1, true), node.in(0)));
        operators.put("ARG_MAX", (TfliteTranslator.Single) Reductions::argMax);
        operators.put("L2_NORMALIZATION", (TfliteTranslator.Single) Reductions::l2);
    }

    private static void reduction(Map<String, TfliteTranslator> operators, String name, Reduce.Kind kind) {
        operators.put(name, (TfliteTranslator.Single) node -> node.add(
                new Reduce(kind, node.axes(1, node.in(0).rank()), node.truth(0)), node.in(0)));
    }

    private static ForeignValue softmax(TfliteNode node) {
        float beta = node.f32(0, 1);
        ForeignValue x = beta == 1
                ? node.in(0)
                : node.binary(NetworkOp.Binary.Function.MULTIPLY, node.in(0), node.network().scalar(beta));
        if (x.rank() == 0) {
            throw new ImportProblemException("a softmax of one number");
        }
        return node.add(new NetworkOp.Softmax(x.rank() - 1, false), x);
    }

    private static ForeignValue argMax(TfliteNode node) {
        List<Integer> axis = node.whole(1, "dimension");
        if (axis.size() != 1) {
            throw new ImportProblemException("an ARG_MAX over the axes " + axis);
        }
        return node.add(new NetworkOp.ArgMax(Extents.axis(axis.getFirst(), node.in(0).rank()), false), node.in(0));
    }

    /** x divided by the root of the sum of its squares over the last axis, which is 1e-6 at least. */
    private static ForeignValue l2(TfliteNode node) {
        ForeignValue x = node.in(0);
        ForeignValue squares = node.binary(NetworkOp.Binary.Function.MULTIPLY, x, x);
        ForeignValue sum = node.add(new Reduce(Reduce.Kind.SUM, List.of(Extents.axis(-1, x.rank())), true), squares);
        ForeignValue root = node.unary(NetworkOp.Unary.Function.SQRT,
                node.add(new NetworkOp.Unary(NetworkOp.Unary.Function.CLIP, LEAST_SQUARES * LEAST_SQUARES,
                        Float.POSITIVE_INFINITY), sum));
        return node.activated(node.binary(NetworkOp.Binary.Function.DIVIDE, x, root), node.activation(0));
    }
}
