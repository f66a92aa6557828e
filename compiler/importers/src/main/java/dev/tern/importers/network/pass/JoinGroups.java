package dev.tern.importers.network.pass;

import dev.tern.importers.network.Constant;
import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ForeignNetwork;
import dev.tern.importers.network.ForeignNode;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.NetworkOp.Binary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Products of consecutive channels of one value with quantized weights, added in their order: one product, whose
 * weights have scales for each group of inputs.
 */
final class JoinGroups {
    private final Rewriting uses;
    private int next;

    /**
     * The product of one group.
     *
     * @param made the node that computes it
     * @param source what it takes channels of
     * @param axis that the channels lie along in the source
     * @param order of the source's axes where the product has it, or empty where it has the source's own
     * @param channels that it takes
     * @param below where trained ternary weights have a scale for each sign: those below zero
     */
    private record Term(ForeignNode made, ForeignValue source, int axis, List<Integer> order, List<Integer> channels,
            Constant.Coded weights, Optional<Constant.Coded> below) {
        boolean sameGroup(Term other) {
            return alike(other) && channels.equals(other.channels);
        }

        /** How many inputs of an output it has. */
        int size() {
            return weights.shape().get(inputAxis(made.op(), weights.shape()));
        }

        /** How many inputs an output has in all. */
        int inputs() {
            return source.size(axis) / (made.op() instanceof NetworkOp.Conv conv ? conv.groups() : 1);
        }

        /** Whether both are parts of one product, but for their channels. */
        boolean alike(Term other) {
            return made.op().equals(other.made.op()) && source.id() == other.source.id() && axis == other.axis
                    && order.equals(other.order) && weights.shape().equals(other.weights.shape())
                    && below.isPresent() == other.below.isPresent();
        }
    }

    private JoinGroups(ForeignNetwork network) {
        uses = new Rewriting(network);
        next = Rewriting.greatestId(network);
    }

    static ForeignNetwork run(ForeignNetwork network) {
        JoinGroups join = new JoinGroups(network);
        List<ForeignNode> nodes = new ArrayList<>();
        for (ForeignNode node : network.nodes()) {
            join.addTo(nodes, node);
        }
        // Products of groups that were joined are read by nobody.
        return Rewriting.with(network, nodes);
    }

    private void addTo(List<ForeignNode> nodes, ForeignNode node) {
        List<Term> terms = sum(node);
        if (terms.size() < 2 || !complete(terms)) {
            nodes.add(node);
            return;
        }
        Term first = terms.getFirst();
        ForeignValue x = first.source;
        if (!first.order.isEmpty()) {
            x = value(x, first.order.stream().map(first.source::size).toList(), Optional.empty());
            nodes.add(new ForeignNode(new NetworkOp.Transpose(first.order), List.of(first.source), x,
                    first.made.origin()));
        }
        Constant.Grouped grouped = new Constant.Grouped(terms.stream().map(Term::weights).toList(),
                terms.stream().flatMap(term -> term.below.stream()).toList(), inputAxis(first.made.op(),
                        first.weights.shape()));
        ForeignValue weights = value(first.made.inputs().get(1), grouped.shape(), Optional.of(grouped));
        nodes.add(new ForeignNode(first.made.op(), List.of(x, weights), node.output(), first.made.origin()));
    }

    /** A value named after another. */
    private ForeignValue value(ForeignValue like, List<Integer> shape, Optional<Constant> constant) {
        next++;
        return new ForeignValue(next, like.name(), like.kind(), shape, constant, like.coding());
    }

    private static int inputAxis(NetworkOp op, List<Integer> weights) {
        return op instanceof NetworkOp.MatMul ? 0 : weights.size() - 1;
    }

    /** Whether each has its group of the channels, in order, and together they have all. */
    private static boolean complete(List<Term> terms) {
        Term first = terms.getFirst();
        int size = first.size();
        int inputs = first.inputs();
        if (size * terms.size() != inputs) {
            return false;
        }
        for (int i = 0; i < terms.size(); i++) {
            int from = i * size;
            List<Integer> wanted = Extents.range(first.source.size(first.axis)).stream()
                    .filter(c -> c % inputs >= from && c % inputs < from + size).toList();
            if (!terms.get(i).alike(first) || !terms.get(i).channels.equals(wanted)) {
                return false;
            }
        }
        return true;
    }

