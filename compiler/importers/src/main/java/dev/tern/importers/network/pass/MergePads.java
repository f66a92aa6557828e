package dev.tern.importers.network.pass;

import dev.tern.importers.network.Network;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.Node;
import dev.tern.importers.network.Value;
import dev.tern.importers.network.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Zeros around the input of a convolution become its own padding. */
final class MergePads {
    private MergePads() {
    }

    static Network run(Network network) {
        Rewriting uses = new Rewriting(network);
        List<Node> nodes = new ArrayList<>();
        for (Node node : network.nodes()) {
            nodes.add(node.op() instanceof NetworkOp.Conv conv && !conv.ones()
                    ? merged(node, conv, uses).orElse(node)
                    : node);
        }
        return Rewriting.with(network, nodes);
    }

    private static Optional<Node> merged(Node node, NetworkOp.Conv conv, Rewriting uses) {
        Optional<Node> producer = uses.producer(node.x());
        if (producer.isEmpty() || !(producer.get()
                .op() instanceof NetworkOp.Pad(List<Integer> before, List<Integer> after, float value)) || value != 0) {
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
        Window window = conv.window();
        Window wider = new Window(window.kernel(), window.strides(), window.dilations(),
                sum(window.before(), before.subList(first, first + rank)),
                sum(window.after(), after.subList(first, first + rank)));
        List<Value> inputs = new ArrayList<>(node.inputs());
        inputs.set(0, producer.get().x());
        return Optional.of(new Node(new NetworkOp.Conv(wider, conv.groups(), conv.layout()), inputs, node.output(),
                node.origin()));
    }

    private static List<Integer> sum(List<Integer> a, List<Integer> b) {
        List<Integer> sum = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) {
            sum.add(a.get(i) + b.get(i));
        }
        return sum;
    }
}
