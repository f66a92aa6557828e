package dev.tern.importers.export;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ValueId;
import java.util.function.Predicate;

/** Which quantizers codes come from, through whatever moves them. */
record Grids(Translation translation) {
    /** Whether the codes' scale and zero point are known when the model is written: those of inputs are always. */
    boolean fixed(ValueId codes) {
        return all(codes, quantize -> translation.scalar(quantize.scale()).isPresent()
                && quantize.zero().map(zero -> translation.constant(zero).isPresent()).orElse(true), true);
    }

    /** Whether ONNX's DynamicQuantizeLinear makes the codes. */
    boolean dynamicBytes(ValueId codes) {
        return all(codes, this::dynamicBytes, false);
    }

    boolean dynamicBytes(Operation.Quantize quantize) {
        return translation.operation(quantize.scale()) instanceof Operation.RangeScale(ValueId range, Grid grid)
                && translation.constant(quantize.scale()).isEmpty() && dynamicBytes(range, grid);
    }

    /** Whether a scale or zero point is one of those that DynamicQuantizeLinear finds. */
    boolean dynamicBytes(ValueId range, Grid grid) {
        return grid.rule() == Grid.Rule.MINMAX && grid.code().equals(new ElementType.Code(Byte.SIZE, false))
                && translation.operation(range) instanceof Operation.MeasureRange measure && !measure.perRow();
    }

    private boolean all(ValueId codes, Predicate<Operation.Quantize> holds, boolean input) {
        return switch (translation.operation(codes)) {
            case Operation.Quantize quantize -> holds.test(quantize);
            case Operation.Input _ -> input;
            case Operation.Reshape move -> all(move.x(), holds, input);
            case Operation.Transpose move -> all(move.x(), holds, input);
            case Operation.Slice move -> all(move.x(), holds, input);
            case Operation.Gather move -> all(move.x(), holds, input);
            case Operation.MaxPool move -> all(move.x(), holds, input);
            case Operation.Concat move -> move.parts().stream().allMatch(part -> all(part, holds, input));
            default -> false;
        };
    }

    /** The greatest magnitude of a code less its zero point. */
    long greatest(ValueId codes, boolean zero) {
        ElementType.Code code = (ElementType.Code) translation.type(codes).element();
        return zero ? (long) code.highest() - code.lowest() : Math.max(code.highest(), -(long) code.lowest());
    }
}