    // Sums

    /** The terms of a sum, in the order in which they are added; none where one of them is no such product. */
    private List<Term> sum(ForeignNode node) {
        List<Term> terms = new ArrayList<>();
        Optional<ForeignNode> rest = Optional.of(node);
        while (rest.isPresent() && added(rest.get())) {
            Optional<Term> right = term(rest.get().inputs().get(1));
            Optional<Term> left = term(rest.get().inputs().get(0));
            int behind = terms.isEmpty()
                    ? right.map(Term::inputs).orElse(0)
                    : terms.getFirst().channels.getFirst();
            if (right.isEmpty() || right.get().channels.getFirst() + right.get().size() != behind) {
                return List.of();
            }
            terms.addFirst(right.get());
            if (left.isPresent()) {
                terms.addFirst(left.get());
                return terms;
            }
            rest = uses.producer(rest.get().inputs().get(0));
        }
        return List.of();
    }

    private static boolean added(ForeignNode node) {
        return node.op() instanceof Binary(var function) && function == Binary.Function.ADD;
    }

    /** A product, or both of trained ternary weights. */
    private Optional<Term> term(ForeignValue value) {
        Optional<ForeignNode> made = uses.producer(value);
        if (made.isEmpty() || !added(made.get())) {
            return made.flatMap(this::product);
        }
        Optional<Term> above = uses.producer(made.get().inputs().get(0)).flatMap(this::product);
        Optional<Term> below = uses.producer(made.get().inputs().get(1)).flatMap(this::product);
        boolean signs = above.isPresent() && below.isPresent() && above.get().sameGroup(below.get())
                && Arrays.stream(above.get().weights.codes()).allMatch(code -> code == 0 || code == 1)
                && Arrays.stream(below.get().weights.codes()).allMatch(code -> code == 0 || code == -1);
        return above.filter(_ -> signs).map(term -> new Term(term.made, term.source, term.axis, term.order,
                term.channels, term.weights, Optional.of(below.get().weights)));
    }

    private Optional<Term> product(ForeignNode node) {
        boolean plain = node.inputs().size() == 2 && !node.x().known();
        if (!plain || !(node.inputs().get(1).constant().orElse(null) instanceof Constant.Coded weights)) {
            return Optional.empty();
        }
        int axis;
        int outputs;
        switch (node.op()) {
            case NetworkOp.MatMul _ when weights.shape().size() == 2 -> {
                axis = node.x().rank() - 1;
                outputs = 1;
            }
            case NetworkOp.Conv conv -> {
                axis = conv.layout().channelAxis(node.x().rank());
                outputs = 0;
            }
            case NetworkOp.ConvTranspose conv when conv.groups() == 1 -> {
                axis = conv.layout().channelAxis(node.x().rank());
                outputs = 0;
            }
            default -> {
                return Optional.empty();
            }
        }
        return weights.scales().length == 1 || weights.axis() == outputs
                ? taken(node, axis, weights)
                : Optional.empty();
    }

    /** What takes channels of a value, whose axes may be turned after that. */
    private Optional<Term> taken(ForeignNode node, int axis, Constant.Coded weights) {
        Optional<ForeignNode> made = uses.producer(node.x());
        if (made.isPresent() && made.get().op() instanceof NetworkOp.Transpose(List<Integer> order)) {
            return uses.producer(made.get().x()).flatMap(from -> taken(node, order.get(axis), order, from, weights));
        }
        return made.flatMap(from -> taken(node, axis, List.of(), from, weights));
    }

    private static Optional<Term> taken(ForeignNode node, int axis, List<Integer> order, ForeignNode from,
            Constant.Coded weights) {
        List<Integer> channels = switch (from.op()) {
            case NetworkOp.Slice(int along, int start, int count, int step) when along == axis && step == 1 ->
                Extents.range(count).stream().map(i -> i + start).toList();
            case NetworkOp.Gather(int along) when along == axis && from.inputs().get(1).known()
                    && from.inputs().get(1).rank() == 1 ->
                Arrays.stream(from.inputs().get(1).constant().orElseThrow().integers()).mapToObj(i -> (int) i).toList();
            default -> List.of();
        };
        return channels.isEmpty()
                ? Optional.empty()
                : Optional.of(new Term(node, from.x(), axis, order, channels, weights, Optional.empty()));
    }
}
