package dev.tern.importers.onnx;

import dev.tern.importers.network.Constant;
import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ForeignNode;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.NetworkOp.Binary;
import dev.tern.importers.network.NetworkOp.Reduce;
import dev.tern.importers.network.NetworkOp.RowNorm;
import dev.tern.importers.network.NetworkOp.Unary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Norms, reductions, and functions of an axis. */
final class NormOperators {
    private static final float USUAL_EPSILON = 1e-5f;
    /** Where the specification adds nothing. */
    private static final double TINY = 1e-30;

    private NormOperators() {
    }

    static void addTo(Map<String, OnnxTranslator> operators) {
        operators.put("BatchNormalization", (OnnxTranslator.Single) NormOperators::batchNorm);
        operators.put("LayerNormalization", node -> rowNorm(node, RowNorm.Kind.LAYER));
        operators.put("RMSNormalization", node -> rowNorm(node, RowNorm.Kind.RMS));
        operators.put("SimplifiedLayerNormalization", node -> rowNorm(node, RowNorm.Kind.RMS));
        operators.put("InstanceNormalization", (OnnxTranslator.Single) node -> node.add(
                new NetworkOp.GroupNorm(node.in(0).size(Extents.axis(1, node.in(0).rank())), epsilon(node)),
                node.in(0), node.in(1), node.in(2)));
        operators.put("GroupNormalization", (OnnxTranslator.Single) NormOperators::groupNorm);
        operators.put("LpNormalization", (OnnxTranslator.Single) NormOperators::lpNorm);
        operators.put("MeanVarianceNormalization", (OnnxTranslator.Single) NormOperators::meanVariance);
        reduction(operators, "ReduceSum", Reduce.Kind.SUM, 13);
        reduction(operators, "ReduceMean", Reduce.Kind.MEAN, 18);
        reduction(operators, "ReduceMax", Reduce.Kind.MAX, 18);
        reduction(operators, "ReduceMin", Reduce.Kind.MIN, 18);
        reduction(operators, "ReduceProd", Reduce.Kind.PRODUCT, 18);
        reduction(operators, "ReduceL1", Reduce.Kind.ABSOLUTE_SUM, 18);
        reduction(operators, "ReduceL2", Reduce.Kind.SQUARE_SUM_ROOT, 18);
        reduction(operators, "ReduceSumSquare", Reduce.Kind.SQUARE_SUM, 18);
        reduction(operators, "ReduceLogSum", Reduce.Kind.LOG_SUM, 18);
        reduction(operators, "ReduceLogSumExp", Reduce.Kind.LOG_SUM_EXP, 18);
        operators.put("Softmax", (OnnxTranslator.Single) node -> softmax(node, false));
        operators.put("LogSoftmax", (OnnxTranslator.Single) node -> softmax(node, true));
        operators.put("ArgMax", (OnnxTranslator.Single) node -> argMax(node, node.in(0)));
        operators.put("ArgMin", (OnnxTranslator.Single) node -> argMax(node, node.unary(Unary.Function.NEGATE, node.in(
                0))));
        operators.put("TopK", NormOperators::topK);
    }

    private static double epsilon(OnnxNode node) {
        return node.decimal("epsilon", USUAL_EPSILON);
    }

    private static ForeignValue batchNorm(OnnxNode node) {
        if (node.integer("training_mode", 0) != 0) {
            throw new ImportProblemException("the model computes its batchnorm from the batch, as in training",
                    "export it for inference: `model.eval()` in PyTorch");
        }
        ForeignValue x = node.in(0);
        // A batch of vectors [n, c] has its channels on axis 1, too.
        int axis = x.rank() == 1 ? 0 : 1;
        return node.add(new NetworkOp.BatchNorm(axis, epsilon(node)), x, node.in(1), node.in(2), node.in(3),
                node.in(4));
    }

