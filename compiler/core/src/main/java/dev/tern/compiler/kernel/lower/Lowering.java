package dev.tern.compiler.kernel.lower;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphPrinter;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.ConstantPool;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelNames;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Layout;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.ValueKind;
import dev.tern.compiler.kernel.schedule.KernelSchedule;
import dev.tern.compiler.target.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A kernel program in the making: where each value of the graph lies, and what has been emitted so far. */
final class Lowering {
    private final Graph graph;
    private final Target target;
    private final Map<ValueId, Node> definitions;
    private final Map<ValueId, Tensor> constantValues = new HashMap<>();
    private final Map<ValueId, BufferId> places = new HashMap<>();
    private final Map<ValueId, BufferId> floatPlaces = new HashMap<>();
    private final Set<ValueId> outputs = new HashSet<>();
    private final Map<ValueId, Integer> uses = new HashMap<>();
    private final List<Buffer> buffers = new ArrayList<>();
    private final ConstantPool constants = new ConstantPool();
    private final List<Kernel> kernels = new ArrayList<>();
    private final KernelNames names = new KernelNames();

    Lowering(Graph graph, Target target) {
        this.graph = graph;
        this.target = target;
        definitions = graph.definitions();
        graph.outputs().forEach(output -> outputs.add(root(output.value())));
        graph.nodes().forEach(node -> node.operation().operands().forEach(id -> uses.merge(id, 1, Integer::sum)));
    }

    /** Whether a value will be in memory for others, so that reading it there costs nothing more. */
    boolean kept(ValueId id) {
        return uses.getOrDefault(id, 0) > 1 || definitions.get(id).operation() instanceof Operation.Dequantize;
    }

    /** What a chain of reshapes starts from: the value whose elements they share. */
    ValueId root(ValueId id) {
        return definitions.get(id).operation() instanceof Operation.Reshape reshape ? root(reshape.x()) : id;
    }

    Node definition(ValueId id) {
        return definitions.get(id);
    }

    TensorType type(ValueId id) {
        return definitions.get(id).type();
    }

    Shape shape(ValueId id) {
        return type(id).shape();
    }

    ValueKind kind(ValueId id) {
        return ValueKind.of(type(id).element());
    }

    // Values

    void defineConstant(ValueId id, Tensor tensor) {
        constantValues.put(id, tensor);
    }

    Optional<Tensor> constant(ValueId id) {
        return Optional.ofNullable(constantValues.get(id));
    }

    /** The f32 elements of a value known at compile time. */
    Optional<float[]> constantFloats(ValueId id) {
        return constant(id).map(tensor -> switch (tensor) {
            case Tensor.Floats floats -> floats.values();
            case Tensor.Integers integers -> {
                float[] values = new float[integers.values().length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = integers.values()[i];
                }
                yield values;
            }
        });
    }

    Optional<int[]> constantInts(ValueId id) {
        return constant(id).map(tensor -> switch (tensor) {
            case Tensor.Integers integers -> integers.values();
            case Tensor.Floats floats ->
                throw new IllegalStateException(id + " is f32 where integers are expected");
        });
    }

    /** A new plain buffer for the node's value. */
    BufferId define(Node node) {
        Buffer.Role role = node.operation() instanceof Operation.Input
                ? Buffer.Role.INPUT
                : outputs.contains(node.id()) ? Buffer.Role.OUTPUT : Buffer.Role.VALUE;
        BufferId id = buffer(bufferName(node), kind(node.id()).bank(),
                new Layout.Plain(node.type().shape().rows(), node.type().shape().channels()), role);
        places.put(node.id(), id);
        return id;
    }

    /** The same elements under another shape. */
    void alias(Node node, ValueId of) {
        if (constantValues.containsKey(of)) {
            constantValues.put(node.id(), switch (constantValues.get(of)) {
                case Tensor.Floats floats -> new Tensor.Floats(node.type().shape(), floats.values());
                case Tensor.Integers integers -> new Tensor.Integers(node.type().shape(), integers.values());
            });
        } else {
            places.put(node.id(), places.get(of));
        }
    }

    /** The plain buffer that holds a value; a constant is brought into one. */
    BufferId place(ValueId id) {
        BufferId place = places.get(id);
        if (place == null) {
            place = bringIn(id, Buffer.Role.VALUE);
            places.put(id, place);
        }
        return place;
    }

    /** A new buffer that a constant is loaded into. */
    BufferId bringIn(ValueId id, Buffer.Role role) {
        Node node = definitions.get(id);
        Producer producer = loadConstant(id);
        BufferId place = buffer(bufferName(node), kind(id).bank(),
                new Layout.Plain(producer.rows(), producer.channels()), role);
        add(node, "constant", producer, List.of(store(place, producer.channels())));
        return place;
    }

