package dev.tern.importers.tern;

import dev.tern.importers.network.Constant;
import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ForeignNode;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.NetworkOp.Binary;
import dev.tern.importers.network.NetworkOp.Unary;
import dev.tern.importers.tern.Call.Numbers;
import dev.tern.importers.tern.Call.Operand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Functions of elements: they work in any order of the axes. */
final class ElementPlacement {
    private static final float WHITE = 255;

    private final Site site;

    ElementPlacement(Site site) {
        this.site = site;
    }

    Placed unary(ForeignNode node, Unary op) {
        Placed pending = site.pending(node.x());
        if (op.function() == Unary.Function.NEGATE && pending.quantizer().isPresent()
                && !pending.quantizer().get().kept()) {
            // The layer that reads it takes the sign into its weights.
            return pending.with(pending.quantizer().get().times(-1));
        }
        Placed x = site.real(node.x());
        return x.by(unary(op, x.call()));
    }

    private int unary(Unary op, int x) {
        float alpha = op.alpha();
        float beta = op.beta();
        return switch (op.function()) {
            case RELU -> site.apply("relu", x);
            case SIGMOID -> site.apply("sigmoid", x);
            case TANH -> site.apply("tanh", x);
            case SILU -> site.apply("silu", x);
            case GELU_TANH -> site.apply("gelu", x);
            case GELU_ERF -> site.apply("gelu", x, "erf");
            case EXP -> site.apply(site.has("exp"), x);
            case SQRT -> site.apply(site.has("sqrt"), x);
            case HARD_SWISH -> site.apply(site.has("hardswish"), x);
            case ELU, CELU -> elu(x, op.function() == Unary.Function.ELU ? alpha : 1, alpha, op.function());
            case SELU -> site.times(site.apply(site.has("elu"), x, NumberTexts.of(alpha)), beta);
            case LEAKY_RELU -> site.apply(site.has("leakyrelu"), x, NumberTexts.of(alpha));
            case HARD_SIGMOID -> alpha == 1 / 6f && beta == 0.5f
                    ? site.apply(site.has("hardsigmoid"), x)
                    : clip(site.plus(site.times(x, alpha), beta), 0, 1);
            case ABSOLUTE -> site.apply(site.has("abs"), x);
            case RECIPROCAL -> site.apply(site.has("reciprocal"), x);
            case SOFTSIGN -> site.call("/", x, site.plus(site.apply("abs", x), 1));
            case NEGATE -> site.times(x, -1);
            case CLIP -> clip(x, alpha, beta);
            case LOG -> site.apply(site.has("log"), x);
            case SOFTPLUS -> site.apply(site.has("softplus"), x);
            case MISH -> site.call("*", x, site.apply("tanh", site.apply(site.has("softplus"), x)));
            case SIGN -> ternary(x);
            case NOT -> site.plus(site.times(x, -1), 1);
            case THRESHOLDED_RELU -> site.call("*", x, above(x, alpha));
            case SHRINK -> site.call("+", site.call("*", site.plus(x, -beta), above(x, alpha)),
                    site.call("*", site.plus(x, beta), above(site.times(x, -1), alpha)));
            case FLOOR, CEIL, ROUND, ERF,
                    SIN, COS ->
                throw missing(op.function().name());
        };
    }

    /** -1, 0 or 1. */
    int ternary(int x) {
        return site.apply("quantize", x, "ternary(0)");
    }

    /** 1 where a number is above a bound, else 0. */
    private int above(int x, float bound) {
        return site.apply("relu", ternary(site.plus(x, -bound)));
    }

    /** alpha (exp(x / alpha) - 1) is elu of a stretched x. */
    private int elu(int x, float height, float alpha, Unary.Function function) {
        if (function == Unary.Function.ELU) {
            return site.apply(site.has("elu"), x, NumberTexts.of(height));
        }
        return site.times(site.apply(site.has("elu"), site.times(x, 1 / alpha), "1"), alpha);
    }

    private int clip(int x, float low, float high) {
        if (low == 0 && high == Float.POSITIVE_INFINITY) {
            return site.apply("relu", x);
        }
        float from = Math.max(low, -Float.MAX_VALUE);
        float to = Math.min(high, Float.MAX_VALUE);
        return from == -Float.MAX_VALUE && to == Float.MAX_VALUE
                ? x
                : site.apply("clip", x, NumberTexts.of(from) + ".." + NumberTexts.of(to));
    }

