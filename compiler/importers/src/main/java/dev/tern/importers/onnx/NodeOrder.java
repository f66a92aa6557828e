package dev.tern.importers.onnx;

import dev.tern.importers.FileReport;
import dev.tern.importers.onnx.schema.NodeProto;
import dev.tern.importers.onnx.schema.ValueInfoProto;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** Puts the nodes that the outputs need behind those they read; files need not have them so. */
final class NodeOrder {
    static final int MOST_NODES = 100_000;
    private static final int READING = 1;
    private static final int DONE = 2;

    private final Map<String, NodeProto> producers = new HashMap<>();
    private final Set<String> available;
    private final BiConsumer<String, String> report;
    private final Map<NodeProto, Integer> state = new IdentityHashMap<>();
    private final List<NodeProto> order = new ArrayList<>();
    private boolean sound = true;

    private NodeOrder(Set<String> available, BiConsumer<String, String> report) {
        this.available = available;
        this.report = report;
    }

    /**
     * @param all the nodes
     * @param available names that are known without a node
     * @param report gets what is wrong, and where
     * @return the nodes in order, or empty if there is a cycle or something is missing
     */
    static Optional<List<NodeProto>> of(List<NodeProto> all, List<ValueInfoProto> outputs, Set<String> available,
            BiConsumer<String, String> report) {
        NodeOrder nodes = new NodeOrder(available, report);
        if (all.size() > MOST_NODES) {
            report.accept("the model has " + all.size() + " nodes; the most is " + MOST_NODES, "");
            return Optional.empty();
        }
        for (NodeProto node : all) {
            for (String output : node.getOutputList()) {
                if (!output.isEmpty() && nodes.producers.putIfAbsent(output, node) != null) {
                    report.accept("two nodes compute `" + FileReport.firstLine(output) + "`", "");
                    return Optional.empty();
                }
            }
        }
        Set<String> wanted = new LinkedHashSet<>();
        for (ValueInfoProto output : outputs) {
            wanted.add(output.getName());
        }
        for (String name : wanted) {
            nodes.visit(name, "the model's outputs");
        }
        return nodes.sound ? Optional.of(nodes.order) : Optional.empty();
    }

    /** Depth first, without recursion: chains may be long. */
    private void visit(String name, String reader) {
        Deque<NodeProto> open = new ArrayDeque<>();
        push(name, reader, open);
        while (!open.isEmpty() && sound) {
            NodeProto node = open.peek();
            switch (state.getOrDefault(node, 0)) {
                case DONE -> open.pop();
                case READING -> {
                    open.pop();
                    state.put(node, DONE);
                    order.add(node);
                }
                default -> {
                    state.put(node, READING);
                    for (String input : node.getInputList()) {
                        push(input, "the node `" + node.getName() + "`", open);
                    }
                }
            }
        }
    }

    private void push(String name, String reader, Deque<NodeProto> open) {
        NodeProto node = producers.get(name);
        if (name.isEmpty() || available.contains(name)) {
            return;
        }
        if (node == null) {
            report.accept(FileReport.firstLine("nothing computes `" + name + "`, which " + reader + " reads"), "");
            sound = false;
        } else if (state.getOrDefault(node, 0) == READING) {
            report.accept(FileReport.firstLine("`" + name + "` depends on itself"), "");
            sound = false;
        } else if (state.getOrDefault(node, 0) != DONE) {
            open.push(node);
        }
    }
}
