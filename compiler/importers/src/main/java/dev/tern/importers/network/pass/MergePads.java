package dev.tern.importers.network.pass;

import dev.tern.importers.network.ForeignNetwork;
import dev.tern.importers.network.ForeignNode;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ForeignWindow;
import dev.tern.importers.network.NetworkOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Zeros around the input of a convolution become its own padding. */
final class MergePads {
    private MergePads() {
    }

    static ForeignNetwork run(ForeignNetwork network) {
        Rewriting uses = new Rewriting(network);
        List<ForeignNode> nodes = new ArrayList<>();
        for (ForeignNode node : network.nodes()) {
            nodes.add(node.op() instanceof NetworkOp.Conv conv && conv.outside() == 0
                    ? merged(node, conv, uses).orElse(node)
                    : node);
        }
        return Rewriting.with(network, nodes);
    }

    private static Optional<ForeignNode> merged(ForeignNode node, NetworkOp.Conv conv, Rewriting uses) {
        Optional<ForeignNode> producer = uses.producer(node.x());
        if (producer.isEmpty() || !(producer.get()
                .op() instanceof NetworkOp.Pad(List<Integer> before, List<Integer> after, float value))) {
            return Optional.empty();
        }
        int first = conv.layout().firstSpatial();
        int rank = conv.window().rank();
        for (int axis = 0; axis < before.size(); axis++) {
            boolean spatial = axis >= first && axis < first + rank;
            if (!spatial && (before.get(axis) > 0 || after.get(axis) > 0)) {
                return Optional.empty();
            }
        }
        ForeignWindow window = conv.window();
        ForeignWindow wider = new ForeignWindow(window.kernel(), window.strides(), window.dilations(),
                sum(window.before(), before.subList(first, first + rank)),
                sum(window.after(), after.subList(first, first + rank)));
        ForeignValue x = producer.get().x();
        if (value != 0 && !signsAround(value, x, conv, wider, uses)) {
            return Optional.empty();
        }
        List<ForeignValue> inputs = new ArrayList<>(node.inputs());
        inputs.set(0, x);
        return Optional.of(new ForeignNode(new NetworkOp.Conv(wider, conv.groups(), conv.layout(), (int) value), inputs,
                node.output(), node.origin()));
    }

    /** Whether signs are padded with signs, as many as keep the places: Tern's layers do that without a step for it. */
    private static boolean signsAround(float value, ForeignValue x, NetworkOp.Conv conv, ForeignWindow wider,
            Rewriting uses) {
        int first = conv.layout().firstSpatial();
        ForeignWindow same = wider.same(x.shape().subList(first, first + wider.rank()),
                ForeignWindow.AutoPad.SAME_UPPER);
        return Math.abs(value) == 1 && !conv.window().padded() && wider.equals(same) && signs(x, uses);
    }

    private static boolean signs(ForeignValue x, Rewriting uses) {
        Optional<ForeignNode> made = uses.producer(x);
        return made.isPresent() && switch (made.get().op()) {
            case NetworkOp.Binarize(float scale) -> scale == 1;
            case NetworkOp.Ternarize _ -> true;
            case NetworkOp.Transpose _,NetworkOp.Reshape _ -> signs(made.get().x(), uses);
            default -> false;
        };
    }

    private static List<Integer> sum(List<Integer> a, List<Integer> b) {
        List<Integer> sum = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) {
            sum.add(a.get(i) + b.get(i));
        }
        return sum;
    }
}
