package dev.tern.importers.tern;

import dev.tern.importers.network.Constant;
import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ForeignNode;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.tern.Call.Operand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** What moves elements. Axes that change places, come or go are a matter of names; quantizers move on. */
final class MovementPlacement {
    private static final int MOST_PARTS = 1024;

    private final Site site;

    MovementPlacement(Site site) {
        this.site = site;
    }

    Placed reshape(ForeignNode node) {
        return site.arrangement().reshaped(site.pending(node.x()), node.x(), node.output(), site.origin());
    }

    Placed transpose(ForeignNode node, NetworkOp.Transpose op) {
        Placed x = site.pending(node.x());
        List<Integer> axes = x.axes().stream().map(op.order()::indexOf).toList();
        Optional<Placed.Shuffle> shuffle = x.shuffle()
                .map(s -> new Placed.Shuffle(s.stored(), s.order(), op.order().indexOf(s.axis())));
        return new Placed(x.call(), axes, shuffle, x.quantizer());
    }

    Placed slice(ForeignNode node, NetworkOp.Slice op) {
        Placed x = site.arrangement().unshuffled(site.parts(node.x()), node.x(), site.origin());
        if (op.count() == node.x().size(op.axis()) && op.step() == 1) {
            return x;
        }
        List<Integer> axes = new ArrayList<>(x.axes());
        int at = axes.indexOf(op.axis());
        List<Integer> shape = new ArrayList<>(x.shape(node.x()));
        if (op.step() != 1) {
            int[] named = IntStream.range(0, op.count()).map(i -> op.start() + i * op.step()).toArray();
            return x.by(entries(x.call(), shape, at, named));
        }
        shape.set(at, op.count());
        return x.by(sliced(x.call(), op.start(), op.start() + op.count(), at, shape));
    }

    private int sliced(int call, int start, int end, int axis, List<Integer> shape) {
        List<String> arguments = new ArrayList<>(List.of(Integer.toString(start), Integer.toString(end)));
        if (axis != shape.size() - 1) {
            arguments.add("axis: " + axis);
        }
        return site.apply("slice", call, arguments, shape);
    }

    Placed concat(ForeignNode node, NetworkOp.Concat op) {
        if (node.inputs().stream().anyMatch(ForeignValue::known)) {
            throw new ImportProblemException("joining constants with what the network computes is not supported");
        }
        Optional<Placed.Quantizer> quantizer = site.parts(node.x()).quantizer();
        boolean alike = node.inputs().stream().allMatch(v -> site.pending(v).quantizer().equals(quantizer));
        Placed first = site.arrangement().unshuffled(alike ? site.pending(node.x()) : site.real(node.x()), node.x(),
                site.origin());
        List<Integer> axes = new ArrayList<>(first.axes());
        if (!axes.contains(op.axis())) {
            axes.addFirst(op.axis());
        }
        List<Operand> operands = new ArrayList<>();
        for (ForeignValue input : node.inputs()) {
            Placed found = alike ? site.pending(input).withoutQuantizer() : site.real(input);
            operands.add(new Operand.Result(site.arrangement().arrange(found, input, axes, site.origin()).call()));
        }
        List<Integer> shape = axes.stream().map(node.output()::size).toList();
        int at = axes.indexOf(op.axis());
        List<String> arguments = at == axes.size() - 1 ? List.of() : List.of("axis: " + at);
        int call = site.program().add(
                new Call("concat", operands, arguments, Map.of(), shape, Optional.of(site.origin())));
        Placed result = Placed.of(call, axes);
        return alike && quantizer.isPresent() ? result.with(quantizer.get()) : result;
    }

    Placed pad(ForeignNode node, NetworkOp.Pad op) {
        ForeignValue x = node.x();
        Placed placed = site.arrangement().unshuffled(site.real(x), x, site.origin());
        List<Integer> padded = Extents.range(x.rank()).stream()
                .filter(axis -> op.before().get(axis) + op.after().get(axis) > 0).toList();
        List<Integer> axes = new ArrayList<>(placed.axes());
        padded.stream().filter(axis -> !axes.contains(axis)).forEach(axis -> axes.addFirst(axis));
        placed = site.arrangement().arrange(placed, x, axes, site.origin());
        int call = placed.call();
        for (int axis : padded) {
            int at = axes.indexOf(axis);
            List<Integer> shape = new ArrayList<>(site.program().get(call).shape());
            shape.set(at, op.before().get(axis) + shape.get(at) + op.after().get(axis));
            List<String> arguments = new ArrayList<>(List.of(op.before().get(axis).toString(),
                    op.after().get(axis).toString()));
            if (at != axes.size() - 1) {
                arguments.add("axis: " + at);
            }
            if (Float.floatToIntBits(op.value()) != 0) {
                arguments.add("value: " + NumberTexts.of(op.value()));
            }
            call = site.apply(site.has("pad"), call, arguments, shape);
        }
        return Placed.of(call, axes);
    }

