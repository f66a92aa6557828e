package dev.tern.compiler.graph.pass;

import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Operation.Elementwise;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.ElementFunction;
import dev.tern.compiler.graph.meaning.Meaning;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What stands between a value and a quantizer with constant scales, as far back as every step is a function of each
 * element and its channel that never falls, or never rises, as the element rises. Every f32 operation rounds
 * monotonely, so the whole chain is monotone in each channel. It is evaluated by the oracle, never restated here.
 * Codes of which a quantizer before it makes reals again are such a step, too.
 */
final class MonotoneChain {
    private final ValueId start;
    private final List<Node> steps;
    private final Definitions definitions;
    private final Quantizer quantizer;
    private final int channels;

    private MonotoneChain(ValueId start, List<Node> steps, Definitions definitions, Quantizer quantizer) {
        this.start = start;
        this.steps = steps;
        this.definitions = definitions;
        this.quantizer = quantizer;
        this.channels = steps.stream().anyMatch(this::perChannel)
                ? definitions.of(start).type().shape().channels()
                : 1;
    }

    /** The chain into a quantizer, through values that nobody else uses. */
    static MonotoneChain into(Quantizer quantizer, Definitions definitions, Uses uses) {
        List<Node> steps = new ArrayList<>();
        ValueId at = quantizer.x();
        boolean alone = uses.single(at);
        Optional<ValueId> before = before(at, definitions, uses);
        while (before.isPresent()) {
            steps.addFirst(definitions.of(at));
            at = before.get();
            alone &= uses.single(at);
            // Codes that somebody else uses, if only as reals, are made anyway, and smaller than what they are made of.
            before = alone || !(definitions.operation(at) instanceof Operation.Quantize)
                    ? before(at, definitions, uses)
                    : Optional.empty();
        }
        return new MonotoneChain(at, steps, definitions, quantizer);
    }

    private static Optional<ValueId> before(ValueId at, Definitions definitions, Uses uses) {
        Node node = definitions.of(at);
        return uses.single(at) || ofCodes(node.operation(), definitions)
                ? before(node, definitions)
                : Optional.empty();
    }

    /** A multiple of codes, or of their sum, may have other users, for the codes are there whoever uses it. */
    private static boolean ofCodes(Operation operation, Definitions definitions) {
        return operation instanceof Operation.Dequantize
                || operation instanceof Operation.Rescale rescale
                        && (definitions.of(rescale.x()).type().element() instanceof ElementType.Code
                                || definitions.operation(rescale.x()) instanceof Operation.CombineCodes);
    }

    /** The value that the chain is a function of. */
    ValueId start() {
        return start;
    }

    List<Node> steps() {
        return steps;
    }

    /** Whether a step of it makes codes, which a NaN has, too. */
    boolean quantizes() {
        return steps.stream().anyMatch(step -> step.operation() instanceof Operation.Quantize);
    }

    /** Columns of {@link #evaluate}'s operand: the channels, or 1 where all are treated alike. */
    int channels() {
        return channels;
    }

    /**
     * The codes of values [rows, channels] of the start, or nothing where a step gives NaN.
     *
     * @param values integers or f32, as the start is
     */
    Optional<int[]> evaluate(Tensor values) {
        Tensor current = values;
        for (Node step : steps) {
            current = step(step.operation(), current);
            if (current instanceof Tensor.Floats(Shape _, float[] reals)) {
                for (float real : reals) {
                    if (Float.isNaN(real)) {
                        return Optional.empty();
                    }
                }
            }
        }
        return Optional.of(quantizer.codes((Tensor.Floats) current).values());
    }

    private Tensor step(Operation operation, Tensor x) {
        List<Tensor> operands = operation.operands().stream()
                .map(id -> definitions.constant(id).map(MonotoneChain::flat).orElse(x)).toList();
        return Meaning.evaluate(operation, new TensorType(ElementType.F32, x.shape()), operands);
    }

    /** A factor or summand of shape [1, 1, c] as [c], one of a single element as a scalar. */
    private static Tensor flat(Tensor tensor) {
        if (!(tensor instanceof Tensor.Floats(Shape _, float[] values))) {
            return tensor;
        }
        return new Tensor.Floats(values.length == 1 ? Shape.scalar() : Shape.of(values.length), values);
    }

    private boolean perChannel(Node step) {
        return step.operation().operands().stream().map(definitions::constant).flatMap(Optional::stream)
                .anyMatch(t -> t.shape().elements() > 1);
    }

    /** The operand that a step is a monotone function of, or nothing if it is no such step. */
    private static Optional<ValueId> before(Node node, Definitions definitions) {
        return switch (node.operation()) {
            case Operation.Activation(ElementFunction function, ValueId x) ->
                function.rises() ? Optional.of(x) : Optional.empty();
            case Operation.Clip clip -> Optional.of(clip.x());
            case Operation.Affine affine ->
                definitions.isConstant(affine.scale()) && definitions.isConstant(affine.shift())
                        ? Optional.of(affine.x())
                        : Optional.empty();
            case Operation.PRelu prelu -> nonNegative(prelu.slope(), definitions)
                    ? Optional.of(prelu.x())
                    : Optional.empty();
            case Operation.Rescale rescale -> rescale.operands().stream().skip(1).allMatch(definitions::isConstant)
                    && rescale.activationScale().stream()
                            .allMatch(s -> definitions.of(s).type().shape().rank() == 0)
                                    ? Optional.of(rescale.x())
                                    : Optional.empty();
            case Operation.Dequantize dequantize -> scalar(dequantize.scale(), definitions)
                    && dequantize.zero().stream().allMatch(zero -> scalar(zero, definitions))
                            ? Optional.of(dequantize.codes())
                            : Optional.empty();
            case Operation.Quantize quantize -> quantize.operands().stream().skip(1)
                    .allMatch(scale -> scalar(scale, definitions)) ? Optional.of(quantize.x()) : Optional.empty();
            case Elementwise elementwise -> varying(node, elementwise, definitions);
            // Whatever else there is ends the chain; forgetting one costs speed, never bits.
            default -> Optional.empty();
        };
    }

    private static boolean scalar(ValueId id, Definitions definitions) {
        return definitions.constant(id).stream().anyMatch(tensor -> tensor.shape().rank() == 0);
    }

    private static boolean nonNegative(ValueId slope, Definitions definitions) {
        if (definitions.constant(slope).orElse(null) instanceof Tensor.Floats floats) {
            for (float value : floats.values()) {
                if (!(value >= 0)) {
                    return false;
                }
            }
            return true;
        }
        return false;
    }

    /** The operand beside a constant that is one number or one per channel. */
    private static Optional<ValueId> varying(Node node, Elementwise elementwise, Definitions definitions) {
        boolean constantLeft = definitions.isConstant(elementwise.left());
        ValueId constant = constantLeft ? elementwise.left() : elementwise.right();
        ValueId x = constantLeft ? elementwise.right() : elementwise.left();
        Shape shape = definitions.of(constant).type().shape();
        boolean fits = definitions.isConstant(constant) && !definitions.isConstant(x)
                && definitions.of(x).type().shape().equals(node.type().shape())
                && (shape.elements() == 1 || shape.elements() == shape.channels())
                // A quotient jumps where its divisor passes 0.
                && (elementwise.function() != BinaryFunction.DIVIDE
                        || !constantLeft && definitions.noneIsZero(constant));
        return fits ? Optional.of(x) : Optional.empty();
    }
}