    private Producer loadConstant(ValueId id) {
        Tensor tensor = constant(id).orElseThrow(() -> new IllegalStateException(id + " is not defined"));
        ValueKind kind = kind(id);
        String name = bufferName(definitions.get(id));
        ConstantId constant = switch (tensor) {
            case Tensor.Floats floats -> constants.floats(name, floats.values());
            case Tensor.Integers integers when !kind.coded() -> constants.ints(name, integers.values());
            case Tensor.Integers integers -> constants.bytes(name, integers.values());
        };
        return new Producer.LoadConstant(constant, kind, tensor.shape().rows(),
                tensor.shape().channels());
    }

    /** The value in an F32 buffer; integers are converted. */
    BufferId floatPlace(ValueId id) {
        if (kind(id).floating()) {
            return place(id);
        }
        BufferId known = floatPlaces.get(id);
        if (known != null) {
            return known;
        }
        Shape shape = shape(id);
        BufferId place = buffer(bufferName(definitions.get(id)) + " as f32", Bank.F32,
                new Layout.Plain(shape.rows(), shape.channels()), Buffer.Role.VALUE);
        add(definitions.get(id), "to_f32", load(id), List.of(new Step.ToFloat(), store(place, shape.channels())));
        floatPlaces.put(id, place);
        return place;
    }

    // Parts of kernels

    /** Reads a value as rows x channels of its shape. */
    Producer load(ValueId id) {
        return load(id, shape(id).rows(), shape(id).channels());
    }

    Producer load(ValueId id, int rows, int channels) {
        ValueKind kind = kind(id);
        return new Producer.Load(place(id), kind, rows, channels);
    }

    /** An epilogue's beginning that makes a loaded value f32. */
    List<Step> toFloat(ValueId id) {
        List<Step> steps = new ArrayList<>();
        if (!kind(id).floating()) {
            steps.add(new Step.ToFloat());
        }
        return steps;
    }

    static Step store(BufferId output, int channels) {
        return new Step.StorePlain(output, channels, 0);
    }

    /** A kernel that computes the node by steps on the rows of one operand (made f32 before) and stores it. */
    void addElementwise(Node node, ValueId operand, Step... steps) {
        Producer producer = load(operand);
        List<Step> epilogue = toFloat(operand);
        epilogue.addAll(List.of(steps));
        epilogue.add(store(define(node), producer.channels()));
        add(node, word(node), producer, epilogue);
    }

    BufferId buffer(String name, Bank bank, Layout layout, Buffer.Role role) {
        BufferId id = new BufferId(buffers.size());
        buffers.add(new Buffer(id, name, bank, layout, -1, role));
        return id;
    }

    BufferId scratch(Node node, String what, Bank bank, int rows, int channels) {
        return buffer(KernelNames.path(node.origin(), what), bank, new Layout.Plain(rows, channels),
                Buffer.Role.SCRATCH);
    }

    ConstantPool constants() {
        return constants;
    }

    // Kernels

    void add(Kernel kernel) {
        kernels.add(kernel);
    }

    void add(Node node, String what, Producer producer, List<Step> epilogue) {
        add(node, what, producer, epilogue, KernelSchedule.PLAIN);
    }

    void add(Node node, String what, Producer producer, List<Step> epilogue, KernelSchedule schedule) {
        add(new Kernel.PixelKernel(kernelName(node, what), node.origin(), producer, epilogue, schedule));
    }

    String kernelName(Node node, String what) {
        return names.unique(node.origin(), what);
    }

    /** What a node does, in one word. */
    static String word(Node node) {
        return GraphPrinter.name(node.operation()).replace("_", "");
    }

    private String bufferName(Node node) {
        return node.operation() instanceof Operation.Input input
                ? input.name()
                : KernelNames.path(node.origin(), word(node));
    }

    // The end

    KernelProgram program() {
        List<KernelProgram.Port> inputs = new ArrayList<>();
        for (ValueId id : graph.inputs()) {
            Operation.Input input = (Operation.Input) definitions.get(id).operation();
            inputs.add(new KernelProgram.Port(input.name(), places.get(id), type(id).element(), shape(id), List.of()));
        }
        List<KernelProgram.Port> ports = new ArrayList<>();
        for (Graph.Output output : graph.outputs()) {
            ports.add(new KernelProgram.Port(output.name(), outputPlace(output), type(output.value()).element(),
                    shape(output.value()), output.labels()));
        }
        return new KernelProgram(graph.name(), graph.documentation(), graph.source(), buffers, constants.all(),
                kernels, inputs, ports, graph.budget(), target);
    }

    /** Inputs and constants are copied, for an output's buffer is written by a kernel. */
    private BufferId outputPlace(Graph.Output output) {
        if (constantValues.containsKey(output.value())) {
            return bringIn(output.value(), Buffer.Role.OUTPUT);
        }
        BufferId place = places.get(output.value());
        if (buffers.get(place.index()).role() == Buffer.Role.OUTPUT) {
            return place;
        }
        Producer producer = load(output.value());
        BufferId copy = buffer(output.name(), kind(output.value()).bank(),
                new Layout.Plain(producer.rows(), producer.channels()), Buffer.Role.OUTPUT);
        add(definitions.get(output.value()), "copy", producer, List.of(store(copy, producer.channels())));
        return copy;
    }
}
