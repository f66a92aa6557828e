package dev.tern.importers.onnx;

import dev.tern.importers.FileReport;
import dev.tern.importers.onnx.schema.AttributeProto;
import dev.tern.importers.onnx.schema.FunctionProto;
import dev.tern.importers.onnx.schema.ModelProto;
import dev.tern.importers.onnx.schema.NodeProto;
import dev.tern.importers.onnx.schema.OperatorSetIdProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The functions that a file defines for itself, as newer exporters write modules: calls become the nodes that the
 * functions consist of.
 */
final class LocalFunctions {
    private static final int DEEPEST = 32;

    private final ModelProto model;
    private final Map<String, FunctionProto> functions = new HashMap<>();
    private final Map<NodeProto, FunctionProto> owners = new IdentityHashMap<>();
    private final List<NodeProto> nodes = new ArrayList<>();
    private int calls;

    LocalFunctions(ModelProto model) {
        this.model = model;
        model.getFunctionsList().forEach(function -> functions.put(key(function.getDomain(), function.getName()),
                function));
    }

    private static String key(String domain, String name) {
        return (domain.equals("ai.onnx") ? "" : domain) + " " + name;
    }

    /**
     * The model's nodes, with the nodes of functions in the place of their calls.
     *
     * @throws MalformedException if functions call each other in a circle, or make more nodes than a model may have
     */
    List<NodeProto> expanded() throws MalformedException {
        for (NodeProto node : model.getGraph().getNodeList()) {
            add(node, Optional.empty(), 0);
        }
        return nodes;
    }

    /** Functions that make no sense. */
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1;

        private MalformedException(String message) {
            super(message);
        }
    }

    /** The operator sets that a node was written for: the model's, or those of the function that it comes from. */
    List<OperatorSetIdProto> operatorSets(NodeProto node) {
        FunctionProto owner = owners.get(node);
        return owner == null ? model.getOpsetImportList() : owner.getOpsetImportList();
    }

    private void add(NodeProto node, Optional<FunctionProto> owner, int depth) throws MalformedException {
        FunctionProto function = functions.get(key(node.getDomain(), node.getOpType()));
        if (function == null || OperatorTable.find(node.getDomain(), node.getOpType()).isPresent()) {
            if (nodes.size() >= NodeOrder.MOST_NODES) {
                throw new MalformedException("its functions make more than " + NodeOrder.MOST_NODES + " nodes");
            }
            nodes.add(node);
            owner.ifPresent(of -> owners.put(node, of));
        } else if (depth == DEEPEST) {
            throw new MalformedException("the function `" + FileReport.firstLine(function.getName())
                    + "` calls itself, or functions call each other more than " + DEEPEST + " deep");
        } else {
            expand(node, function, depth);
        }
    }

    private void expand(NodeProto call, FunctionProto function, int depth) throws MalformedException {
        calls++;
        if (calls > NodeOrder.MOST_NODES) {
            throw new MalformedException("its functions are called more than " + NodeOrder.MOST_NODES + " times");
        }
        String name = call.getName().isEmpty() ? function.getName() : call.getName();
        String inside = name + "/" + calls + "/";
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < function.getInputCount(); i++) {
            names.put(function.getInput(i), i < call.getInputCount() ? call.getInput(i) : "");
        }
        List<NodeProto> passedOn = new ArrayList<>();
        for (int i = 0; i < function.getOutputCount(); i++) {
            String given = i < call.getOutputCount() ? call.getOutput(i) : "";
            String made = names.putIfAbsent(function.getOutput(i), given.isEmpty() ? inside + i : given);
            if (made != null && !given.isEmpty()) {
                // What the function got it gives.
                passedOn.add(NodeProto.newBuilder().setOpType("Identity").setName(name).addInput(made).addOutput(given)
                        .build());
            }
        }
        for (NodeProto node : function.getNodeList()) {
            add(renamed(node, name, inside, names, call, function), Optional.of(function), depth + 1);
        }
        for (NodeProto node : passedOn) {
            add(node, Optional.of(function), depth + 1);
        }
    }

    private static NodeProto renamed(NodeProto node, String name, String inside, Map<String, String> names,
            NodeProto call, FunctionProto function) {
        NodeProto.Builder renamed = node.toBuilder().clearInput().clearOutput().clearAttribute()
                .setName(name + "/" + (node.getName().isEmpty() ? node.getOpType() : node.getName()));
        node.getInputList().forEach(input -> renamed.addInput(renamed(input, inside, names)));
        node.getOutputList().forEach(output -> renamed.addOutput(renamed(output, inside, names)));
        for (AttributeProto attribute : node.getAttributeList()) {
            if (attribute.getRefAttrName().isEmpty()) {
                renamed.addAttribute(attribute);
            } else {
                given(attribute.getRefAttrName(), call, function).ifPresent(given -> renamed.addAttribute(
                        given.toBuilder().setName(attribute.getName())));
            }
        }
        return renamed.build();
    }

    private static String renamed(String value, String inside, Map<String, String> names) {
        return value.isEmpty() ? value : names.computeIfAbsent(value, inner -> inside + inner);
    }

    /** An attribute of the call, or what the function takes in its place. */
    private static Optional<AttributeProto> given(String name, NodeProto call, FunctionProto function) {
        return call.getAttributeList().stream().filter(attribute -> attribute.getName().equals(name)).findFirst()
                .or(() -> function.getAttributeProtoList().stream()
                        .filter(attribute -> attribute.getName().equals(name)).findFirst());
    }
}
