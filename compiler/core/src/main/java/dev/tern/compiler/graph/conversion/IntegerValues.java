package dev.tern.compiler.graph.conversion;

import dev.tern.compiler.graph.CodeTerm;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Interval;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Origin;
import dev.tern.compiler.graph.ScaleRatio;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.TypeInference;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.FixedPoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A graph while reals of it are had as integers, for quantizers that read them. Accumulators and codes are integers
 * already; before they meet in a sum they become whole numbers of {@code s / 256}, s being the scale of the quantizer,
 * held to {@code -2^22..2^22}. The new values stand where the first that wants them stands.
 */
final class IntegerValues {
    /** Parts of a code in which sums are taken. */
    private static final double PARTS = 256;
    /** Whole numbers go no further, so that 32 bits hold sums of some. */
    private static final int LIMIT = 1 << 22;
    /** Taps of a mean whose sum 32 bits hold. */
    private static final int MOST_TAPS = 255;

    private final Map<ValueId, Node> definitions;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Wanted, Optional<Integers>> made = new HashMap<>();
    private int next;

    /** @param unit the scale of the quantizer */
    private record Wanted(ValueId value, double unit) {
    }

    /** Reals as integers, accumulators or codes: {@code scale * (x + offset)}. */
    record Integers(ValueId id, double scale, int offset) {
    }

    IntegerValues(Graph graph) {
        definitions = new HashMap<>(graph.definitions());
        next = graph.nextIndex();
    }

    List<Node> nodes() {
        return nodes;
    }

    /** The node goes on as it is. */
    void keep(Node node) {
        nodes.add(node);
    }

    /** The node's value is computed another way. */
    void define(Node node, Operation operation) {
        nodes.add(new Node(node.id(), node.type(), operation, node.origin()));
    }

    ValueId constant(Tensor.Floats values, Node of) {
        return add(new Operation.Constant(values), new TensorType(ElementType.F32, values.shape()), of.origin());
    }

    private ValueId add(Operation operation, TensorType type, Origin origin) {
        ValueId id = new ValueId(next++);
        Node node = new Node(id, type, operation, origin);
        nodes.add(node);
        definitions.put(id, node);
        return id;
    }

    private ValueId add(Operation operation, Origin origin) {
        return add(operation, TypeInference.of(operation, operation.operands().stream().map(id -> definitions.get(id)
                .type()).toList()), origin);
    }

    // What there is

    Operation operation(ValueId id) {
        return definitions.get(id).operation();
    }

    boolean isInteger(ValueId id) {
        ElementType element = definitions.get(id).type().element();
        return element instanceof ElementType.Accumulator || element instanceof ElementType.Code;
    }

    /** Whether two values have one shape. */
    boolean alike(ValueId a, ValueId b) {
        return definitions.get(a).type().shape().equals(definitions.get(b).type().shape());
    }

    /** A constant's reals. */
    Optional<float[]> reals(ValueId id) {
        return operation(id) instanceof Operation.Constant(Tensor.Floats tensor)
                ? Optional.of(tensor.values())
                : Optional.empty();
    }

    /** The real of a constant that is one number. */
    Optional<Float> real(ValueId id) {
        return reals(id).filter(values -> values.length == 1).map(values -> values[0]);
    }

    /** The integer of a constant that is one number. */
    Optional<Integer> integer(ValueId id) {
        return operation(id) instanceof Operation.Constant(Tensor.Integers tensor) && tensor.values().length == 1
                ? Optional.of(tensor.values()[0])
                : Optional.empty();
    }

    /** A constant's reals, if it is one number or has one for each channel of a value. */
    Optional<float[]> perChannel(ValueId id, ValueId of) {
        int channels = definitions.get(of).type().shape().channels();
        return reals(id).filter(values -> values.length == 1
                || values.length == channels && definitions.get(id).type().shape().channels() == channels);
    }

    // What is made

    /** A value as integers, of whatever scale is at hand. @param unit the scale of the quantizer that wants it */
    Optional<Integers> of(ValueId value, double unit) {
        Wanted key = new Wanted(value, unit);
        Optional<Integers> there = made.get(key);
        if (there == null) {
            there = make(value, unit);
            made.put(key, there);
        }
        return there;
    }

