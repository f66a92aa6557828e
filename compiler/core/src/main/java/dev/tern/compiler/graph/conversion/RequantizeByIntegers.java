package dev.tern.compiler.graph.conversion;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Requantization;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.TypeInference;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.ElementFunction;
import dev.tern.compiler.graph.formula.FixedPoint;
import dev.tern.compiler.graph.pass.GraphPass;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes codes of accumulators by integers alone, where a rescaling, one multiplication and addition per channel and a
 * relu stand between a product and a quantizer of a constant scale. Of {@code q((s_x * s_w[c] * acc) * a[c] + b[c])}
 * with the quantizer's scale s becomes {@link Operation.Requantize} with
 *
 * <pre>
 * scale of weights w[c] = f32(s_w[c] * |a[c]|)         the product is taken in f64
 * bias[c] = round(b[c] / (s_x * w[c]))                 in f64, halves up
 * factor[c] = the fixed-point number nearest to s_x * w[c] / s, rounded once
 * </pre>
 *
 * and the weights of channels with a negative a[c] negated. A channel whose accumulators cannot change its code by a
 * quarter (a[c] = 0 above all) has weights 0, w[c] = s / (256 s_x). The chain is left as it is where negated weights
 * are no codes of their type, where a bias does not fit 24 bits, and where any of the values between has other users.
 */
public final class RequantizeByIntegers implements GraphPass {
    /** Biases stand in f32, exactly. */
    private static final double MOST_BIAS = 1 << 24;
    /** Steps of a code in the factor of a channel that has one code whatever the accumulator is. */
    private static final double CONSTANT_STEPS = 256;

    @Override
    public String summary() {
        return "make codes of accumulators by integers alone";
    }

    @Override
    public Graph apply(Graph graph, Diagnostics diagnostics) {
        Map<ValueId, Node> definitions = graph.definitions();
        Map<ValueId, Integer> uses = new HashMap<>();
        graph.nodes().forEach(node -> node.operation().operands().forEach(id -> uses.merge(id, 1, Integer::sum)));
        graph.outputs().forEach(output -> uses.merge(output.value(), 1, Integer::sum));
        List<Node> nodes = new ArrayList<>();
        int next = graph.nextIndex();
        for (Node node : graph.nodes()) {
            Optional<Chain> chain = Chain.into(node, definitions, uses);
            List<Node> made = chain.flatMap(Chain::numbers).map(numbers -> made(node, chain.get(), numbers,
                    definitions))
                    .orElse(List.of(node));
            // New nodes are numbered here; the last keeps the quantizer's number.
            Map<ValueId, ValueId> numbered = new HashMap<>();
            for (Node one : made) {
                ValueId id = one.id().index() >= 0 ? one.id() : new ValueId(next++);
                numbered.put(one.id(), id);
                nodes.add(new Node(id, one.type(), one.operation().map(operand -> numbered.getOrDefault(operand,
                        operand)), one.origin()));
            }
        }
        return graph.withNodes(nodes);
    }

    /** What is computed in a quantizer's place, nodes without a number of their own under negative ones. */
    private static List<Node> made(Node quantizer, Chain chain, Numbers numbers, Map<ValueId, Node> definitions) {
        List<Node> made = new ArrayList<>();
        ValueId accumulator = chain.accumulator().id();
        if (numbers.weights().isPresent()) {
            Operation.Product product = (Operation.Product) chain.accumulator().operation();
            Node weights = numbers.weights().get();
            made.add(weights);
            Operation negated = product.map(id -> id.equals(product.weights()) ? weights.id() : id);
            List<TensorType> types = product.operands().stream()
                    .map(id -> id.equals(product.weights()) ? weights.type() : definitions.get(id).type()).toList();
            accumulator = new ValueId(-2);
            made.add(new Node(accumulator, TypeInference.of(negated, types), negated, chain.accumulator().origin()));
        }
        ValueId scales = new ValueId(-3);
        ValueId bias = new ValueId(-4);
        made.add(constant(scales, Tensor.of(numbers.scales()), quantizer));
        made.add(constant(bias, Tensor.of(numbers.bias()), quantizer));
        made.add(new Node(quantizer.id(), quantizer.type(), new Operation.Requantize(accumulator, Optional.of(scales),
                Optional.of(bias), numbers.rule()), quantizer.origin()));
        return made;
    }

    private static Node constant(ValueId id, Tensor.Floats values, Node of) {
        return new Node(id, new TensorType(ElementType.F32, values.shape()), new Operation.Constant(values),
                of.origin());
    }

    /** @param weights where they are others than before, without a number of their own */
    private record Numbers(float[] scales, float[] bias, Requantization rule, Optional<Node> weights) {
    }

