package dev.tern.importers.export;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Requantization;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.meaning.Meaning;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What has been written of a graph, and under which names. Values are written when something reads them. */
final class Translation {
    private final Graph graph;
    private final ExportOptions options;
    private final OnnxGraph out;
    private final Map<ValueId, Node> definitions;
    private final Map<ValueId, Tensor> constants = new HashMap<>();
    private final Map<ValueId, AxisOrder> layouts = new HashMap<>();
    private final Map<Object, String> written = new HashMap<>();

    Translation(Graph graph, ExportOptions options, OnnxGraph out) {
        this.graph = graph;
        this.options = options;
        this.out = out;
        this.definitions = graph.definitions();
        graph.nodes().forEach(this::fold);
        graph.nodes().forEach(node -> layouts.put(node.id(), LayoutChoice.of(this, node)));
    }

    private void fold(Node node) {
        boolean source = node.operation() instanceof Operation.Input
                || node.operation() instanceof Operation.Parameter
                || node.operation() instanceof Operation.NotLowered;
        if (!source && node.operation().operands().stream().allMatch(constants::containsKey)) {
            constants.put(node.id(), Meaning.evaluate(node.operation(), node.type(),
                    node.operation().operands().stream().map(constants::get).toList()));
        }
    }

    Graph graph() {
        return graph;
    }

    ExportOptions options() {
        return options;
    }

    OnnxGraph out() {
        return out;
    }

    Node node(ValueId id) {
        return definitions.get(id);
    }

    Operation operation(ValueId id) {
        return definitions.get(id).operation();
    }

    TensorType type(ValueId id) {
        return definitions.get(id).type();
    }

    Shape shape(ValueId id) {
        return definitions.get(id).type().shape();
    }

    boolean real(ValueId id) {
        return type(id).element() instanceof ElementType.F32;
    }

    /** The elements of a value that depends on no input. */
    Optional<Tensor> constant(ValueId id) {
        return Optional.ofNullable(constants.get(id));
    }

    /** f32 elements that must be known: those of parameters. */
    float[] floats(ValueId id) {
        return ((Tensor.Floats) constants.get(id)).values();
    }

    /** One number that is known. */
    Optional<Float> scalar(ValueId id) {
        return constant(id).filter(Tensor.Floats.class::isInstance).map(Tensor.Floats.class::cast)
                .filter(tensor -> tensor.values().length == 1).map(tensor -> tensor.values()[0]);
    }

    /** In which layout a value is computed. */
    AxisOrder layout(ValueId id) {
        return layouts.getOrDefault(id, AxisOrder.LAST);
    }

    /** A value's name; it is written the first time. */
    String numbers(ValueId id, AxisOrder layout) {
        return value(id, Form.NUMBERS, layout);
    }

    /** A value's name in one of its forms. */
    String value(ValueId id, Form form, AxisOrder layout) {
        record Key(ValueId id, Form form, AxisOrder layout) {
        }
        Key key = new Key(id, form, layout);
        String found = written.get(key);
        if (found == null) {
            found = write(id, form, layout);
            written.put(key, found);
        }
        return found;
    }

    /** What is written once for each key. */
    String once(Object key, Supplier<String> writer) {
        String found = written.get(key);
        if (found == null) {
            found = writer.get();
            written.put(key, found);
        }
        return found;
    }

    private String write(ValueId id, Form form, AxisOrder layout) {
        if (constant(id).isPresent()) {
            return literal(id, form, layout);
        }
        AxisOrder own = layout(id);
        // Behind DequantizeLinear nothing is turned: ONNX Runtime would take quantizers along, and the wrong way.
        boolean direct = shape(id).rank() == 3 && switch (operation(id)) {
            case Operation.Quantize _ -> form instanceof Form.Reals;
            case Operation.Requantize _,Operation.CodeTable _ -> form instanceof Form.Reals;
            case Operation.Dequantize _ -> reals(id).isPresent();
            default -> false;
        };
        if (layout != own && !direct) {
            return turned(value(id, form, own), shape(id), layout);
        }
        out.at(node(id).origin().path());
        return OperationExport.write(this, node(id), form, layout);
    }

    /** What makes reals of codes under a known scale, the codes having been moved since or not. */
    Optional<Operation.Dequantize> reals(ValueId id) {
        if (options.qonnx()) {
            return Optional.empty();
        }
        return switch (operation(id)) {
            case Operation.Dequantize made -> Optional.of(made)
                    .filter(reals -> scalar(reals.scale()).isPresent() && new Grids(this).fixed(reals.codes()));
            case Operation.Reshape move -> reals(move.x());
            case Operation.Transpose move -> reals(move.x());
            case Operation.Slice move -> reals(move.x());
            case Operation.Gather move -> reals(move.x());
            case Operation.MaxPool move -> reals(move.x());
            default -> Optional.empty();
        };
    }

    private String name(ValueId id) {
        String path = node(id).origin().path();
        return operation(id) instanceof Operation.Parameter parameter
                ? parameter.path()
                : path.isEmpty() ? "constant" : path + ".constant";
    }

    private String literal(ValueId id, Form form, AxisOrder layout) {
        Shape shape = layout == AxisOrder.FIRST ? three(shape(id)) : shape(id);
        float[] values = layout.ordered(shape, values(constants.get(id), form));
        return form instanceof Form.Bytes && type(id).element() instanceof ElementType.Code code
                ? out.integers(name(id), TensorKind.of(code), layout.shape(shape), Requantization.whole(values))
                : out.floats(name(id), layout.shape(shape), values);
    }

    private float[] values(Tensor tensor, Form form) {
        if (!(tensor instanceof Tensor.Integers integers)) {
            return ((Tensor.Floats) tensor).values();
        }
        float[] values = new float[integers.values().length];
        for (int i = 0; i < values.length; i++) {
            int code = integers.values()[i];
            values[i] = switch (form) {
                case Form.Numbers _,Form.Bytes _ -> code;
                case Form.LessZero(ValueId zero) -> code - ((Tensor.Integers) constants.get(zero)).values()[0];
                case Form.Reals(float scale, int zero) -> scale * (code - zero);
            };
        }
        return values;
    }

    /** The same axes behind ones, three in all. */
    private static Shape three(Shape shape) {
        int[] sizes = {1, 1, 1};
        for (int i = 0; i < shape.rank(); i++) {
            sizes[3 - shape.rank() + i] = shape.dimension(i);
        }
        return Shape.of(sizes);
    }

    /** A value in the other layout; of less than three axes it gets ones first. */
    String turned(String value, Shape shape, AxisOrder layout) {
        String from = value;
        Shape whole = shape;
        if (shape.rank() < 3) {
            whole = three(shape);
            from = reshaped(value, AxisOrder.LAST.shape(whole));
        }
        return out.node("Transpose", List.of(from),
                Attribute.of("perm", layout == AxisOrder.FIRST ? List.of(0, 3, 1, 2) : List.of(0, 2, 3, 1)));
    }

    String reshaped(String value, List<Integer> shape) {
        return out.node("Reshape", List.of(value, out.list("shape", shape)));
    }

    /** Numbers of each channel as they stretch over values of a layout. */
    String perChannel(ValueId id, AxisOrder layout) {
        float[] values = floats(id);
        return out.floats(name(id), values.length == 1 ? List.of() : layout.perChannel(values.length), values);
    }

    /** The operands of an operation in a layout. */
    List<String> operands(Operation operation, Form form, AxisOrder layout) {
        List<String> names = new ArrayList<>();
        operation.operands().forEach(id -> names.add(value(id, form, layout)));
        return names;
    }
}