    private Optional<Integers> make(ValueId value, double unit) {
        Node node = definitions.get(value);
        if (isInteger(value)) {
            return Optional.of(new Integers(value, 1, 0));
        }
        RealSteps steps = RealSteps.of(value, this);
        if (!steps.none()) {
            return of(steps.start(), unit).flatMap(x -> rescaled(x, steps, node, unit / PARTS));
        }
        return switch (node.operation()) {
            case Operation.Dequantize(ValueId codes, ValueId scale, Optional<ValueId> zero) -> real(scale)
                    .filter(one -> one > 0).flatMap(one -> zero.map(this::integer).orElse(Optional.of(0))
                            .map(z -> new Integers(codes, one, -z)));
            case Operation.Reshape(ValueId x) -> of(x, unit).map(before -> new Integers(add(new Operation.Reshape(
                    before.id()), new TensorType(definitions.get(before.id()).type().element(), node.type().shape()),
                    node.origin()), before.scale(), before.offset()));
            // Scales are positive, so that the greatest real is that of the greatest integer.
            case Operation.MaxPool pool -> of(pool.x(), unit).map(before -> new Integers(add(pool.with(before.id()),
                    node.origin()), before.scale(), before.offset()));
            case Operation.AvgPool pool when !pool.geometry().padded() && pool.geometry().taps() <= MOST_TAPS ->
                of(pool.x(), unit).map(before -> {
                    int taps = pool.geometry().taps();
                    return new Integers(add(new Operation.SumPool(before.id(), pool.geometry()), node.origin()),
                            before.scale() / taps, before.offset() * taps);
                }).filter(sum -> fits(sum.id()));
            case Operation.Elementwise pair when pair.function() == BinaryFunction.ADD
                    && alike(pair.left(), pair.right()) -> of(pair.left(), unit).flatMap(
                            a -> of(pair.right(), unit).flatMap(b -> sum(a, b, node, unit / PARTS)));
            default -> Optional.empty();
        };
    }

    private boolean fits(ValueId id) {
        return !(definitions.get(id).type().element() instanceof ElementType.Accumulator sum) || sum.fits(Integer.SIZE);
    }

    private double most(ValueId id) {
        Interval range = Interval.of(definitions.get(id).type().element());
        return Math.max(Math.abs((double) range.low()), Math.abs((double) range.high()));
    }

    /** What integers are multiplied by and what is added to them, see {@link ChannelNumbers}. */
    Optional<ChannelNumbers> numbers(Integers x, RealSteps steps, int channels, double unit) {
        return ChannelNumbers.of(most(x.id()), x.scale(), x.offset(), steps, channels, unit);
    }

    /** After some steps, as whole numbers of a unit. */
    private Optional<Integers> rescaled(Integers x, RealSteps steps, Node at, double unit) {
        return numbers(x, steps, at.type().shape().channels(), unit).map(numbers -> {
            Optional<ValueId> factors = numbers.factors().map(all -> constant(Tensor.of(all), at));
            Optional<ValueId> bias = numbers.bias().map(all -> constant(Tensor.of(all), at));
            return new Integers(add(new Operation.RescaleIntegers(x.id(), factors, bias,
                    new ScaleRatio(x.scale(), unit), bound(steps.low(), unit), bound(steps.high(), unit)),
                    at.origin()), unit, 0);
        });
    }

    private static int bound(double real, double unit) {
        return (int) Math.clamp(Math.rint(real / unit), -LIMIT, LIMIT);
    }

    private Optional<Integers> sum(Integers left, Integers right, Node at, double unit) {
        return term(left, at, unit).flatMap(a -> term(right, at, unit).map(b -> new Integers(add(
                new Operation.CombineCodes(false, a.id(), b.id(), a.term(), b.term()), at.origin()), unit, 0)));
    }

    /** An operand of a sum. */
    private record Term(ValueId id, CodeTerm term) {
    }

    private Optional<Term> term(Integers x, Node at, double unit) {
        if (definitions.get(x.id()).type().element() instanceof ElementType.Code code) {
            // A table holds what the codes come to, so that nothing more lies in memory.
            int left = Math.max(0, Math.getExponent(x.scale() / unit) + 1);
            return left + code.bits() >= Integer.SIZE - 1
                    ? Optional.empty()
                    : Optional.of(new Term(x.id(), new CodeTerm(-x.offset(), left, x.scale() / unit / (1L << left),
                            FixedPoint.Rounding.SINGLE)));
        }
        if (x.scale() == unit && x.offset() == 0) {
            return Optional.of(new Term(x.id(), CodeTerm.SAME));
        }
        RealSteps none = new RealSteps(x.id(), new double[]{1}, new double[]{0}, Double.NEGATIVE_INFINITY,
                Double.POSITIVE_INFINITY);
        return rescaled(x, none, at, unit).map(integers -> new Term(integers.id(), CodeTerm.SAME));
    }
}
