package dev.tern.importers.tern;

import dev.tern.importers.network.Constant;
import dev.tern.importers.network.ForeignNode;
import dev.tern.importers.network.ForeignOrigin;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.tern.Call.Numbers;
import dev.tern.importers.tern.Call.Operand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where the nodes of a network become calls: what has been placed so far, and the node that is placed now. */
final class Site {
    private final Program program = new Program();
    private final Arrangement arrangement = new Arrangement(program);
    private final Map<Integer, Placed> placed = new HashMap<>();
    private final Map<Integer, Placed> quantized = new HashMap<>();
    private final Map<Integer, Integer> uses;
    private final Set<String> ops;
    private ForeignOrigin origin = new ForeignOrigin("", "");

    /**
     * @param uses how often each value is read, as an output of the network too
     * @param ops the names of the language's ops
     */
    Site(Map<Integer, Integer> uses, Set<String> ops) {
        this.uses = uses;
        this.ops = Set.copyOf(ops);
    }

    /** An op's name, if the language has it. */
    String has(String op) {
        if (!ops.contains(op)) {
            throw new ImportProblemException("Tern has no op `" + op + "`");
        }
        return op;
    }

    Program program() {
        return program;
    }

    Arrangement arrangement() {
        return arrangement;
    }

    ForeignOrigin origin() {
        return origin;
    }

    /** From here on calls come from this node. */
    void at(ForeignNode node) {
        origin = node.origin();
    }

    void put(ForeignValue value, Placed where) {
        placed.put(value.id(), where);
    }

    boolean usedOnce(ForeignValue value) {
        return uses.getOrDefault(value.id(), 0) == 1;
    }

    /** Where a value is, maybe with a quantizer that is not written yet. */
    Placed pending(ForeignValue value) {
        if (value.known()) {
            throw new ImportProblemException("`" + value.name()
                    + "` is a constant where the network's data is expected",
                    "this operator is supported on data that the network computes");
        }
        Placed found = placed.get(value.id());
        if (found == null) {
            throw new IllegalStateException("`" + value.name() + "` is used before it is computed");
        }
        return found;
    }

    /** Where a value is, a quantizer left pending if it may as well see some of the elements, or others beside them. */
    Placed parts(ForeignValue value) {
        return pending(value).quantizer().map(Placed.Quantizer::local).orElse(true) ? pending(value) : real(value);
    }

    /** Whether a value is the numbers of a u8 input, whose parts of 255 are what the language takes them for. */
    boolean pixels(ForeignValue value) {
        Placed found = pending(value);
        return found.quantizer().filter(quantizer -> quantizer.scheme().equals(QuantizerPlacement.BYTES)).isPresent()
                && program.get(found.call()).op().equals("input")
                && program.get(found.call()).arguments().get(1).equals("u8");
    }

    /** Where a value is, its quantizer written. */
    Placed real(ForeignValue value) {
        Placed found = pending(value);
        if (found.quantizer().isEmpty()) {
            return found;
        }
        if (found.quantizer().get().kept()) {
            return found.withoutQuantizer();
        }
        return quantized.computeIfAbsent(value.id(), _ -> {
            Placed.Quantizer quantizer = found.quantizer().get();
            int call = program.apply("quantize", found.call(), List.of(quantizer.scheme()), quantizer.parameters(),
                    program.get(found.call()).shape(), origin);
            return found.withoutQuantizer().by(quantizer.factor() == 1 ? call : times(call, quantizer.factor()));
        });
    }

    /** The value with exactly these axes. */
    Placed real(ForeignValue value, List<Integer> axes) {
        return arrangement.arrange(real(value), value, axes, origin);
    }

    /** The value with an axis at the end, a quantizer left pending. */
    Placed withLast(ForeignValue value, int axis, boolean quantizer) {
        Placed found = quantizer ? pending(value) : real(value);
        if (found.shuffle().isPresent() && !found.axes().getLast().equals(axis)) {
            found = arrangement.unshuffled(found, value, origin);
        }
        if (!found.axes().isEmpty() && found.axes().getLast() == axis) {
            return found;
        }
        List<Integer> axes = new ArrayList<>(found.axes());
        axes.remove((Integer) axis);
        axes.add(axis);
        return arrangement.arrange(found, value, axes, origin);
    }

    /** Whether the compiler sees at once that nothing is below zero: behind such an op, and what moves its results. */
    boolean neverNegative(int call) {
        Call made = program.get(call);
        return switch (made.op()) {
            case "relu", "sigmoid", "softmax", "abs", "relu6" -> true;
            case "maxpool", "avgpool", "reshape", "flatten", "transpose", "slice", "upsample" ->
                made.operands().getFirst() instanceof Operand.Result(int from) && neverNegative(from);
            default -> false;
        };
    }

    /** An op on a call that keeps its shape. */
    int apply(String op, int x, String... arguments) {
        return program.apply(op, x, List.of(arguments), program.get(x).shape(), origin);
    }

    int apply(String op, int x, List<String> arguments, List<Integer> shape) {
        return program.apply(op, x, arguments, shape, origin);
    }

    int apply(String op, int x, List<String> arguments, Map<String, Numbers> parameters, List<Integer> shape) {
        return program.apply(op, x, arguments, parameters, shape, origin);
    }

    /** An op on two calls, of the shape of the first. */
    int call(String op, int left, int right) {
        return infix(op, new Operand.Result(left), new Operand.Result(right), program.get(left).shape());
    }

    /** An operator, or an op by its name, on two operands. */
    int infix(String sign, Operand left, Operand right, List<Integer> shape) {
        return program.add(new Call(sign, List.of(left, right), List.of(), Map.of(), shape, Optional.of(origin)));
    }

    int times(int call, float factor) {
        return factor == 1
                ? call
                : infix("*", new Operand.Result(call), new Operand.Literal(NumberTexts.of(factor)),
                        program.get(call).shape());
    }

    int plus(int call, float summand) {
        if (summand == 0) {
            return call;
        }
        return infix(summand < 0 ? "-" : "+", new Operand.Result(call),
                new Operand.Literal(NumberTexts.of(Math.abs(summand))), program.get(call).shape());
    }

    /** Numbers for each channel, the last axis of a call; all alike where the constant is one number. */
    Numbers perChannel(Constant constant, Placed x, int channels) {
        float[] values = constant.floats();
        float[] result = new float[channels];
        int[] places = x.shuffle().map(Placed.Shuffle::places).orElse(null);
        for (int i = 0; i < channels; i++) {
            int from = places == null ? i : places[i];
            result[i] = values[values.length == 1 ? 0 : from];
        }
        return new Numbers.Floats(List.of(channels), result);
    }
}