    private static List<ForeignValue> rowNorm(OnnxNode node, RowNorm.Kind kind) {
        ForeignValue x = node.in(0);
        int axis = node.axis("axis", -1, x.rank());
        ForeignValue norm = node.add(new RowNorm(kind, axis, epsilon(node)), node.all());
        if (node.outputs() == 1) {
            return List.of(norm);
        }
        List<Integer> row = Extents.range(x.rank()).subList(axis, x.rank());
        ForeignValue mean = node.add(new Reduce(Reduce.Kind.MEAN, row, true), x);
        ForeignValue centered = node.binary(Binary.Function.SUBTRACT, x, mean);
        ForeignValue variance = node.add(new Reduce(Reduce.Kind.MEAN, row, true),
                node.binary(Binary.Function.MULTIPLY, centered, centered));
        ForeignValue deviation = node.unary(Unary.Function.SQRT,
                node.binary(Binary.Function.ADD, variance, node.network().scalar((float) epsilon(node))));
        return List.of(norm, mean, node.unary(Unary.Function.RECIPROCAL, deviation));
    }

    private static ForeignValue groupNorm(OnnxNode node) {
        ForeignValue x = node.in(0);
        int groups = (int) node.integer("num_groups", 1);
        ForeignValue gamma = node.in(1);
        ForeignValue beta = node.in(2);
        if (node.version() < 21) {
            gamma = perChannel(node, gamma, x.size(1), groups);
            beta = perChannel(node, beta, x.size(1), groups);
        }
        return node.add(new NetworkOp.GroupNorm(groups, epsilon(node)), x, gamma, beta);
    }

    /** Opset 18 has a number for each group. */
    private static ForeignValue perChannel(OnnxNode node, ForeignValue value, int channels, int groups) {
        ForeignValue column = node.reshape(value, List.of(groups, 1));
        ForeignValue stretched = node.add(new NetworkOp.Expand(List.of(groups, channels / groups)), column);
        return node.reshape(stretched, List.of(channels));
    }

    private static ForeignValue lpNorm(OnnxNode node) {
        ForeignValue x = node.in(0);
        int axis = node.axis("axis", -1, x.rank());
        Reduce.Kind kind = node.integer("p", 2) == 1
                ? Reduce.Kind.ABSOLUTE_SUM
                : Reduce.Kind.SQUARE_SUM_ROOT;
        return node.binary(Binary.Function.DIVIDE, x, node.add(new Reduce(kind, List.of(axis), true), x));
    }

    /** Rows divided by their length, which is held to a least number by Max or Clip. */
    static Optional<ForeignValue> byLength(OnnxNode node, ForeignValue x, ForeignValue divisor) {
        Optional<ForeignNode> held = node.network().producer(divisor);
        if (held.isPresent() && held.get().op() instanceof NetworkOp.Expand) {
            held = node.network().producer(held.get().x());
        }
        Optional<Float> least = held.flatMap(made -> switch (made.op()) {
            case Binary(var function) when function == Binary.Function.MAXIMUM -> made.inputs().get(1).constant()
                    .filter(constant -> constant.floats().length == 1).map(constant -> constant.floats()[0]);
            case Unary(var function, float low, float high) when function == Unary.Function.CLIP
                    && high == Float.POSITIVE_INFINITY -> Optional.of(low);
            default -> Optional.empty();
        });
        boolean length = held.flatMap(made -> node.network().producer(made.x()))
                .filter(made -> made.op() instanceof Reduce(var kind, List<Integer> axes, boolean keep) && keep
                        && kind == Reduce.Kind.SQUARE_SUM_ROOT && axes.equals(List.of(x.rank() - 1))
                        && made.x().id() == x.id()).isPresent();
        return least.filter(number -> length && number > 0)
                .map(number -> node.add(new RowNorm(RowNorm.Kind.LENGTH, x.rank() - 1, number), x));
    }

    /** Rows divided by the root of the mean of their squares, to which a number is added. */
    static Optional<ForeignValue> byRoot(OnnxNode node, ForeignValue x, ForeignValue divisor) {
        Optional<ForeignNode> sum = node.network().producer(divisor)
                .filter(made -> made.op() instanceof Unary root && root.function() == Unary.Function.SQRT)
                .flatMap(made -> node.network().producer(made.x()))
                .filter(made -> made.op() instanceof Binary(var function) && function == Binary.Function.ADD);
        Optional<Float> epsilon = sum.flatMap(made -> made.inputs().get(1).constant())
                .filter(constant -> constant.floats().length == 1).map(constant -> constant.floats()[0]);
        boolean squares = sum.flatMap(made -> node.network().producer(made.x()))
                .filter(made -> made.op() instanceof Reduce(var kind, List<Integer> axes, boolean keep) && keep
                        && kind == Reduce.Kind.MEAN && axes.equals(List.of(x.rank() - 1)))
                .flatMap(made -> node.network().producer(made.x()))
                .filter(made -> made.op() instanceof Binary(var function) && function == Binary.Function.MULTIPLY
                        && made.inputs().stream().allMatch(factor -> factor.id() == x.id()))
                .isPresent();
        return epsilon.filter(_ -> squares)
                .map(number -> node.add(new RowNorm(RowNorm.Kind.RMS, x.rank() - 1, number), x));
    }