    /**
     * From an accumulator to a quantizer.
     *
     * @param factors of a multiplication per channel, if there is such a step
     * @param shifts of the addition after it
     * @param zero the quantizer's zero point
     * @param lowest the least code, greater than the grid's behind a relu
     * @param weights of the product, where nobody else wants its accumulators
     */
    private record Chain(Node accumulator, float inputScale, float[] weightScales, Optional<float[]> factors,
            Optional<float[]> shifts, Operation.Quantize quantize, float scale, int zero, int lowest,
            Optional<Node> weights) {
        static Optional<Chain> into(Node node, Map<ValueId, Node> definitions, Map<ValueId, Integer> uses) {
            if (!(node.operation() instanceof Operation.Quantize quantize)) {
                return Optional.empty();
            }
            Optional<float[]> scale = floats(quantize.scale(), definitions).filter(values -> values.length == 1);
            Optional<Integer> zero = quantize.zero().isEmpty()
                    ? Optional.of(0)
                    : integers(quantize.zero().get(), definitions).filter(values -> values.values().length == 1)
                            .map(values -> values.values()[0]);
            if (scale.isEmpty() || zero.isEmpty()) {
                return Optional.empty();
            }
            int lowest = quantize.grid().lowest();
            Optional<float[]> factors = Optional.empty();
            Optional<float[]> shifts = Optional.empty();
            Node at = definitions.get(quantize.x());
            if (at.operation() instanceof Operation.Activation(ElementFunction function, ValueId x)
                    && function.equals(ElementFunction.RELU) && uses.get(at.id()) == 1) {
                lowest = Math.max(lowest, zero.get());
                at = definitions.get(x);
            }
            if (at.operation() instanceof Operation.Affine affine && uses.get(at.id()) == 1) {
                factors = floats(affine.scale(), definitions);
                shifts = floats(affine.shift(), definitions);
                if (factors.isEmpty() || shifts.isEmpty()) {
                    return Optional.empty();
                }
                at = definitions.get(affine.x());
            }
            if (!(at.operation() instanceof Operation.Rescale rescale) || uses.get(at.id()) != 1
                    || rescale.activationScale().isEmpty()) {
                return Optional.empty();
            }
            Node accumulator = definitions.get(rescale.x());
            Optional<float[]> inputScale = floats(rescale.activationScale().get(), definitions)
                    .filter(values -> values.length == 1);
            Optional<float[]> weightScales = rescale.weightScale().isEmpty()
                    ? Optional.of(new float[]{1})
                    : floats(rescale.weightScale().get(), definitions);
            if (inputScale.isEmpty() || weightScales.isEmpty()
                    || !(accumulator.type().element() instanceof ElementType.Accumulator)) {
                return Optional.empty();
            }
            Optional<Node> weights = accumulator.operation() instanceof Operation.Product product
                    && uses.get(accumulator.id()) == 1 && integers(product.weights(), definitions).isPresent()
                            ? Optional.of(definitions.get(product.weights()))
                            : Optional.empty();
            return Optional.of(new Chain(accumulator, inputScale.get()[0], weightScales.get(), factors, shifts,
                    quantize, scale.get()[0], zero.get(), lowest, weights));
        }

        private static Optional<float[]> floats(ValueId id, Map<ValueId, Node> definitions) {
            return definitions.get(id).operation() instanceof Operation.Constant(Tensor.Floats tensor)
                    ? Optional.of(tensor.values())
                    : Optional.empty();
        }

        private static Optional<Tensor.Integers> integers(ValueId id, Map<ValueId, Node> definitions) {
            return definitions.get(id).operation() instanceof Operation.Constant(Tensor.Integers tensor)
                    ? Optional.of(tensor)
                    : Optional.empty();
        }

        /** What the requantization takes; nothing where it cannot stand for the chain. */
        Optional<Numbers> numbers() {
            int channels = accumulator.type().shape().channels();
            ElementType.Accumulator sums = (ElementType.Accumulator) accumulator.type().element();
            double most = Math.max(Math.abs((double) sums.low()), Math.abs((double) sums.high()));
            float[] scales = new float[channels];
            float[] bias = new float[channels];
            int[] signs = new int[channels];
            for (int c = 0; c < channels; c++) {
                double factor = factors.isPresent() ? factors.get()[c] : 1;
                double shift = shifts.isPresent() ? shifts.get()[c] : 0;
                double weightScale = weightScales[weightScales.length == 1 ? 0 : c];
                signs[c] = factor < 0 ? -1 : 1;
                scales[c] = (float) (weightScale * Math.abs(factor));
                if (most * inputScale * scales[c] / scale < 0.25) {
                    signs[c] = 0;
                    scales[c] = (float) (scale / (CONSTANT_STEPS * inputScale));
                }
                double whole = Math.floor(shift / ((double) inputScale * scales[c]) + 0.5);
                if (!(Math.abs(whole) <= MOST_BIAS) || most + MOST_BIAS >= 1L << 31
                        || inputScale * scales[c] / scale >= 1 << 20) {
                    return Optional.empty();
                }
                bias[c] = (float) whole;
            }
            Requantization rule = new Requantization(inputScale, scale, FixedPoint.Rounding.SINGLE,
                    quantize.grid().code(), zero, lowest, quantize.grid().highest());
            boolean others = false;
            for (int sign : signs) {
                others |= sign != 1;
            }
            if (!others) {
                return Optional.of(new Numbers(scales, bias, rule, Optional.empty()));
            }
            return weights.flatMap(old -> signed(old, signs))
                    .map(made -> new Numbers(scales, bias, rule, Optional.of(made)));
        }

        /** The weights of each channel times its sign; nothing where one is no code of their type. */
        private static Optional<Node> signed(Node weights, int[] signs) {
            ElementType.Code code = (ElementType.Code) weights.type().element();
            Tensor.Integers old = (Tensor.Integers) ((Operation.Constant) weights.operation()).tensor();
            int[] values = old.values().clone();
            int each = values.length / signs.length;
            boolean zeros = false;
            for (int i = 0; i < values.length; i++) {
                values[i] *= signs[i / each];
                zeros |= values[i] == 0;
                if (values[i] < code.lowest() || values[i] > code.highest()) {
                    return Optional.empty();
                }
            }
            // Binary weights with zeros among them are ternary.
            ElementType.Code fitting = code.bipolar() && zeros ? ElementType.TERNARY : code;
            return Optional.of(new Node(new ValueId(-1), new TensorType(fitting, old.shape()),
                    new Operation.Constant(new Tensor.Integers(old.shape(), values)), weights.origin()));
        }
    }
}
