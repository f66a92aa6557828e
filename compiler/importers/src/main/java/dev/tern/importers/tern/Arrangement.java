package dev.tern.importers.tern;

import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ForeignOrigin;
import dev.tern.importers.network.ForeignValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts values into the order of axes that an op needs, with as few ops as that takes. */
final class Arrangement {
    private final Program program;

    Arrangement(Program program) {
        this.program = program;
    }

    /** The axes that a value has where nothing asks for another order: all, without a batch of one. */
    static List<Integer> usual(List<Integer> shape) {
        List<Integer> axes = Extents.range(shape.size());
        return shape.size() > 1 && shape.getFirst() == 1 ? axes.subList(1, axes.size()) : axes;
    }

    /** Some axes in the network's order, without those of size 1 unless nothing would remain. */
    static List<Integer> inOrder(List<Integer> shape) {
        List<Integer> axes = Extents.range(shape.size()).stream().filter(a -> shape.get(a) != 1).toList();
        return axes.isEmpty() && !shape.isEmpty() ? List.of(shape.size() - 1) : axes;
    }

    /**
     * The value with exactly these axes in this order.
     *
     * @param wanted all axes of a size other than 1, and others
     */
    Placed arrange(Placed placed, ForeignValue value, List<Integer> wanted, ForeignOrigin origin) {
        Placed plain = unshuffled(placed, value, origin);
        if (plain.axes().equals(wanted)) {
            return plain;
        }
        List<Integer> target = wanted.stream().map(value::size).toList();
        if (significant(plain.axes(), value).equals(significant(wanted, value))) {
            return plain.by(reshape(plain.call(), target, origin), wanted);
        }
        List<Integer> all = new ArrayList<>(plain.axes().stream().filter(wanted::contains).toList());
        wanted.stream().filter(axis -> !all.contains(axis)).forEach(axis -> all.addFirst(axis));
        int from = reshape(plain.call(), all.stream().map(value::size).toList(), origin);
        List<Integer> order = wanted.stream().map(all::indexOf).toList();
        return plain.by(program.apply("transpose", from, List.of(NumberTexts.list(order)), target, origin),
                wanted);
    }

    private static List<Integer> significant(List<Integer> axes, ForeignValue value) {
        return axes.stream().filter(axis -> value.size(axis) != 1).toList();
    }

    /** The same elements under another shape. */
    int reshape(int from, List<Integer> shape, ForeignOrigin origin) {
        int call = from;
        while (program.get(call).op().equals("reshape") || program.get(call).op().equals("flatten")) {
            call = ((Call.Operand.Result) program.get(call).operands().getFirst()).call();
        }
        if (program.get(call).shape().equals(shape)) {
            return call;
        }
        return shape.size() == 1
                ? program.apply("flatten", call, List.of(), shape, origin)
                : program.apply("reshape", call, List.of(NumberTexts.list(shape)), shape, origin);
    }

    /** Shuffled elements in the network's order. */
    Placed unshuffled(Placed placed, ForeignValue value, ForeignOrigin origin) {
        if (placed.shuffle().isEmpty()) {
            return placed;
        }
        Placed.Shuffle shuffle = placed.shuffle().get();
        int split = reshape(placed.call(), shuffle.stored(), origin);
        List<Integer> shape = shuffle.order().stream().map(shuffle.stored()::get).toList();
        int moved = program.apply("transpose", split, List.of(NumberTexts.list(shuffle.order())), shape, origin);
        return new Placed(reshape(moved, placed.shape(value), origin), placed.axes(), Optional.empty(),
                placed.quantizer());
    }

    /** A value under another shape: its axes are merged and split where they stand, as far as that goes. */
    Placed reshaped(Placed placed, ForeignValue from, ForeignValue to, ForeignOrigin origin) {
        Placed plain = placed.shuffle().isPresent() && !significant(from).equals(significant(to))
                ? unshuffled(placed, from, origin)
                : placed;
        List<AxisGroup> groups = AxisGroup.match(from.shape(), to.shape());
        Optional<List<Integer>> direct = inPlace(plain, from, groups, to);
        if (direct.isPresent()) {
            List<Integer> axes = direct.get().isEmpty() && to.rank() > 0 ? List.of(to.rank() - 1) : direct.get();
            int call = reshape(plain.call(), axes.stream().map(to::size).toList(), origin);
            Optional<Placed.Shuffle> shuffle = plain.shuffle()
                    .map(s -> new Placed.Shuffle(s.stored(), s.order(), axes.getFirst()));
            return new Placed(call, axes, shuffle, plain.quantizer());
        }
        List<Integer> kept = inOrder(to.shape());
        if (kept.size() == 1) {
            return flattened(plain, from, kept.getFirst(), to, origin);
        }
        Placed ordered = arrange(plain, from, inOrder(from.shape()), origin);
        List<Integer> axes = usual(to.shape());
        return new Placed(reshape(ordered.call(), axes.stream().map(to::size).toList(), origin), axes,
                Optional.empty(), ordered.quantizer());
    }

    private static List<Integer> significant(ForeignValue value) {
        return value.shape().stream().filter(size -> size != 1).toList();
    }

    /** All axes as one, in the order in which they stand. */
    private Placed flattened(Placed plain, ForeignValue from, int axis, ForeignValue to, ForeignOrigin origin) {
        List<Integer> stored = significant(plain.axes(), from);
        List<Integer> sizes = stored.stream().map(from::size).toList();
        List<Integer> order = stored.stream().sorted().map(stored::indexOf).toList();
        int call = reshape(plain.call(), List.of(to.size(axis)), origin);
        return new Placed(call, List.of(axis), Optional.of(new Placed.Shuffle(sizes, order, axis)),
                plain.quantizer());
    }

    /** The new axes in the order in which they come to stand, if every group of old ones stands together. */
    private static Optional<List<Integer>> inPlace(Placed placed, ForeignValue from, List<AxisGroup> groups,
            ForeignValue to) {
        List<Integer> stored = significant(placed.axes(), from);
        List<Integer> axes = new ArrayList<>();
        int at = 0;
        while (at < stored.size()) {
            int first = stored.get(at);
            Optional<AxisGroup> group = groups.stream()
                    .filter(g -> !g.from().isEmpty() && g.from().getFirst() == first).findFirst();
            if (group.isEmpty()) {
                return Optional.empty();
            }
            List<Integer> members = group.get().from();
            int end = at + members.size();
            if (end > stored.size() || !stored.subList(at, end).equals(members)) {
                return Optional.empty();
            }
            axes.addAll(group.get().to());
            at = end;
        }
        return Optional.of(axes);
    }
}
