package dev.tern.quantizer;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.BinaryFunction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The same model without quantization, to be trained and measured beside it: float weights and activations, the same
 * operations and parameter paths. {@code sign} and {@code ternary} activations become a clip to -1..1, the function
 * whose gradient training lends them; without it layers of nothing but products would collapse into one.
 */
public final class FloatTwin {
    private final Map<ValueId, Node> definitions;
    private final Map<ValueId, ValueId> renamed = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    private FloatTwin(Map<ValueId, Node> definitions) {
        this.definitions = definitions;
    }

    /**
     * The float twin of a graph, bound or not.
     *
     * @throws CompilationFailedException if it computes on codes alone somewhere, as int8 models of TFLite do
     */
    public static Graph of(Graph graph) {
        FloatTwin twin = new FloatTwin(graph.definitions());
        graph.nodes().forEach(twin::add);
        List<Graph.Output> outputs = graph.outputs().stream()
                .map(o -> new Graph.Output(o.name(), twin.rename(o.value()), o.labels())).toList();
        return graph.withOutputs(outputs).withNodes(living(twin.nodes, graph.inputs(), outputs));
    }

    /** Whether there is one: nowhere are codes made of codes by integers alone. */
    public static boolean exists(Graph graph) {
        return graph.nodes().stream().noneMatch(node -> node.operation() instanceof Operation.Requantize
                || node.operation() instanceof Operation.CombineCodes || node
                        .operation() instanceof Operation.CodeTable);
    }

    /** {@code digits.float.safetensors} for {@code digits.safetensors}: what a twin's parameters are called. */
    public static String fileName(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? name + ".float" : name.substring(0, dot) + ".float" + name.substring(dot);
    }

    /** The value of the float twin that stands where a value of the graph stood. */
    public static ValueId standIn(Map<ValueId, Node> definitions, ValueId id) {
        return passedThrough(definitions, definitions.get(id).operation()).map(x -> standIn(definitions, x))
                .orElse(id);
    }

    /**
     * What an operation that only changes how a number is written leaves as it is. Where codes come from an input or
     * from a parameter file no quantizer has reals to give in their place, so their scales are multiplied as before.
     */
    private static Optional<ValueId> passedThrough(Map<ValueId, Node> definitions, Operation operation) {
        return switch (operation) {
            case Operation.Quantize(ValueId x, _, _, _) -> Optional.of(x);
            case Operation.Rescale(ValueId x, _, var weightScale) when !stored(definitions, x)
                    && weightScale.stream().allMatch(s -> isMeasured(definitions, s)) ->
                Optional.of(x);
            case Operation.Dequantize(ValueId codes, _, _) when !stored(definitions, codes) -> Optional.of(codes);
            case Operation.WeightCodes(ValueId weights, _, Operation.Part part) when part == Operation.Part.ALL ->
                Optional.of(weights);
            case Operation.Elementwise(BinaryFunction function, ValueId x, ValueId scale) when isChannelScale(
                    definitions, scale) && (function == BinaryFunction.DIVIDE || function == BinaryFunction.MULTIPLY) ->
                Optional.of(x);
            default -> Optional.empty();
        };
    }

    /** Whether a value is scales of channels, by which what is quantized is divided, and its codes are multiplied. */
    private static boolean isChannelScale(Map<ValueId, Node> definitions, ValueId scale) {
        return switch (definitions.get(scale).operation()) {
            case Operation.RangeScale(ValueId ranges, _) -> definitions.get(ranges)
                    .operation() instanceof Operation.Source;
            case Operation.Gather(ValueId x, _, _) -> isChannelScale(definitions, x);
            default -> false;
        };
    }

    private static boolean isMeasured(Map<ValueId, Node> definitions, ValueId weightScale) {
        return definitions.get(weightScale).operation() instanceof Operation.WeightScale;
    }

    /** Whether a value is codes that an input gives, or what is computed of them before their scale is multiplied. */
    private static boolean stored(Map<ValueId, Node> definitions, ValueId id) {
        Node node = definitions.get(id);
        return switch (node.operation()) {
            case Operation.Input _ -> node.type().element() instanceof ElementType.Code;
            case Operation.Reshape(ValueId x) -> stored(definitions, x);
            case Operation.Transpose(ValueId x, _) -> stored(definitions, x);
            case Operation.Slice(ValueId x, _, _, _) -> stored(definitions, x);
            case Operation.Gather(ValueId x, _, _) -> stored(definitions, x);
            case Operation.MaxPool(ValueId x, _) -> stored(definitions, x);
            case Operation.Concat(List<ValueId> parts, _) -> parts.stream().anyMatch(p -> stored(definitions, p));
            case Operation.Product product -> stored(definitions, product.a());
            case Operation.Composite composite -> !(node.type().element() instanceof ElementType.F32)
                    && stored(definitions, composite.operands().getFirst());
            default -> false;
        };
    }

