package dev.tern.compiler.graph.stream;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphBuilder;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes of a model over the last frames of a stream one that takes a new frame and gives what the other gives for the
 * frames up to it, bit for bit. What a window along time needs of frames before is state: an input that holds them, the
 * oldest first, and an output of the same name with what is to be kept of the new frame, which goes behind them while
 * the oldest is forgotten. What is computed of each frame for itself is computed of the new one alone; what needs all
 * frames at once (a flatten, an average over time) is given them from state.
 *
 * <p>Where a window reads codes these are kept, a byte each, and not what they are the codes of.
 */
public final class StepGraph {
    private final Graph windowed;
    private final Map<ValueId, Node> definitions;
    private final GraphBuilder builder;
    private final StreamRules rules;
    private final Map<ValueId, Value> values = new HashMap<>();
    private final Map<Window, ValueId> windows = new HashMap<>();
    private final List<State> states = new ArrayList<>();

    /**
     * What became of a value.
     *
     * @param frames how many the value is of, while the id holds the newest of them; 0 where the id holds the value
     */
    private record Value(ValueId id, int frames) {
    }

    private record Window(ValueId value, int frames) {
    }

    /** @param newest what is kept of the new frame */
    private record State(String name, ValueId newest) {
    }

    private StepGraph(Graph windowed, Diagnostics diagnostics) {
        this.windowed = windowed;
        this.definitions = windowed.definitions();
        this.builder = new GraphBuilder(windowed.name(), windowed.source(),
                windowed.nodes().getFirst().origin()).documentation(windowed.documentation())
                .budget(windowed.budget());
        this.rules = new StreamRules(definitions, diagnostics);
    }

    /**
     * The graph that takes a frame at a time.
     *
     * @param windowed its parameters are bound
     * @param stream the input of frames, [frames, ...]
     * @param diagnostics gets what cannot be computed frame by frame, with the way out
     * @return empty if an error was reported
     */
    public static Optional<Graph> of(Graph windowed, ValueId stream, Diagnostics diagnostics) {
        StepGraph step = new StepGraph(windowed, diagnostics);
        step.declareInputs(stream);
        boolean all = true;
        for (Node node : windowed.nodes()) {
            // What reads a value that is refused is not looked at.
            if (!(node.operation() instanceof Operation.Input)
                    && step.values.keySet().containsAll(node.operation().operands())) {
                all &= step.convert(node);
            }
        }
        return all ? Optional.of(step.finish()) : Optional.empty();
    }

    private void declareInputs(ValueId stream) {
        for (ValueId id : windowed.inputs()) {
            Node node = definitions.get(id);
            String name = ((Operation.Input) node.operation()).name();
            builder.at(node.origin());
            if (!id.equals(stream)) {
                values.put(id, new Value(builder.input(name, node.type()), 0));
                continue;
            }
            int[] window = node.type().shape().toArray();
            ValueId frame = builder.input(name, new TensorType(node.type().element(),
                    Shape.of(Arrays.copyOfRange(window, 1, window.length))));
            values.put(id, value(builder.reshape(frame, frames(node.type().shape(), 1)), window[0]));
        }
    }

    /** A value of one frame is that frame. */
    private static Value value(ValueId id, int frames) {
        return new Value(id, frames == 1 ? 0 : frames);
    }

    private static Shape frames(Shape shape, int frames) {
        int[] dimensions = shape.toArray();
        dimensions[0] = frames;
        return Shape.of(dimensions);
    }

    private boolean convert(Node node) {
        builder.at(node.origin());
        Operation operation = node.operation();
        int frames = operation.operands().stream().mapToInt(id -> values.get(id).frames()).max().orElse(0);
        if (frames == 0) {
            values.put(node.id(), new Value(whole(node, node.type().shape()), 0));
            return true;
        }
        Optional<Geometry> window = rules.window(node);
        if (window.isPresent()) {
            return slide(node, window.get());
        }
        if (operation instanceof Operation.Slice slice && slice.axis() == 0 && slice.end() == frames) {
            values.put(node.id(), value(values.get(slice.x()).id(), frames - slice.start()));
            return true;
        }
        if (rules.perFrame(node, frames, id -> values.get(id).frames())) {
            values.put(node.id(), new Value(whole(node, frames(node.type().shape(), 1)), frames));
            return true;
        }
        if (!rules.mayTakeWindow(node)) {
            return false;
        }
        ValueId id = builder.add(operation.map(operand -> last(operand, values.get(operand).frames())), node.type());
        values.put(node.id(), new Value(id, 0));
        return true;
    }

    /** The operation on what its operands became. */
    private ValueId whole(Node node, Shape shape) {
        return builder.add(node.operation().map(operand -> values.get(operand).id()),
                new TensorType(node.type().element(), shape));
    }

    /** A window along time sees the new frame and those before it. */
    private boolean slide(Node node, Geometry geometry) {
        if (!rules.slides(node, geometry)) {
            return false;
        }
        int needed = geometry.dilationHeight() * (geometry.kernelHeight() - 1) + 1;
        ValueId id = builder.add(node.operation().map(operand -> values.get(operand).frames() > 0
                ? last(operand, needed)
                : values.get(operand).id()), new TensorType(node.type().element(), frames(node.type().shape(), 1)));
        values.put(node.id(), value(id, node.type().shape().dimension(0)));
        return true;
    }

    /** The last frames of a value. @param frames how many; 0 for a value that is not of frames */
    private ValueId last(ValueId id, int frames) {
        if (frames <= 1) {
            return values.get(id).id();
        }
        Window window = new Window(id, frames);
        ValueId there = windows.get(window);
        if (there == null) {
            Node node = definitions.get(id);
            there = rules.isState(node) ? state(node, frames) : again(node, frames);
            windows.put(window, there);
        }
        return there;
    }

    /** What is cheap of the frames of its operand, or has no state of its own, is computed of all of them. */
    private ValueId again(Node node, int frames) {
        return builder.add(node.operation().map(operand -> values.get(operand).frames() > 0
                ? last(operand, frames)
                : values.get(operand).id()),
                new TensorType(node.type().element(), frames(node.type().shape(), frames)));
    }

    private ValueId state(Node node, int frames) {
        String name = "state" + (states.size() + 1);
        ValueId newest = values.get(node.id()).id();
        ValueId before = builder.input(name,
                new TensorType(node.type().element(), frames(node.type().shape(), frames - 1)));
        states.add(new State(name, newest));
        return builder.add(new Operation.Concat(List.of(before, newest), 0));
    }

    private Graph finish() {
        for (Graph.Output output : windowed.outputs()) {
            builder.at(definitions.get(output.value()).origin());
            builder.output(output.name(), last(output.value(), values.get(output.value()).frames()), output.labels());
        }
        states.forEach(state -> builder.output(state.name(), state.newest(), List.of()));
        return builder.build();
    }
}
