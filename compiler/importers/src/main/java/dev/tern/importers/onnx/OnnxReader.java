package dev.tern.importers.onnx;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.foreign.ImportOptions;
import dev.tern.importers.FileReport;
import dev.tern.importers.network.Constant;
import dev.tern.importers.network.ElementKind;
import dev.tern.importers.network.ForeignNetwork;
import dev.tern.importers.network.ForeignNetworkBuilder;
import dev.tern.importers.network.ForeignOrigin;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.onnx.schema.AttributeProto;
import dev.tern.importers.onnx.schema.GraphProto;
import dev.tern.importers.onnx.schema.ModelProto;
import dev.tern.importers.onnx.schema.NodeProto;
import dev.tern.importers.onnx.schema.OperatorSetIdProto;
import dev.tern.importers.onnx.schema.TensorProto;
import dev.tern.importers.onnx.schema.TensorShapeProto;
import dev.tern.importers.onnx.schema.TypeProto;
import dev.tern.importers.onnx.schema.ValueInfoProto;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads one model's graph. */
final class OnnxReader {
    private final ModelProto model;
    private final LocalFunctions functions;
    private final OnnxTensors tensors;
    private final String shownName;
    private final ImportOptions options;
    private final Diagnostics diagnostics;
    private final ForeignNetworkBuilder network = new ForeignNetworkBuilder();
    private final Map<String, ForeignValue> values = new HashMap<>();
    private final Map<String, TensorProto> initializers = new HashMap<>();
    private final Set<String> unknown = new HashSet<>();
    private int errors;

    OnnxReader(ModelProto model, OnnxTensors.ExternalData external, String shownName, ImportOptions options,
            Diagnostics diagnostics) {
        this.model = model;
        this.functions = new LocalFunctions(model);
        this.tensors = new OnnxTensors(external);
        this.shownName = shownName;
        this.options = options;
        this.diagnostics = diagnostics;
    }

    /**
     * @param name for the model
     * @param constants values for inputs that are no inputs of the model any more
     * @return the network, or empty if an error was reported
     */
    Optional<ForeignNetwork> read(String name, Map<String, Constant> constants) throws IOException {
        if (!model.hasGraph()) {
            report(DiagnosticCode.FOREIGN_MALFORMED, "this is no ONNX model: it holds no graph", "", "");
            return Optional.empty();
        }
        GraphProto graph = model.getGraph();
        graph.getInitializerList().forEach(tensor -> initializers.put(tensor.getName(), tensor));
        inputs(graph, constants);
        List<NodeProto> nodes;
        try {
            nodes = functions.expanded();
        } catch (LocalFunctions.MalformedException endless) {
            malformed(endless.getMessage(), "");
            return Optional.empty();
        }
        Optional<List<NodeProto>> order = NodeOrder.of(nodes, graph.getOutputList(), available(), this::malformed);
        if (order.isEmpty() || !allKnown(order.get())) {
            return Optional.empty();
        }
        for (NodeProto node : order.get()) {
            translate(node);
        }
        List<ForeignNetwork.Output> outputs = new ArrayList<>();
        for (ValueInfoProto output : graph.getOutputList()) {
            find(output.getName()).ifPresent(value -> outputs.add(new ForeignNetwork.Output(output.getName(), value)));
        }
        if (outputs.isEmpty() && errors == 0) {
            report(DiagnosticCode.FOREIGN_MALFORMED, "the model has no outputs", "", "");
        }
        return errors == 0
                ? Optional.of(network.build(name, OnnxDescription.of(model, shownName), outputs))
                : Optional.empty();
    }

    private Set<String> available() {
        Set<String> names = new TreeSet<>(values.keySet());
        names.addAll(initializers.keySet());
        names.addAll(unknown);
        return names;
    }

    // Inputs

    private void inputs(GraphProto graph, Map<String, Constant> constants) {
        Set<String> asked = new HashSet<>(constants.keySet());
        asked.addAll(options.shapes().keySet());
        for (ValueInfoProto input : graph.getInputList()) {
            String name = input.getName();
            boolean bound = constants.containsKey(name);
            asked.remove(name);
            if (initializers.containsKey(name) && !bound) {
                continue;
            }
            try {
                values.put(name, bound
                        ? network.constant(name, typed(constants.get(name), kind(input)))
                        : network.input(name, kind(input), shape(input)));
            } catch (ImportProblemException problem) {
                unknown.add(name);
                report(DiagnosticCode.FOREIGN_UNSUPPORTED, problem.getMessage(), "input " + name, problem.help());
            }
        }
        for (String name : asked) {
            report(DiagnosticCode.FOREIGN_MISMATCH, "the model has no input `" + name + "`", "", "its inputs are "
                    + String.join(", ", graph.getInputList().stream().map(ValueInfoProto::getName)
                            .filter(n -> !initializers.containsKey(n)).toList()));
        }
    }

    private static Constant typed(Constant constant, ElementKind kind) {
        return kind.floating()
                ? new Constant.Floats(constant.shape(), constant.floats())
                : new Constant.Integers(kind, constant.shape(), constant.integers());
    }

    private static ElementKind kind(ValueInfoProto info) {
        TypeProto type = info.getType();
        if (!type.hasTensorType()) {
            throw new ImportProblemException("the input `" + info.getName() + "` is no tensor");
        }
        int element = type.getTensorType().getElemType();
        return OnnxTensors.kind(element).orElseThrow(() -> new ImportProblemException("the input `" + info.getName()
                + "` has elements of type " + OnnxTensors.typeName(element) + ", which Tern does not have"));
    }