    private void add(Node node) {
        switch (node.operation()) {
            case Operation.Quantize _ -> drop(node);
            // Where the two signs have products of their own, these are of the weights of that sign.
            case Operation.WeightCodes(ValueId weights, _, Operation.Part part) -> {
                switch (part) {
                    case ALL -> drop(node);
                    case POSITIVE -> keep(node, new Operation.Clip(rename(weights), 0, Float.POSITIVE_INFINITY));
                    case NEGATIVE -> keep(node, new Operation.Clip(rename(weights), Float.NEGATIVE_INFINITY, 0));
                }
            }
            case Operation.Rescale(ValueId x, var scale, var weightScale) -> {
                if (passedThrough(definitions, node.operation()).isPresent()) {
                    drop(node);
                } else {
                    keep(node, new Operation.Rescale(rename(x), scale.filter(_ -> stored(definitions, x)),
                            weightScale.filter(w -> !isMeasured(definitions, w)).map(this::rename)));
                }
            }
            case Operation.Dequantize dequantize -> {
                if (passedThrough(definitions, dequantize).isPresent()) {
                    drop(node);
                } else {
                    keep(node, dequantize.map(this::rename));
                }
            }
            case Operation.Elementwise _ when passedThrough(definitions, node.operation()).isPresent() -> drop(node);
            case Operation.Sign sign -> keep(node, new Operation.Clip(rename(sign.x()), -1, 1));
            case Operation.Ternarize ternarize -> keep(node, new Operation.Clip(rename(ternarize.x()), -1, 1));
            case Operation.Dense dense -> keep(node,
                    new Operation.Dense(rename(dense.a()), zero(dense), rename(dense.weights())));
            case Operation.Conv conv -> keep(node, new Operation.Conv(rename(conv.a()), zero(conv),
                    rename(conv.weights()), conv.geometry(), conv.groups(), conv.padding()));
            case Operation.MatMul product -> {
                if (stored(definitions, product.left()) || stored(definitions, product.right())) {
                    throw new CompilationFailedException(Diagnostic.error(DiagnosticCode.NOT_TRAINABLE,
                            "a product of matrices that an input gives as codes has no float network beside it",
                            node.origin().position(), "multiplied here").help("declare the input as f32"));
                }
                keep(node, new Operation.MatMul(rename(product.left()), Optional.empty(), rename(product.right()),
                        Optional.empty()));
            }
            case Operation.Threshold _ -> throw new IllegalArgumentException("thresholds are made after training");
            case Operation.SumPool _ ->
                throw new IllegalArgumentException("a model is converted to integers after training");
            case Operation.Requantize _,Operation.CombineCodes _,Operation.CodeTable _,Operation.RescaleIntegers _ ->
                throw new CompilationFailedException(Diagnostic
                        .error(DiagnosticCode.NOT_TRAINABLE, "the model computes on codes alone, so there is no float "
                                + "network beside it", node.origin().position(), "codes in, codes out")
                        .help("start from the float model that it was made of: import that file and quantize it"));
            case Operation.Composite composite -> {
                List<ValueId> operands = composite.operands().stream().map(this::rename).toList();
                keep(node, stored(definitions, node.id())
                        ? new Operation.Composite(composite.expansion(), operands)
                        : composite.expansion().inReals(operands));
            }
            // What is computed in f32 either way, and scales that nothing will read.
            // @formatter:off
            case Operation.Source _, Operation.WeightScale _, Operation.MeasureRange _, Operation.RangeScale _,
                 Operation.RangeZero _, Operation.StepTable _, Operation.BatchNorm _, Operation.Affine _,
                 Operation.Elementwise _, Operation.Activation _, Operation.Clip _, Operation.PRelu _,
                 Operation.MaxPool _, Operation.AvgPool _, Operation.Softmax _, Operation.ArgMax _,
                 Operation.Reshape _, Operation.Transpose _, Operation.Slice _, Operation.Concat _,
                 Operation.Gather _, Operation.RowStatistic _,
                 Operation.NotLowered _ ->
            // @formatter:on
                keep(node, node.operation().map(this::rename));
        }
    }

    /** Reals have no zero point, but codes that are there already do. */
    private Optional<ValueId> zero(Operation.Product product) {
        return product.zero().filter(_ -> stored(definitions, product.a()));
    }

    private void drop(Node node) {
        renamed.put(node.id(), rename(passedThrough(definitions, node.operation()).orElseThrow()));
    }

    private ValueId rename(ValueId id) {
        return renamed.getOrDefault(id, id);
    }

    private void keep(Node node, Operation operation) {
        boolean computed = !(operation instanceof Operation.Source);
        boolean integer = node.type().element() instanceof ElementType.Code
                || node.type().element() instanceof ElementType.Accumulator;
        boolean moved = stored(definitions, node.id()) && !(operation instanceof Operation.Product)
                && !(operation instanceof Operation.Composite);
        TensorType type = computed && integer && !moved && !(operation instanceof Operation.ArgMax)
                ? new TensorType(ElementType.F32, node.type().shape())
                : node.type();
        nodes.add(new Node(node.id(), type, operation, node.origin()));
    }

    /** Without the scales and zero points that nothing reads any more. */
    private static List<Node> living(List<Node> nodes, List<ValueId> inputs, List<Graph.Output> outputs) {
        Set<ValueId> read = new HashSet<>(inputs);
        outputs.forEach(o -> read.add(o.value()));
        List<Node> living = new ArrayList<>();
        for (Node node : nodes.reversed()) {
            if (read.contains(node.id())) {
                read.addAll(node.operation().operands());
                living.add(node);
            }
        }
        return living.reversed();
    }
}