    private static ImportProblemException missing(String function) {
        return new ImportProblemException("Tern has no op for the function " + function.toLowerCase(Locale.ROOT)
                .replace('_', ' '));
    }

    Placed prelu(ForeignNode node) {
        ForeignValue x = node.x();
        Constant slope = node.inputs().get(1).require("the slope");
        if (slope.floats().length == 1) {
            Placed placed = site.withLast(x, Math.max(0, x.rank() - 1), false);
            int channels = site.program().get(placed.call()).shape().getLast();
            return placed.by(site.apply("prelu", placed.call(), List.of(),
                    Map.of("slope", site.perChannel(slope, placed, channels)), site.program().get(placed.call())
                            .shape()));
        }
        int axis = onlyAxis(slope, x);
        Placed placed = site.withLast(x, axis, false);
        return placed.by(site.apply("prelu", placed.call(), List.of(),
                Map.of("slope", site.perChannel(slope, placed, x.size(axis))), placed.shape(x)));
    }

    /** The axis of a value along which a constant differs. */
    private static int onlyAxis(Constant constant, ForeignValue x) {
        int missing = x.rank() - constant.shape().size();
        List<Integer> axes = Extents.range(constant.shape().size()).stream().filter(a -> constant.shape().get(a) > 1)
                .map(a -> a + missing).toList();
        if (axes.size() != 1) {
            throw new ImportProblemException("numbers of shape " + constant.shape() + " differ along several axes");
        }
        return axes.getFirst();
    }

    Placed binary(ForeignNode node, Binary op) {
        ForeignValue left = node.inputs().get(0);
        ForeignValue right = node.inputs().get(1);
        if (left.known() || right.known()) {
            ForeignValue data = left.known() ? right : left;
            Constant constant = (left.known() ? left : right).require("the constant");
            return withConstant(node, op.function(), data, constant, left.known());
        }
        String name = switch (op.function()) {
            case ADD -> "+";
            case SUBTRACT -> "-";
            case MULTIPLY -> "*";
            case DIVIDE -> "/";
            case MINIMUM -> site.has("min");
            case MAXIMUM -> site.has("max");
            default -> throw missing(op.function().name());
        };
        List<Integer> shape = node.output().shape();
        List<Integer> axes = together(left, right, shape.size());
        Placed a = aligned(left, axes, shape.size());
        Placed b = aligned(right, axes, shape.size());
        // Leading axes of size 1 that neither has stay away.
        int kept = Math.max(site.program().get(a.call()).shape().size(), site.program().get(b.call()).shape().size());
        List<Integer> last = axes.subList(axes.size() - kept, axes.size());
        List<Integer> result = last.stream().map(shape::get).toList();
        return Placed.of(site.infix(name, new Operand.Result(a.call()), new Operand.Result(b.call()), result), last);
    }

    /** The axes of the result: in the order of the operand that has more of them. */
    private List<Integer> together(ForeignValue left, ForeignValue right, int rank) {
        List<Integer> a = shifted(site.arrangement().unshuffled(site.real(left), left, site.origin()), left, rank);
        List<Integer> b = shifted(site.arrangement().unshuffled(site.real(right), right, site.origin()), right, rank);
        List<Integer> longer = a.size() >= b.size() ? a : b;
        List<Integer> shorter = a.size() >= b.size() ? b : a;
        List<Integer> axes = new ArrayList<>(longer);
        shorter.stream().filter(axis -> !axes.contains(axis)).forEach(axis -> axes.addFirst(axis));
        return axes;
    }

    private static List<Integer> shifted(Placed placed, ForeignValue value, int rank) {
        return placed.axes().stream().map(axis -> axis + rank - value.rank()).toList();
    }

    /** An operand whose trailing axes align with those of the result. */
    private Placed aligned(ForeignValue value, List<Integer> axes, int rank) {
        int missing = rank - value.rank();
        // Leading axes that the operand lacks stay away; those between have size 1.
        List<Integer> own = axes.stream().map(axis -> axis - missing).toList();
        int first = 0;
        while (first < own.size() && (own.get(first) < 0 || value.size(own.get(first)) == 1)) {
            first++;
        }
        List<Integer> rest = own.subList(first, own.size());
        if (rest.stream().allMatch(axis -> axis >= 0)) {
            return rest.isEmpty() && value.rank() > 0
                    ? site.real(value, List.of(value.rank() - 1))
                    : site.real(value, rest);
        }
        throw new ImportProblemException("operands of shapes that do not stretch over each other in Tern's order");
    }