    private List<Integer> shape(ValueInfoProto input) {
        List<Integer> given = options.shapes().get(input.getName());
        if (given != null) {
            return given;
        }
        if (!input.getType().getTensorType().hasShape()) {
            throw new ImportProblemException("the input `" + input.getName() + "` has no shape",
                    "give it one: `--shape " + input.getName() + "=1,28,28`");
        }
        List<Integer> shape = new ArrayList<>();
        for (TensorShapeProto.Dimension size : input.getType().getTensorType().getShape().getDimList()) {
            boolean open = !size.hasDimValue() || size.getDimValue() <= 0;
            if (open && !shape.isEmpty()) {
                throw new ImportProblemException("the size `" + size.getDimParam() + "` of the input `"
                        + input.getName() + "` is open", "Tern's models have fixed shapes: `--shape " + input.getName()
                                + "=1,...` gives all sizes");
            }
            if (open) {
                network.note("batch of `" + input.getName() + "` dropped: one example at a time");
            }
            shape.add(open ? 1 : OnnxNode.whole(size.getDimValue()));
        }
        return shape;
    }

    // Nodes

    /** Whether all operators are known; names all that are not. */
    private boolean allKnown(List<NodeProto> nodes) {
        boolean known = true;
        for (NodeProto node : nodes) {
            if (OperatorTable.find(node.getDomain(), node.getOpType()).isEmpty()) {
                known = false;
                String operator = (node.getDomain().isEmpty() ? "" : node.getDomain() + ".") + node.getOpType();
                report(DiagnosticCode.FOREIGN_UNSUPPORTED, "`" + label(node) + "`: Tern does not have the operator "
                        + FileReport.firstLine(operator), "node " + label(node), UnknownOperators.help(node));
            }
        }
        return known;
    }

    private static String label(NodeProto node) {
        String name = node.getName().isEmpty() && node.getOutputCount() > 0 ? node.getOutput(0) : node.getName();
        return FileReport.firstLine(name);
    }

    private void translate(NodeProto node) throws IOException {
        List<Optional<ForeignValue>> inputs = new ArrayList<>();
        for (String name : node.getInputList()) {
            Optional<ForeignValue> value = name.isEmpty() ? Optional.empty() : find(name);
            if (!name.isEmpty() && value.isEmpty()) {
                // What it reads was reported already.
                unknown.addAll(node.getOutputList());
                return;
            }
            inputs.add(value);
        }
        Map<String, AttributeProto> attributes = new HashMap<>();
        node.getAttributeList().forEach(attribute -> attributes.put(attribute.getName(), attribute));
        String label = label(node);
        OnnxNode read = new OnnxNode(new ForeignOrigin(label, node.getOpType()), version(node), inputs,
                (int) node.getOutputList().stream().filter(name -> !name.isEmpty()).count(), attributes, network,
                tensors);
        try {
            List<ForeignValue> results = OperatorTable.find(node.getDomain(), node.getOpType()).orElseThrow().translate(
                    read);
            if (!inputs.isEmpty() && results.stream().allMatch(ForeignValue::known)) {
                network.countFolded();
            }
            for (int i = 0; i < node.getOutputCount(); i++) {
                if (i < results.size()) {
                    values.put(node.getOutput(i), results.get(i));
                } else {
                    unknown.add(node.getOutput(i));
                }
            }
        } catch (ImportProblemException problem) {
            unknown.addAll(node.getOutputList());
            report(DiagnosticCode.FOREIGN_UNSUPPORTED, "`" + label + "` (" + FileReport.firstLine(node.getOpType())
                    + "): " + problem.getMessage(), "node " + label, problem.help());
        } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException unsuitable) {
            // Operands and attributes of other shapes than the operator has: only a damaged file holds such.
            unknown.addAll(node.getOutputList());
            report(DiagnosticCode.FOREIGN_MALFORMED, "`" + label + "` (" + FileReport.firstLine(node.getOpType())
                    + "): its operands do not suit the operator", "node " + label, "");
        }
    }

    private int version(NodeProto node) {
        String standard = node.getDomain().equals("ai.onnx") ? "" : node.getDomain();
        for (OperatorSetIdProto set : functions.operatorSets(node)) {
            String named = set.getDomain().equals("ai.onnx") ? "" : set.getDomain();
            if (named.equals(standard)) {
                return OnnxNode.whole(set.getVersion());
            }
        }
        return 1;
    }

    /** A value by its name; initializers are read when something asks for them. */
    private Optional<ForeignValue> find(String name) throws IOException {
        ForeignValue value = values.get(name);
        TensorProto tensor = initializers.get(name);
        if (value == null && tensor != null && !unknown.contains(name)) {
            try {
                value = network.constant(name, tensors.read(tensor));
                values.put(name, value);
            } catch (ImportProblemException problem) {
                unknown.add(name);
                report(DiagnosticCode.FOREIGN_MALFORMED, problem.getMessage(), "tensor " + name, problem.help());
            }
        }
        return Optional.ofNullable(value);
    }

    private void malformed(String message, String part) {
        report(DiagnosticCode.FOREIGN_MALFORMED, message, part, "");
    }

    private void report(DiagnosticCode code, String message, String part, String help) {
        errors++;
        Diagnostic diagnostic = Diagnostic.error(code, FileReport.firstLine(message),
                new FilePosition(shownName, -1, FileReport.firstLine(part)), "");
        diagnostics.add(help.isEmpty() ? diagnostic : diagnostic.help(help));
    }

}
