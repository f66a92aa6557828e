package dev.tern.importers.tflite;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.foreign.ImportOptions;
import dev.tern.importers.FileReport;
import dev.tern.importers.network.Constant;
import dev.tern.importers.network.Description;
import dev.tern.importers.network.ElementKind;
import dev.tern.importers.network.ForeignNetwork;
import dev.tern.importers.network.ForeignNetworkBuilder;
import dev.tern.importers.network.ForeignOrigin;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ImportProblemException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;

/** Reads one model's graph. */
final class TfliteReader {
    /** More than any model that Tern compiles has. */
    private static final int MOST_NODES = 10_000;

    private final TfliteModel model;
    private final String shownName;
    private final ImportOptions options;
    private final Diagnostics diagnostics;
    private final ForeignNetworkBuilder network = new ForeignNetworkBuilder();
    private final Map<Integer, ForeignValue> values = new HashMap<>();
    private final Set<Integer> unknown = new HashSet<>();
    private int errors;

    TfliteReader(TfliteModel model, String shownName, ImportOptions options, Diagnostics diagnostics) {
        this.model = model;
        this.shownName = shownName;
        this.options = options;
        this.diagnostics = diagnostics;
    }

    /**
     * @param name for the model
     * @param constants values for inputs that are no inputs of the model any more
     * @return the network, or empty if an error was reported
     */
    Optional<ForeignNetwork> read(String name, Map<String, Constant> constants) {
        if (model.subgraphs() > 1) {
            network.note("of " + model.subgraphs() + " subgraphs the first is read");
        }
        if (model.operators().size() > MOST_NODES) {
            report(DiagnosticCode.FOREIGN_UNSUPPORTED, "the model has " + model.operators().size()
                    + " nodes; up to " + MOST_NODES + " are supported", "", "");
            return Optional.empty();
        }
        inputs(constants);
        if (!allKnown()) {
            return Optional.empty();
        }
        for (TfliteOperator operator : model.operators()) {
            translate(operator);
        }
        List<ForeignNetwork.Output> outputs = new ArrayList<>();
        for (int output : model.outputs()) {
            String outputName = model.outputNames().getOrDefault(output, label(tensor(output)));
            find(output).ifPresent(value -> outputs.add(new ForeignNetwork.Output(outputName, value)));
        }
        if (outputs.isEmpty() && errors == 0) {
            report(DiagnosticCode.FOREIGN_MALFORMED, "the model has no outputs", "", "");
        }
        return errors == 0 ? Optional.of(network.build(name, Description.of(source()), outputs)) : Optional.empty();
    }

    /** {@code From kws.tflite: TFLite, schema 3, MLIR Converted.} */
    private String source() {
        String tool = FileReport.firstLine(model.tool()).replaceAll("\\.+$", "");
        return "From " + shownName.substring(shownName.replace('\\', '/').lastIndexOf('/') + 1) + ": TFLite, schema "
                + model.version() + (tool.isEmpty() ? "" : ", " + tool) + ".";
    }

    private TfliteTensor tensor(int index) {
        return model.tensors().get(index);
    }

    private static String label(TfliteTensor tensor) {
        return FileReport.firstLine(tensor.name());
    }

    // Inputs

    private void inputs(Map<String, Constant> constants) {
        Set<String> asked = new HashSet<>(constants.keySet());
        asked.addAll(options.shapes().keySet());
        List<String> names = new ArrayList<>();
        for (int index : model.inputs()) {
            TfliteTensor tensor = tensor(index);
            String name = model.inputNames().getOrDefault(index, label(tensor));
            names.add(name);
            asked.remove(name);
            try {
                values.put(index, input(name, tensor, Optional.ofNullable(constants.get(name))));
            } catch (ImportProblemException problem) {
                unknown.add(index);
                report(DiagnosticCode.FOREIGN_UNSUPPORTED, problem.getMessage(), "input " + name, problem.help());
            }
        }
        for (String name : asked) {
            report(DiagnosticCode.FOREIGN_MISMATCH, "the model has no input `" + name + "`", "", "its inputs are "
                    + String.join(", ", names));
        }
    }

    private ForeignValue input(String name, TfliteTensor tensor, Optional<Constant> bound) {
        ElementKind kind = TensorData.kind(tensor);
        if (bound.isPresent()) {
            Constant value = bound.get();
            return network.constant(name, kind.floating()
                    ? new Constant.Floats(value.shape(), value.floats())
                    : new Constant.Integers(kind, value.shape(), value.integers()));
        }
        if (kind == ElementKind.I16 && tensor.quantization().scales().length == 1) {
            network.note("`" + name + "` is given as the numbers that its codes of 16 bits stand for");
            return Codings.ofInput(network, network.input(name, ElementKind.F32, shape(name, tensor)), tensor);
        }
        ForeignValue input = network.input(name, kind, shape(name, tensor));
        return tensor.quantization().present() && !kind.floating()
                ? Codings.ofInput(network, input, tensor)
                : input;
    }

