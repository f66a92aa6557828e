package dev.tern.quantizer.network;

import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.quantizer.network.ActivationQuantizer.Dynamic;
import dev.tern.quantizer.network.ActivationQuantizer.Fixed;
import dev.tern.quantizer.network.ActivationQuantizer.Steps;
import java.util.Map;
import java.util.Optional;

/** Reads the activation quantizer that a {@link Operation.Quantize} and its scale operand mean together. */
final class ActivationQuantizers {
    private final Map<ValueId, Node> definitions;

    ActivationQuantizers(Map<ValueId, Node> definitions) {
        this.definitions = definitions;
    }

    /** The quantizer, or empty where the scale is neither measured on {@code x} itself nor known at compile time. */
    Optional<ActivationQuantizer> of(Operation.Quantize quantize) {
        return switch (definition(quantize.scale())) {
            case Operation.RangeScale scale -> ranged(quantize, scale);
            case Operation.Constant(Tensor.Floats floats) when floats.values().length == 1 ->
                zero(quantize).map(zero -> fixed(quantize, floats.values()[0], zero));
            default -> Optional.empty();
        };
    }

    private Optional<ActivationQuantizer> ranged(Operation.Quantize quantize, Operation.RangeScale scale) {
        return switch (definition(scale.x())) {
            case Operation.MeasureRange(ValueId x, boolean perRow) when x.equals(quantize.x()) ->
                Optional.of(new Dynamic(scale.grid(), perRow));
            case Operation.Constant(Tensor.Floats range) when range.values().length == 2 ->
                Optional.of(new Fixed(Steps.of(scale.grid(), range.values()[0], range.values()[1])));
            default -> Optional.empty();
        };
    }

    private Optional<Integer> zero(Operation.Quantize quantize) {
        if (quantize.zero().isEmpty()) {
            return Optional.of(0);
        }
        return definition(quantize.zero().get()) instanceof Operation.Constant(Tensor.Integers integers)
                && integers.values().length == 1 ? Optional.of(integers.values()[0]) : Optional.empty();
    }

    private static ActivationQuantizer fixed(Operation.Quantize quantize, float scale, int zero) {
        return new Fixed(new Steps(scale, zero, quantize.grid().lowest(), quantize.grid().highest()));
    }

    private Operation definition(ValueId id) {
        return definitions.get(id).operation();
    }
}
