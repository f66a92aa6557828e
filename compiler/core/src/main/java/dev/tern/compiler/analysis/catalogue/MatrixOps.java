package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.value.ActivationScheme;
import dev.tern.compiler.analysis.value.Operand;
import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.build.ActivationCodes;
import dev.tern.compiler.graph.build.Codes;
import dev.tern.compiler.graph.formula.BinaryFunction;
import java.util.List;
import java.util.Optional;

/** Products of two tensors that both depend on the input. */
final class MatrixOps {
    static final List<OpDefinition> ALL = List.of(
            new OpDefinition(OpSignature.of("matmul", 0, Schemes.ACTIVATIONS), OpDefinition.Operands.TWO_OR_MORE, false,
                    true, MatrixOps::shape, (call, _) -> build(call),
                    "products of matrices, [.., m, k] by [.., k, n]"));

    private MatrixOps() {
    }

    private static Optional<Shape> shape(OpCall call) {
        if (call.operands().size() != 2) {
            return call.mismatch("`matmul` takes two operands, not " + call.operands().size());
        }
        Shape left = call.x().shape();
        Shape right = right(call).shape();
        int rank = left.rank();
        boolean fits = rank >= 2 && right.rank() == rank && right.dimension(rank - 2) == left.channels();
        for (int i = 0; fits && i < rank - 2; i++) {
            fits = left.dimension(i) == right.dimension(i);
        }
        if (!fits) {
            return call.error(DiagnosticCode.SHAPE_MISMATCH,
                    "`matmul` cannot multiply " + TypeNames.of(call.x().value().type()) + " by "
                            + TypeNames.of(right(call).value().type()),
                    call.span(), "it takes [m, k] and [k, n], or as many of each: [h, m, k] and [h, k, n]; `transpose` "
                            + "changes axes over");
        }
        long[] dimensions = Shapes.dimensions(left);
        dimensions[rank - 1] = right.channels();
        return call.shape(dimensions);
    }

    private static Operand right(OpCall call) {
        return call.operands().get(1);
    }

    private static Optional<TensorValue> build(OpCall call) {
        Optional<Codes> left = quantized(call, call.x(), "left.");
        Optional<Codes> right = quantized(call, right(call), "right.");
        return left.flatMap(a -> right.map(b -> call.value(product(call, a, b))));
    }

    private static Optional<Codes> quantized(OpCall call, Operand operand, String prefix) {
        ActivationScheme scheme = call.find(Schemes.ACTIVATIONS).orElseGet(() -> operand.value().codes().isPresent()
                ? ActivationScheme.FLOAT
                : call.defaults().activations());
        boolean perRow = scheme instanceof ActivationScheme.Dynamic dynamic && dynamic.perRow();
        Optional<ValueId> given = scheme instanceof ActivationScheme.Floating
                ? operand.value().codes().flatMap(Codes::scale)
                : Optional.empty();
        if (perRow || given.isPresent() && call.type(given.get()).shape().rank() > 0) {
            return call.error(DiagnosticCode.BAD_SCHEME, "`matmul` needs one scale for each operand, not one for each "
                    + "row", call.span(), "leave out `per: row`");
        }
        return InputQuantizer.quantize(call, operand, scheme, prefix);
    }

    /** Codes by codes; where one side is none, or has 16 bits, both as reals. */
    private static ValueId product(OpCall call, Codes left, Codes right) {
        if (real(call, left) || real(call, right)) {
            ActivationCodes codes = new ActivationCodes(call);
            return call.add(new Operation.MatMul(codes.reals(left), Optional.empty(), codes.reals(right),
                    Optional.empty()));
        }
        ValueId sum = call.add(new Operation.MatMul(left.id(), left.zero(), right.id(), right.zero()));
        Optional<ValueId> scale = left.scale().isPresent() && right.scale().isPresent()
                ? Optional.of(call.add(new Operation.Elementwise(BinaryFunction.MULTIPLY, left.scale().get(),
                        right.scale().get())))
                : left.scale().or(right::scale);
        return call.add(new Operation.Rescale(sum, scale, Optional.empty()));
    }

    private static boolean real(OpCall call, Codes codes) {
        return codes.low().isPresent() || call.type(codes.id()).element() instanceof ElementType.F32;
    }
}