    private Placed withConstant(ForeignNode node, Binary.Function function, ForeignValue data, Constant constant,
            boolean constantLeft) {
        if (!node.output().shape().equals(data.shape())) {
            throw new ImportProblemException("a constant of shape " + constant.shape() + " that makes "
                    + node.output().shape() + " of " + data.shape() + " is not supported");
        }
        if (function == Binary.Function.DIVIDE && !constantLeft && constant.floats().length == 1
                && constant.floats()[0] == WHITE && site.pixels(data)) {
            return site.pending(data).withoutQuantizer();
        }
        Placed x = site.real(data);
        return switch (function) {
            case ADD -> plus(data, x, constant);
            case SUBTRACT -> constantLeft
                    ? plus(data, x.by(site.times(x.call(), -1)), constant)
                    : plus(data, x, mapped(constant, v -> -v));
            case MULTIPLY -> times(data, x, constant);
            case DIVIDE -> quotient(data, x, constant, constantLeft);
            case MINIMUM -> x.by(clip(x.call(), Float.NEGATIVE_INFINITY, one(constant, "the minimum")));
            case MAXIMUM -> x.by(clip(x.call(), one(constant, "the maximum"), Float.POSITIVE_INFINITY));
            default -> throw missing(function.name());
        };
    }

    /** By one number as it is written; by one for each channel they are parameters. */
    private Placed quotient(ForeignValue data, Placed x, Constant constant, boolean constantLeft) {
        boolean one = constant.floats().length == 1 && Float.isFinite(constant.floats()[0]);
        if (!one) {
            return constantLeft
                    ? times(data, x.by(site.apply(site.has("reciprocal"), x.call())), constant)
                    : scaled(data, x, constant, List.of("divide: true"));
        }
        Operand number = new Operand.Literal(NumberTexts.of(constant.floats()[0]));
        Operand other = new Operand.Result(x.call());
        List<Integer> shape = site.program().get(x.call()).shape();
        return x.by(constantLeft ? site.infix("/", number, other, shape) : site.infix("/", other, number, shape));
    }

    private static float one(Constant constant, String what) {
        if (!constant.uniform()) {
            throw new ImportProblemException(what + " of different numbers is not supported");
        }
        return constant.floats()[0];
    }

    /** A function of an f32. */
    @FunctionalInterface
    private interface FloatFunction {
        float apply(float x);
    }