    private static ForeignValue meanVariance(OnnxNode node) {
        ForeignValue x = node.in(0);
        List<Integer> axes = OnnxNode.axes(node.integers("axes").orElse(List.of(0, 2, 3)), x.rank());
        ForeignValue mean = node.add(new Reduce(Reduce.Kind.MEAN, axes, true), x);
        ForeignValue centered = node.binary(Binary.Function.SUBTRACT, x, mean);
        ForeignValue variance = node.add(new Reduce(Reduce.Kind.MEAN, axes, true),
                node.binary(Binary.Function.MULTIPLY, centered, centered));
        ForeignValue deviation = node.binary(Binary.Function.ADD, node.unary(Unary.Function.SQRT, variance),
                node.network().scalar(1e-9f));
        return node.binary(Binary.Function.DIVIDE, centered, deviation);
    }

    private static void reduction(Map<String, OnnxTranslator> operators, String name, Reduce.Kind kind,
            int axesAsInput) {
        operators.put(name, (OnnxTranslator.Single) node -> {
            ForeignValue x = node.in(0);
            List<Integer> all = Extents.range(x.rank());
            List<Integer> axes = (node.version() < axesAsInput ? node.integers("axes") : node.integers("axes", 1))
                    .filter(listed -> !listed.isEmpty()).map(listed -> OnnxNode.axes(listed, x.rank()))
                    .orElse(node.integer("noop_with_empty_axes", 0) != 0 ? List.of() : all);
            boolean keep = node.integer("keepdims", 1) != 0;
            return axes.isEmpty() && simple(kind) ? x : node.add(new Reduce(kind, axes, keep), x);
        });
    }

    private static boolean simple(Reduce.Kind kind) {
        return kind.compareTo(Reduce.Kind.PRODUCT) <= 0;
    }

    private static ForeignValue softmax(OnnxNode node, boolean logarithm) {
        ForeignValue x = node.in(0);
        if (node.version() >= 13) {
            return node.add(new NetworkOp.Softmax(node.axis("axis", -1, x.rank()), logarithm), x);
        }
        // Everything from the axis on is one axis.
        int axis = node.axis("axis", 1, x.rank());
        int row = Extents.elements(x.shape().subList(axis, x.rank()));
        if (row == x.size(axis)) {
            return node.add(new NetworkOp.Softmax(axis, logarithm), x);
        }
        List<Integer> rows = new ArrayList<>(x.shape().subList(0, axis));
        rows.add(row);
        ForeignValue flat = node.reshape(x, rows);
        return node.reshape(node.add(new NetworkOp.Softmax(axis, logarithm), flat), x.shape());
    }

    private static ForeignValue argMax(OnnxNode node, ForeignValue x) {
        if (node.integer("select_last_index", 0) != 0) {
            throw new ImportProblemException("the last of several greatest elements is not supported; the first is");
        }
        return node.add(new NetworkOp.ArgMax(node.axis("axis", 0, x.rank()), node.integer("keepdims", 1) != 0), x);
    }

    /** The greatest and its index. */
    private static List<ForeignValue> topK(OnnxNode node) {
        ForeignValue x = node.in(0);
        long k = node.has("k") ? node.integer("k", 0) : node.in(1).require("`k`").integers()[0];
        if (k != 1) {
            throw new ImportProblemException("the " + k + " greatest elements are not supported; the greatest is");
        }
        int axis = node.axis("axis", -1, x.rank());
        boolean largest = node.integer("largest", 1) != 0;
        ForeignValue index = node.add(new NetworkOp.ArgMax(axis, true),
                largest ? x : node.unary(Unary.Function.NEGATE, x));
        Reduce.Kind kind = largest ? Reduce.Kind.MAX : Reduce.Kind.MIN;
        return List.of(node.add(new Reduce(kind, List.of(axis), true), x), index);
    }

}
