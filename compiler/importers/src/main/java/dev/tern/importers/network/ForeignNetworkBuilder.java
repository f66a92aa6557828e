package dev.tern.importers.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Builds a network node by node. What is constant is computed at once, so that arithmetic on shapes and the quantizing
 * of weights leave no nodes behind.
 */
public final class ForeignNetworkBuilder {
    /** Elements of all constants computed here together: what a small hostile file may make of itself. */
    private static final long MOST_COMPUTED = 1L << 25;

    private final List<ForeignNode> nodes = new ArrayList<>();
    private final Map<Integer, ForeignNode> producers = new HashMap<>();
    private final List<ForeignValue> inputs = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private int values;
    private int folded;
    private long computed;

    /** An input of the network. */
    public ForeignValue input(String name, ElementKind kind, List<Integer> shape) {
        Extents.elements(shape);
        ForeignValue input = new ForeignValue(values++, name, kind, shape, Optional.empty(), Optional.empty());
        inputs.add(input);
        return input;
    }

    /** A value known at import. */
    public ForeignValue constant(String name, Constant constant) {
        return new ForeignValue(values++, name, constant.kind(), constant.shape(), Optional.of(constant), Optional
                .empty());
    }

    /** One number. */
    public ForeignValue scalar(float value) {
        return constant("", Constant.Floats.scalar(value));
    }

    /**
     * What an operation makes of values.
     *
     * @throws ImportProblemException if they do not suit it, or if it cannot be computed at import though it must
     */
    public ForeignValue add(NetworkOp op, ForeignOrigin origin, ForeignValue... operands) {
        return add(op, origin, List.of(operands));
    }

    /** As {@link #add(NetworkOp, Origin, Value...)}. */
    public ForeignValue add(NetworkOp op, ForeignOrigin origin, List<ForeignValue> operands) {
        Optional<ForeignValue.Coding> coding = coding(op, operands);
        ForeignTypes.Type type = ForeignTypes.of(op, operands);
        int elements = Extents.elements(type.shape());
        if (operands.stream().allMatch(ForeignValue::known)) {
            countComputed(elements);
            List<Constant> constants = operands.stream().map(v -> v.constant().orElseThrow()).toList();
            Optional<Constant> result = Folding.evaluate(op, constants, type);
            if (result.isPresent()) {
                return new ForeignValue(values++, operands.getFirst().name(), type.kind(), type.shape(), result,
                        coding);
            }
        }
        ForeignValue output = new ForeignValue(values++, origin.name(), type.kind(), type.shape(), Optional.empty(),
                coding);
        nodes.add(new ForeignNode(op, operands, output, origin));
        producers.put(output.id(), nodes.getLast());
        return output;
    }

    /** So many elements of constants are made that the file does not hold. */
    public void countComputed(long elements) {
        computed += elements;
        if (computed > MOST_COMPUTED) {
            throw new ImportProblemException("the constants that the network computes have more than 2^25 elements");
        }
    }

    /** Integers that stand for reals go through what only moves or compares them; nothing else may touch them. */
    private static Optional<ForeignValue.Coding> coding(NetworkOp op, List<ForeignValue> operands) {
        List<ForeignValue.Coding> codings = operands.stream().map(ForeignValue::coding).flatMap(Optional::stream)
                .toList();
        if (codings.isEmpty()) {
            return Optional.empty();
        }
        boolean alike = operands.stream().allMatch(o -> o.coding().map(c -> same(c, codings.getFirst())).orElse(false));
        boolean moves = switch (op) {
            case NetworkOp.Reshape _,NetworkOp.Slice _,NetworkOp.Concat _,NetworkOp.Expand _,NetworkOp.Transpose _ ->
                alike;
            case NetworkOp.Gather _ -> true;
            case NetworkOp.Pool pool -> pool.kind() == NetworkOp.Pool.Kind.MAX;
            default -> false;
        };
        boolean axes = codings.getFirst() instanceof ForeignValue.Coding.Fixed fixed && fixed.scales().length > 1;
        if (!moves || axes) {
            throw new ImportProblemException("arithmetic on the codes of a quantized tensor is not supported",
                    "export the model with QuantizeLinear and DequantizeLinear around float operators (QDQ)");
        }
        return Optional.of(codings.getFirst());
    }

    private static boolean same(ForeignValue.Coding a, ForeignValue.Coding b) {
        return switch (a) {
            case ForeignValue.Coding.Fixed left -> b instanceof ForeignValue.Coding.Fixed right && left.same(right);
            case ForeignValue.Coding.Measured _ -> a.equals(b);
            case ForeignValue.Coding.Product left -> b instanceof ForeignValue.Coding.Product right
                    && same(left.left(), right.left()) && same(left.right(), right.right());
        };
    }

    /** The node that computes a value. */
    public Optional<ForeignNode> producer(ForeignValue value) {
        return producer(value.id());
    }

    /** The node that computes the value with an id. */
    public Optional<ForeignNode> producer(int id) {
        return Optional.ofNullable(producers.get(id));
    }

    /** Says that reals are stored as codes, or no longer. */
    public ForeignValue coded(ForeignValue reals, ElementKind kind, Optional<ForeignValue.Coding> coding) {
        return new ForeignValue(reals.id(), reals.name(), kind, reals.shape(), reals.constant(), coding);
    }

    /** A node of the file was nothing but arithmetic on constants. */
    public void countFolded() {
        folded++;
    }

    /** What the user should know of the import. */
    public void note(String text) {
        if (!notes.contains(text)) {
            notes.add(text);
        }
    }

    /** The finished network. */
    public ForeignNetwork build(String name, Description description, List<ForeignNetwork.Output> outputs) {
        if (folded > 0) {
            notes.add(folded + (folded == 1 ? " node" : " nodes") + " of constants computed at import");
        }
        return new ForeignNetwork(name, description, inputs, outputs, nodes, notes);
    }
}
