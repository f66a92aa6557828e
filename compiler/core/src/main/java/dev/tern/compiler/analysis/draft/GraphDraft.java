package dev.tern.compiler.analysis.draft;

import dev.tern.compiler.diagnostics.Position;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Origin;
import dev.tern.compiler.graph.ParameterRole;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Signs;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.TypeInference;
import dev.tern.compiler.graph.ValueId;
import java.util.ArrayList;
import java.util.List;

/** The nodes of a graph in the making. */
public final class GraphDraft {
    /** More nodes than this are taken for a mistake. */
    public static final int MAX_NODES = 10_000;
    /** More parameters than this (1 GiB as f32) are taken for a mistake. */
    public static final long MAX_PARAMETERS = 1L << 28;

    /** The model has grown past what any model needs; analysis ends. */
    public static final class TooLarge extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient SourceSpan position;

        /** @param what the limit that was passed, as a clause: {@code it has more than 20000 operations} */
        public TooLarge(String what, SourceSpan position) {
            super(what, null, false, false);
            this.position = position;
        }

        public SourceSpan position() {
            return position;
        }
    }

    private record Draft(TensorType type, Operation operation, LayerScope scope, Position position) {
    }

    private final List<Draft> drafts = new ArrayList<>();
    private final Signs signs = new Signs();
    private long parameters;

    /** Adds a node of a layer whose operands determine its type. */
    public ValueId add(Operation operation, LayerScope scope, SourceSpan position) {
        return add(operation, typeOf(operation), scope, position);
    }

    /** The type that an operation on nodes of this draft would have. */
    public TensorType typeOf(Operation operation) {
        return TypeInference.of(operation, operation.operands().stream().map(this::type).toList());
    }

    public TensorType type(ValueId id) {
        return drafts.get(id.index()).type;
    }

    public Operation operation(ValueId id) {
        return drafts.get(id.index()).operation;
    }

    /** Whether no element can be below zero, by construction, so that quantizers need no sign. */
    public boolean nonNegative(ValueId id) {
        return signs.of(id).nonNegative();
    }

    /** Adds a node of a layer. */
    public ValueId add(Operation operation, TensorType type, LayerScope scope, SourceSpan position) {
        if (drafts.size() >= MAX_NODES) {
            throw new TooLarge("it has more than " + MAX_NODES + " operations", position);
        }
        ValueId id = new ValueId(drafts.size());
        drafts.add(new Draft(type, operation, scope, position));
        signs.add(id, operation, type);
        return id;
    }

    /** Adds f32 parameters; {@code name} is the last part of their path. */
    public ValueId parameter(String name, ParameterRole role, Shape shape, LayerScope scope, SourceSpan position) {
        parameters += shape.elements();
        if (parameters > MAX_PARAMETERS) {
            throw new TooLarge("it has more than " + MAX_PARAMETERS + " parameters", position);
        }
        scope.ownParameters();
        return add(new Operation.Parameter(name, role), new TensorType(ElementType.F32, shape), scope, position);
    }

    /** The nodes under their final paths; the scopes' paths are assigned before. */
    public List<Node> finish() {
        List<Node> nodes = new ArrayList<>(drafts.size());
        for (Draft draft : drafts) {
            String path = draft.scope.path();
            Operation operation = draft.operation instanceof Operation.Parameter parameter
                    ? new Operation.Parameter(path.isEmpty() ? parameter.path() : path + "." + parameter.path(),
                            parameter.role())
                    : draft.operation;
            nodes.add(new Node(new ValueId(nodes.size()), draft.type, operation, new Origin(path, draft.position)));
        }
        return nodes;
    }
}