    /** The entries of a table that a step or indices name. */
    private Placed entry(ForeignNode node) {
        Constant table = node.x().require("the table");
        Placed step = site.real(node.inputs().get(1));
        boolean input = site.program().get(step.call()).op().equals("input");
        if (!input || table.shape().size() > 2) {
            throw new ImportProblemException("a look-up by numbers that the network computes is not supported");
        }
        int features = table.shape().size() == 1 ? 1 : table.shape().get(1);
        List<Integer> shape = new ArrayList<>(site.program().get(step.call()).shape());
        shape.add(features);
        List<Integer> axes = new ArrayList<>(step.axes());
        axes.add(node.output().rank() - 1);
        return Placed.of(site.apply("embed", step.call(), List.of("learned", Integer.toString(features)),
                Map.of("weight", new Call.Numbers.Floats(List.of(table.shape().getFirst(), features), table.floats())),
                shape), axes);
    }

    /** Entries that are named at import: slices, one after the other; or by a step. */
    Placed gather(ForeignNode node, NetworkOp.Gather op) {
        if (node.x().known() && !node.inputs().get(1).known()) {
            return entry(node);
        }
        Constant indices = node.inputs().get(1).require("the indices");
        ForeignValue x = node.x();
        Placed plain = site.arrangement().unshuffled(site.real(x), x, site.origin());
        List<Integer> axes = new ArrayList<>(plain.axes());
        if (!axes.contains(op.axis())) {
            axes.addFirst(op.axis());
            plain = site.arrangement().arrange(plain, x, axes, site.origin());
        }
        int size = x.size(op.axis());
        int[] named = Arrays.stream(indices.integers()).mapToInt(index -> Extents.axis(index, size)).toArray();
        int joined = entries(plain.call(), plain.shape(x), axes.indexOf(op.axis()), named);
        int more = indices.shape().size() - 1;
        List<Integer> result = new ArrayList<>();
        for (int axis : axes) {
            if (axis != op.axis()) {
                result.add(axis < op.axis() ? axis : axis + more);
            } else {
                for (int k = 0; k <= more; k++) {
                    result.add(op.axis() + k);
                }
            }
        }
        List<Integer> kept = result.isEmpty() && node.output().rank() > 0 ? List.of(node.output().rank() - 1) : result;
        return Placed.of(site.arrangement().reshape(joined, kept.stream().map(node.output()::size).toList(),
                site.origin()), kept);
    }

    /** Entries of an axis: slices of those that follow each other, one after the other. */
    private int entries(int call, List<Integer> shape, int axis, int[] named) {
        List<Integer> one = new ArrayList<>(shape);
        List<Operand> parts = new ArrayList<>();
        int i = 0;
        while (i < named.length) {
            int length = 1;
            while (i + length < named.length && named[i + length] == named[i] + length) {
                length++;
            }
            one.set(axis, length);
            parts.add(new Operand.Result(length == shape.get(axis)
                    ? call
                    : sliced(call, named[i], named[i] + length, axis, List.copyOf(one))));
            if (parts.size() > MOST_PARTS) {
                throw new ImportProblemException("more than " + MOST_PARTS + " parts of an axis, put together anew, "
                        + "are not supported");
            }
            i += length;
        }
        one.set(axis, named.length);
        return parts.size() == 1
                ? ((Operand.Result) parts.getFirst()).call()
                : site.program().add(new Call("concat", parts,
                        axis == one.size() - 1 ? List.of() : List.of("axis: " + axis), Map.of(), one,
                        Optional.of(site.origin())));
    }

    /** Stretching is left to whoever reads the value, where it only adds axes of size 1. */
    Placed expand(ForeignNode node) {
        ForeignValue x = node.x();
        int more = node.output().rank() - x.rank();
        Placed placed = site.arrangement().unshuffled(site.real(x), x, site.origin());
        if (Extents.elements(x.shape()) != Extents.elements(node.output().shape())) {
            throw new ImportProblemException("stretching " + x.shape() + " to " + node.output().shape()
                    + " is not supported");
        }
        return new Placed(placed.call(), placed.axes().stream().map(axis -> axis + more).toList(), Optional.empty(),
                Optional.empty());
    }
}
