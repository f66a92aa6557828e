package dev.tern.importers.export;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import java.util.Optional;
import java.util.function.Predicate;

/** Which quantizers codes come from, through whatever moves them. */
record Grids(Translation translation) {
    /** Whether the codes' scale and zero point are known when the model is written: those of inputs are always. */
    boolean fixed(ValueId codes) {
        return all(codes, quantize -> translation.scalar(quantize.scale()).isPresent()
                && quantize.zero().map(zero -> translation.constant(zero).isPresent()).orElse(true), true);
    }

    /** Whether the codes are made as bytes. */
    boolean bytes(ValueId codes) {
        return fixed(codes) || dynamicBytes(codes);
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

    private boolean all(ValueId codes, Predicate<Operation.Quantize> holds, boolean known) {
        return switch (translation.operation(codes)) {
            case Operation.Quantize quantize -> holds.test(quantize);
            case Operation.Input _,Operation.Requantize _,Operation.CodeTable _ -> known;
            case Operation.Reshape move -> all(move.x(), holds, known);
            case Operation.Transpose move -> all(move.x(), holds, known);
            case Operation.Slice move -> all(move.x(), holds, known);
            case Operation.Gather move -> all(move.x(), holds, known);
            case Operation.MaxPool move -> all(move.x(), holds, known);
            case Operation.Concat move -> move.parts().stream().allMatch(part -> all(part, holds, known));
            default -> false;
        };
    }

    /** What one of some codes stands for, where anything says so. */
    Optional<Float> scale(ValueId codes) {
        return switch (translation.operation(codes)) {
            case Operation.Quantize quantize -> translation.scalar(quantize.scale());
            case Operation.Requantize made -> Optional.of((float) made.rule().outputScale());
            default -> reals(codes).flatMap(made -> translation.scalar(made.scale()))
                    .or(() -> moved(codes).flatMap(this::scale)).or(() -> read(codes).flatMap(this::scaleOf));
        };
    }

    /** The code that stands for 0; 0 where nothing says so. */
    int zero(ValueId codes) {
        return switch (translation.operation(codes)) {
            case Operation.Quantize quantize -> integer(quantize.zero());
            case Operation.Requantize made -> made.rule().zero();
            default -> reals(codes).map(made -> integer(made.zero()))
                    .or(() -> moved(codes).map(this::zero))
                    .or(() -> read(codes).map(product -> integer(product.zero()))).orElse(0);
        };
    }

    /** The scale of a product's operand: that by which its sum becomes reals. */
    private Optional<Float> scaleOf(Operation.Product product) {
        for (Node node : translation.graph().nodes()) {
            if (node.operation() instanceof Operation.Rescale rescale
                    && translation.operation(rescale.x()).equals(product)) {
                return rescale.activationScale().flatMap(translation::scalar);
            }
        }
        return Optional.empty();
    }

    /** A product that reads codes, or what moves them. */
    private Optional<Operation.Product> read(ValueId codes) {
        for (Node node : translation.graph().nodes()) {
            if (node.operation() instanceof Operation.Product product && product.a().equals(codes)) {
                return Optional.of(product);
            }
            Optional<Operation.Product> behind = node.operation().operands().contains(codes)
                    && moved(node.id()).isPresent() && !translation.real(node.id())
                            ? read(node.id())
                            : Optional.empty();
            if (behind.isPresent()) {
                return behind;
            }
        }
        return Optional.empty();
    }

    private int integer(Optional<ValueId> zero) {
        return zero.flatMap(translation::constant).map(known -> ((Tensor.Integers) known).values()[0]).orElse(0);
    }

    /** What makes reals of codes. */
    private Optional<Operation.Dequantize> reals(ValueId codes) {
        for (Node node : translation.graph().nodes()) {
            if (node.operation() instanceof Operation.Dequantize reals && reals.codes().equals(codes)) {
                return Optional.of(reals);
            }
        }
        return Optional.empty();
    }

    /** The codes before they were moved. */
    private Optional<ValueId> moved(ValueId codes) {
        return switch (translation.operation(codes)) {
            case Operation.CodeTable _ -> Optional.empty();
            case Operation.Unary move -> Optional.of(move.x());
            case Operation.Concat move -> Optional.of(move.parts().getFirst());
            default -> Optional.empty();
        };
    }

    /** The greatest magnitude of a code less its zero point. */
    long greatest(ValueId codes, boolean zero) {
        ElementType.Code code = (ElementType.Code) translation.type(codes).element();
        return zero ? (long) code.highest() - code.lowest() : Math.max(code.highest(), -(long) code.lowest());
    }
}
