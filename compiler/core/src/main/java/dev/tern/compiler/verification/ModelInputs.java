package dev.tern.compiler.verification;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.runtime.Element;
import dev.tern.runtime.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;

/** Inputs of a graph that is not compiled, and may not be: from arrays as a session takes them, or made up. */
public final class ModelInputs {
    private final Graph graph;

    public ModelInputs(Graph graph) {
        this.graph = graph;
    }

    private List<Node> nodes() {
        return graph.inputs().stream().map(graph.definitions()::get).toList();
    }

    /** The model's name and inputs, as those who read input files want them. */
    public Signature signature() {
        List<Signature.Port> ports = nodes().stream().map(ModelInputs::port).toList();
        return new Signature(graph.name(), graph.documentation(), ports, List.of(), List.of(), 0, 0, "none",
                "the model is not compiled");
    }

    private static Signature.Port port(Node node) {
        TensorType type = node.type();
        Element element = switch (type.element()) {
            case ElementType.F32 _ -> Element.F32;
            case ElementType.Code code -> code.signed() ? Element.I8 : Element.U8;
            case ElementType.StepIndex _ -> Element.STEP;
            case ElementType.Accumulator _ -> throw new IllegalArgumentException("an input " + type);
        };
        int steps = type.element() instanceof ElementType.StepIndex(int count) ? count : 0;
        return new Signature.Port(((Operation.Input) node.operation()).name(), "", element, steps,
                Arrays.stream(type.shape().toArray()).boxed().toList(), List.of());
    }

    /** Arrays in the order of the signature as tensors. */
    public List<Tensor> tensors(Object[] arrays) {
        List<Tensor> tensors = new ArrayList<>();
        for (Node node : nodes()) {
            TensorType type = node.type();
            tensors.add(switch (arrays[tensors.size()]) {
                case float[] values -> new Tensor.Floats(type.shape(), values);
                case int[] values -> new Tensor.Integers(type.shape(), values);
                case byte[] values -> {
                    int[] codes = new int[values.length];
                    for (int i = 0; i < codes.length; i++) {
                        codes[i] = ((ElementType.Code) type.element()).signed() ? values[i] : values[i] & 255;
                    }
                    yield new Tensor.Integers(type.shape(), codes);
                }
                case Object other -> throw new IllegalArgumentException("an input " + other.getClass());
            });
        }
        return tensors;
    }

    /**
     * Made-up inputs, the same for the same seed: f32 elements of 0..1 in the first, then in turn of a normal
     * distribution, all 0, and of 0..1 again; others from all that their type has.
     */
    public List<List<Tensor>> random(int count, long seed) {
        Random random = new Random(seed);
        List<List<Tensor>> inputs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            DoubleSupplier real = switch (i % 3) {
                case 0 -> random::nextFloat;
                case 1 -> random::nextGaussian;
                default -> () -> 0;
            };
            inputs.add(nodes().stream().map(node -> random(node.type(), real, random)).toList());
        }
        return inputs;
    }

    private static Tensor random(TensorType type, DoubleSupplier real, Random random) {
        int elements = type.shape().elements();
        return switch (type.element()) {
            case ElementType.F32 _ -> {
                float[] values = new float[elements];
                for (int i = 0; i < elements; i++) {
                    values[i] = (float) real.getAsDouble();
                }
                yield new Tensor.Floats(type.shape(), values);
            }
            case ElementType.Code code when code.bipolar() -> new Tensor.Integers(type.shape(),
                    random.ints(elements, 0, 2).map(bit -> 2 * bit - 1).toArray());
            case ElementType.Code code -> new Tensor.Integers(type.shape(),
                    random.ints(elements, code.lowest(), code.highest() + 1).toArray());
            case ElementType.StepIndex(int count) -> new Tensor.Integers(type.shape(),
                    random.ints(elements, 0, count).toArray());
            case ElementType.Accumulator _ -> throw new IllegalArgumentException("an input " + type);
        };
    }
}