    private List<Integer> shape(String name, TfliteTensor tensor) {
        List<Integer> given = options.shapes().get(name);
        if (given != null) {
            return given;
        }
        List<Integer> signature = tensor.signature().isEmpty() ? tensor.shape() : tensor.signature();
        List<Integer> shape = new ArrayList<>();
        for (int size : signature) {
            if (size < 0 && !shape.isEmpty()) {
                throw new ImportProblemException("a size of the input `" + name + "` is open",
                        "Tern's models have fixed shapes: `--shape " + name + "=1,...` gives all sizes");
            }
            if (size < 0) {
                network.note("batch of `" + name + "` dropped: one example at a time");
            }
            shape.add(size < 0 ? 1 : size);
        }
        return shape;
    }

    // Nodes

    /** Whether all operators are known; names all that are not. */
    private boolean allKnown() {
        boolean known = true;
        for (TfliteOperator operator : model.operators()) {
            if (TfliteOperatorTable.find(operator).isEmpty()) {
                known = false;
                String label = label(operator);
                report(DiagnosticCode.FOREIGN_UNSUPPORTED, "`" + label + "`: Tern does not have the "
                        + (operator.custom() ? "custom " : "") + "operator " + FileReport.firstLine(operator.name()),
                        "node " + label, TfliteUnknownOperators.help(operator));
            }
        }
        return known && errors == 0;
    }

    /** A node's name: that of the tensor it computes. */
    private String label(TfliteOperator operator) {
        return operator.outputs().length == 0 ? operator.name() : label(tensor(operator.outputs()[0]));
    }

    private void translate(TfliteOperator operator) {
        String label = label(operator);
        List<Optional<ForeignValue>> inputs = new ArrayList<>();
        List<TfliteTensor> read = new ArrayList<>();
        try {
            for (int index : operator.inputs()) {
                Optional<ForeignValue> value = index == -1 ? Optional.empty() : find(index);
                if (index != -1 && value.isEmpty()) {
                    // What it reads was reported already.
                    markUnknown(operator);
                    return;
                }
                inputs.add(value);
                read.add(index == -1 ? null : tensor(index));
            }
            List<TfliteTensor> results = Arrays.stream(operator.outputs()).mapToObj(this::tensor).toList();
            List<ForeignValue> computed = TfliteTranslation.of(operator, new TfliteNode(
                    new ForeignOrigin(LayerNames.of(label), operator.name()), inputs, read, results, operator.options(),
                    operator.customOptions(), network, this::stored, options.singleRounding()));
            if (!inputs.isEmpty() && computed.stream().allMatch(ForeignValue::known)) {
                network.countFolded();
            }
            for (int i = 0; i < operator.outputs().length; i++) {
                values.put(operator.outputs()[i], computed.get(i));
            }
        } catch (ImportProblemException problem) {
            markUnknown(operator);
            report(DiagnosticCode.FOREIGN_UNSUPPORTED, "`" + label + "` (" + FileReport.firstLine(operator.name())
                    + "): " + problem.getMessage(), "node " + label, problem.help());
        } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException
                | NoSuchElementException unsuitable) {
            // Operands and attributes of other shapes than the operator has: only a damaged file holds such.
            markUnknown(operator);
            report(DiagnosticCode.FOREIGN_MALFORMED, "`" + label + "` (" + FileReport.firstLine(operator.name())
                    + "): its operands do not suit the operator", "node " + label, "");
        }
    }

    private void markUnknown(TfliteOperator operator) {
        Arrays.stream(operator.outputs()).forEach(unknown::add);
    }

    /** A value by its place; constants are read when something asks for them. */
    private Optional<ForeignValue> find(int index) {
        ForeignValue value = values.get(index);
        if (value == null && !unknown.contains(index)) {
            TfliteTensor tensor = tensor(index);
            try {
                value = network.constant(label(tensor), Codings.reals(tensor, stored(tensor)));
                values.put(index, value);
            } catch (ImportProblemException problem) {
                unknown.add(index);
                report(DiagnosticCode.FOREIGN_MALFORMED, problem.getMessage(), "tensor " + label(tensor),
                        problem.help());
            }
        }
        return Optional.ofNullable(value);
    }

    /** The elements of a constant tensor as they are stored. */
    private Constant stored(TfliteTensor tensor) {
        ByteBuffer buffer = model.buffers().get(tensor.buffer());
        if (!buffer.hasRemaining() && !tensor.shape().contains(0)) {
            throw new ImportProblemException("`" + label(tensor)
                    + "` is read before it is computed, and is no constant",
                    tensor.variable() ? "networks with a state from one inference to the next are not supported" : "");
        }
        return TensorData.read(tensor, buffer);
    }

    private void report(DiagnosticCode code, String message, String part, String help) {
        errors++;
        Diagnostic diagnostic = Diagnostic.error(code, FileReport.firstLine(message),
                new FilePosition(shownName, -1, FileReport.firstLine(part)), "");
        diagnostics.add(help.isEmpty() ? diagnostic : diagnostic.help(help));
    }
}
