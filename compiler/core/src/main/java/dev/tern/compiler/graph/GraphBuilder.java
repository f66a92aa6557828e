package dev.tern.compiler.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds a graph node by node, inferring types. New nodes get the origin last given to {@link #at}.
 */
public final class GraphBuilder implements NodeSink {
    private final String name;
    private final String source;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<ValueId, TensorType> types = new HashMap<>();
    private final Signs signs = new Signs();
    private final List<ValueId> inputs = new ArrayList<>();
    private final List<Graph.Output> outputs = new ArrayList<>();
    private String documentation = "";
    private Graph.Budget budget = Graph.Budget.NONE;
    private Origin origin;

    /** @param origin of the nodes to come, until {@link #at} gives another */
    public GraphBuilder(String name, String source, Origin origin) {
        this.name = name;
        this.source = source;
        this.origin = origin;
    }

    /** Sets the origin of the nodes to come. */
    public GraphBuilder at(Origin newOrigin) {
        origin = newOrigin;
        return this;
    }

    public GraphBuilder documentation(String text) {
        documentation = text;
        return this;
    }

    public GraphBuilder budget(Graph.Budget limits) {
        budget = limits;
        return this;
    }

    public ValueId input(String inputName, TensorType type) {
        ValueId id = add(new Operation.Input(inputName, inputs.size()), type);
        inputs.add(id);
        return id;
    }

    /** An f32 constant, or an integer one whose type is the interval of its values. */
    @Override
    public ValueId constant(Tensor tensor) {
        return add(new Operation.Constant(tensor));
    }

    /** f32 parameters that are bound later. */
    public ValueId parameter(String path, ParameterRole role, Shape shape) {
        return add(new Operation.Parameter(path, role), new TensorType(ElementType.F32, shape));
    }

    public ValueId constant(Tensor tensor, ElementType element) {
        return add(new Operation.Constant(tensor), new TensorType(element, tensor.shape()));
    }

    public ValueId reshape(ValueId x, Shape shape) {
        return add(new Operation.Reshape(x), new TensorType(type(x).element(), shape));
    }

    /**
     * Adds an operation whose operands determine its type.
     *
     * @throws TypeRuleException if the operands break the operation's rule
     */
    @Override
    public ValueId add(Operation operation) {
        return define(operation, TypeInference.of(operation, operandTypes(operation)));
    }

    /**
     * Adds an operation of a given type.
     *
     * @throws TypeRuleException if operands or type break the operation's rule
     */
    @Override
    public ValueId add(Operation operation, TensorType type) {
        TypeInference.check(operation, operandTypes(operation), type);
        return define(operation, type);
    }

    public void output(String outputName, ValueId value, List<String> labels) {
        outputs.add(new Graph.Output(outputName, value, labels));
    }

    /** @throws IllegalArgumentException if no node defines the value */
    @Override
    public TensorType type(ValueId value) {
        TensorType type = types.get(value);
        if (type == null) {
            throw new IllegalArgumentException(value + " is not defined");
        }
        return type;
    }

    @Override
    public boolean nonNegative(ValueId value) {
        return signs.of(value).nonNegative();
    }

    public Graph build() {
        return new Graph(name, documentation, source, nodes, inputs, outputs, budget);
    }

    private List<TensorType> operandTypes(Operation operation) {
        return operation.operands().stream().map(this::type).toList();
    }

    private ValueId define(Operation operation, TensorType type) {
        ValueId id = new ValueId(nodes.size());
        nodes.add(new Node(id, type, operation, origin));
        types.put(id, type);
        signs.add(id, operation, type);
        return id;
    }
}