    private static Constant mapped(Constant constant, FloatFunction function) {
        float[] values = constant.floats().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = function.apply(values[i]);
        }
        return new Constant.Floats(constant.shape(), values);
    }

    private Placed plus(ForeignValue data, Placed x, Constant constant) {
        if (constant.floats().length == 1) {
            float summand = constant.floats()[0];
            boolean nothing = Float.floatToIntBits(summand) == Float.floatToIntBits(-0f);
            // Of -0 the sum with +0 is +0.
            return nothing || summand != 0
                    ? x.by(site.plus(x.call(), summand))
                    : x.by(site.infix("+", new Operand.Result(x.call()), new Operand.Literal("0"), site.program().get(x
                            .call()).shape()));
        }
        Placed own = ready(data, x, constant);
        Numbers.Floats numbers = stretched(constant, data, own);
        Call producer = site.program().get(own.call());
        boolean biasOfLayer = producer.weighted() && !producer.parameters().containsKey("bias")
                && own.call() == x.call() && site.usedOnce(data)
                && numbers.shape().equals(List.of(producer.shape().getLast()));
        if (biasOfLayer) {
            Map<String, Numbers> parameters = new HashMap<>(producer.parameters());
            parameters.put("bias", numbers);
            List<String> arguments = new ArrayList<>(producer.arguments());
            arguments.add(LayerSchemes.biasPlace(arguments), "bias: true");
            site.program().replace(own.call(), new Call(producer.op(), producer.operands(), arguments, parameters,
                    producer.shape(), producer.origin()));
            return own;
        }
        return own.by(numbersOp("bias", own.call(), numbers, List.of()));
    }

    private Placed times(ForeignValue data, Placed x, Constant constant) {
        if (constant.floats().length == 1) {
            return x.by(site.times(x.call(), constant.floats()[0]));
        }
        return scaled(data, x, constant, List.of());
    }

    private Placed scaled(ForeignValue data, Placed x, Constant constant, List<String> arguments) {
        Placed own = ready(data, x, constant);
        return own.by(numbersOp("scale", own.call(), stretched(constant, data, own), arguments));
    }

    /** Shuffled elements stay so where the constant has numbers for that axis alone. */
    private Placed ready(ForeignValue data, Placed x, Constant constant) {
        boolean follows = x.shuffle().isEmpty() || constant.floats().length == data.size(x.shuffle().get().axis())
                && onlyAxis(constant, data) == x.shuffle().get().axis();
        return follows ? x : site.arrangement().unshuffled(x, data, site.origin());
    }

    private int numbersOp(String op, int call, Numbers.Floats numbers, List<String> more) {
        List<Integer> shape = site.program().get(call).shape();
        List<String> arguments = new ArrayList<>(more);
        if (!numbers.shape().equals(List.of(shape.getLast()))) {
            arguments.add("shape: " + NumberTexts.list(numbers.shape()));
        }
        return site.apply(op, call, arguments, Map.of(op, numbers), shape);
    }

    /** A constant in the order of the axes of a placed value, without leading axes of size 1. */
    private Numbers.Floats stretched(Constant constant, ForeignValue data, Placed own) {
        if (own.shuffle().isPresent()) {
            return (Numbers.Floats) site.perChannel(constant, own, data.size(own.axes().getLast()));
        }
        int missing = data.rank() - constant.shape().size();
        List<Integer> sizes = own.axes().stream()
                .map(axis -> axis < missing ? 1 : constant.shape().get(axis - missing)).toList();
        int[] strides = Extents.strides(constant.shape());
        int[] moved = own.axes().stream()
                .mapToInt(axis -> axis < missing || constant.shape().get(axis - missing) == 1
                        ? 0
                        : strides[axis - missing])
                .toArray();
        float[] from = constant.floats();
        float[] values = new float[Extents.elements(sizes)];
        for (int i = 0; i < values.length; i++) {
            int rest = i;
            int at = 0;
            for (int axis = moved.length - 1; axis >= 0; axis--) {
                at += rest % sizes.get(axis) * moved[axis];
                rest /= sizes.get(axis);
            }
            values[i] = from[at];
        }
        int first = 0;
        while (first < sizes.size() - 1 && sizes.get(first) == 1) {
            first++;
        }
        return new Numbers.Floats(sizes.subList(first, sizes.size()), values);
    }

    Placed batchNorm(ForeignNode node, NetworkOp.BatchNorm norm) {
        ForeignValue x = node.x();
        Placed placed = site.withLast(x, norm.axis(), false);
        int channels = x.size(norm.axis());
        String[] names = {"gamma", "beta", "mean", "variance"};
        Map<String, Numbers> parameters = new HashMap<>();
        for (int i = 0; i < names.length; i++) {
            Constant constant = node.inputs().get(i + 1).require("`" + names[i] + "`");
            parameters.put(names[i], site.perChannel(constant, placed, channels));
        }
        return placed.by(site.apply("batchnorm", placed.call(), epsilon(norm.epsilon()), parameters,
                site.program().get(placed.call()).shape()));
    }

    /** Rows: everything from an axis on, as one axis. */
    Placed rowNorm(ForeignNode node, NetworkOp.RowNorm norm) {
        ForeignValue x = node.x();
        String op = site.has(switch (norm.kind()) {
            case LAYER -> "layernorm";
            case RMS -> "rmsnorm";
            case LENGTH -> "l2norm";
        });
        List<Integer> leading = Arrangement.usual(x.shape()).stream().filter(axis -> axis < norm.axis()).toList();
        List<Integer> axes = new ArrayList<>(leading);
        axes.addAll(Extents.range(x.rank()).subList(norm.axis(), x.rank()));
        Placed placed = site.real(x, axes);
        int size = Extents.elements(x.shape().subList(norm.axis(), x.rank()));
        List<Integer> rows = new ArrayList<>(leading.stream().map(x::size).toList());
        rows.add(size);
        Map<String, Numbers> parameters = new HashMap<>();
        if (norm.kind() != NetworkOp.RowNorm.Kind.LENGTH) {
            parameters.put("gamma", row(node, 1, size, 1));
        }
        if (norm.kind() == NetworkOp.RowNorm.Kind.LAYER) {
            parameters.put("beta", row(node, 2, size, 0));
        }
        int from = site.arrangement().reshape(placed.call(), rows, site.origin());
        List<String> arguments = norm.kind() == NetworkOp.RowNorm.Kind.LENGTH
                ? List.of("eps: " + NumberTexts.of((float) norm.epsilon()))
                : epsilon(norm.epsilon());
        int call = site.apply(op, from, arguments, parameters, rows);
        return placed.by(site.arrangement().reshape(call, placed.shape(x), site.origin()));
    }

    /** Numbers of a row; where the file has none, the same for all. */
    private static Numbers row(ForeignNode node, int input, int size, float otherwise) {
        float[] values = new float[size];
        float[] given = input < node.inputs().size()
                ? node.inputs().get(input).require("the numbers of a norm").floats()
                : new float[]{otherwise};
        for (int i = 0; i < size; i++) {
            values[i] = given[i % given.length];
        }
        return new Numbers.Floats(List.of(size), values);
    }

    private static List<String> epsilon(double epsilon) {
        return epsilon == (double) (float) 1e-5 ? List.of() : List.of("eps: " + NumberTexts.of(epsilon));
    }

    /** Channels last, with any places before them. */
    Placed groupNorm(ForeignNode node, NetworkOp.GroupNorm norm) {
        ForeignValue x = node.x();
        if (x.size(0) != 1) {
            throw new ImportProblemException("a batch of " + x.size(0) + " is not supported here");
        }
        List<Integer> axes = new ArrayList<>(Extents.range(x.rank()).subList(2, x.rank()));
        axes.add(1);
        Placed placed = site.real(x, axes);
        Map<String, Numbers> parameters = Map.of(
                "gamma", site.perChannel(node.inputs().get(1).require("gamma"), placed, x.size(1)),
                "beta", site.perChannel(node.inputs().get(2).require("beta"), placed, x.size(1)));
        List<String> arguments = new ArrayList<>(List.of(Integer.toString(norm.groups())));
        arguments.addAll(epsilon(norm.epsilon()));
        return placed.by(site.apply(site.has("groupnorm"), placed.call(), arguments, parameters, placed.shape(x)));
    }

    Placed softmax(ForeignNode node, NetworkOp.Softmax op) {
        if (op.logarithm()) {
            return logSoftmax(node, op.axis());
        }
        Placed x = site.arrangement().unshuffled(site.withLast(node.x(), op.axis(), false), node.x(), site.origin());
        return x.by(site.apply("softmax", x.call()));
    }

    /** x less its greatest, less the logarithm of the sum of exponentials: what is small is not lost. */
    private Placed logSoftmax(ForeignNode node, int axis) {
        ForeignValue x = node.x();
        List<Integer> axes = new ArrayList<>(Arrangement.usual(x.shape()));
        axes.remove((Integer) axis);
        axes.addFirst(axis);
        Placed placed = site.real(x, axes);
        List<Integer> shape = placed.shape(x);
        int count = x.size(axis);
        int rest = Extents.elements(shape) / count;
        int rows = site.arrangement().reshape(placed.call(), List.of(count, rest), site.origin());
        ReductionPlacement reductions = new ReductionPlacement(site);
        int below = site.call("-", rows, reductions.rows(NetworkOp.Reduce.Kind.MAX, rows, count, rest));
        int sum = reductions.rows(NetworkOp.Reduce.Kind.SUM, site.apply(site.has("exp"), below), count, rest);
        int result = site.call("-", below, site.apply(site.has("log"), sum));
        return placed.by(site.arrangement().reshape(result, shape, site.origin()));
    }

    Placed argMax(ForeignNode node, NetworkOp.ArgMax op) {
        Placed x = site.arrangement().unshuffled(site.withLast(node.x(), op.axis(), false), node.x(), site.origin());
        List<Integer> shape = site.program().get(x.call()).shape();
        List<Integer> axes = x.axes().subList(0, x.axes().size() - 1).stream()
                .map(axis -> op.keep() || axis < op.axis() ? axis : axis - 1).toList();
        return Placed.of(site.apply("argmax", x.call(), List.of(), shape.subList(0, shape.size() - 1)), axes);
    }

}
