package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.value.ActivationScheme;
import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ScaleRatio;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.build.Codes;
import dev.tern.compiler.graph.formula.FixedPoint.Rounding;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Ops that make codes by integers alone, as networks do that were converted for processors without floats. */
final class IntegerOps {
    static final OpParameter<ActivationScheme> SCHEME = OpParameter.required("scheme", ActivationSchemes.KIND,
            "the codes of the result: `static` with a scale");
    private static final OpParameter<ActivationScheme> FROM = OpParameter.required("from", ActivationSchemes.KIND,
            "the codes of the operand: `static` with a scale");
    static final OpParameter<ActivationScheme> LEFT = OpParameter.required("left", ActivationSchemes.KIND,
            "the codes of the first operand: `static` with a scale");
    static final OpParameter<ActivationScheme> RIGHT = OpParameter.required("right", ActivationSchemes.KIND,
            "the codes of the second operand: `static` with a scale");
    static final OpParameter<Rounding> ROUNDING = OpParameter.optional("rounding",
            new Keyword<>(Map.of("double", Rounding.DOUBLE, "single", Rounding.SINGLE, "short", Rounding.SHORT)),
            Rounding.DOUBLE, "once, twice as TFLite does, or once by a short factor as it does for 16 bits");
    static final OpParameter<Kinds.FloatRange> RANGE = OpParameter.optional("range", Kinds.interval(),
            "the codes that it is held to");
    private static final OpParameter<Boolean> BIAS = OpParameter.optional("bias", Kinds.truth(), false,
            "adds a whole number to each channel's accumulators");
    private static final OpParameter<Boolean> REST = OpParameter.optional("rest", Kinds.truth(), false,
            "adds a second whole number to them: f32 does not hold all beyond 2^24");

    static final List<OpDefinition> ALL = List.of(
            OpDefinition.unary(OpSignature.of("requantize", 1, SCHEME, ROUNDING, RANGE, BIAS, REST), NormOps::channels,
                    IntegerOps::requantize, "the accumulators of the op with weights before it as codes"),
            binary("qadd", (call, _) -> CodedOperands.of(call).flatMap(operands -> operands.sum(1)),
                    "the sum of two quantized tensors as codes"),
            binary("qsub", (call, _) -> CodedOperands.of(call).flatMap(operands -> operands.sum(-1)),
                    "the difference of two quantized tensors as codes"),
            binary("qmul", (call, _) -> CodedOperands.of(call).flatMap(CodedOperands::product),
                    "the product of two quantized tensors as codes"),
            OpDefinition.unary(OpSignature.of("qtable", 1, SCHEME, FROM), ElementOps::same, IntegerOps::table,
                    "a code for each code, from a table"));

    private IntegerOps() {
    }

    private static OpDefinition binary(String name, OpDefinition.Builder builder, String documentation) {
        return new OpDefinition(OpSignature.of(name, 1, SCHEME, LEFT, RIGHT, ROUNDING, RANGE),
                OpDefinition.Operands.TWO_OR_MORE, false, true, IntegerOps::alike, builder, documentation);
    }

    private static Optional<Shape> alike(OpCall call) {
        Shape x = call.x().shape();
        return call.operands().size() == 2 && call.operands().get(1).shape().equals(x)
                ? Optional.of(x)
                : call.mismatch("`" + call.name() + "` takes two tensors of one shape");
    }

    // Accumulators

    private static Optional<TensorValue> requantize(OpCall call, Shape same) {
        Optional<Operation.Rescale> product = call.draft().operation(call.x().value()
                .id()) instanceof Operation.Rescale rescale
                && call.type(rescale.x()).element() instanceof ElementType.Accumulator
                        ? Optional.of(rescale)
                        : Optional.empty();
        Optional<Double> inputScale = product.flatMap(rescale -> rescale.activationScale().map(
                id -> call.draft().operation(id) instanceof Operation.Constant(Tensor.Floats scale)
                        ? Optional.of((double) scale.values()[0])
                        : Optional.<Double>empty())
                .orElse(Optional.of(1.0)));
        if (product.isEmpty() || inputScale.isEmpty()) {
            return call.error(DiagnosticCode.SCHEME_MISPLACED,
                    "`requantize` needs the accumulators of an op with weights directly before it", call.span(),
                    "the op needs coded weights and activations with a fixed scale, no `bias` (`requantize` has one),"
                            + " and no other op between");
        }
        return CodedResult.of(call, inputScale.get()).map(result -> {
            ValueId sums = product.get().x();
            Optional<ValueId> bias = summand(call, BIAS);
            Optional<ValueId> rest = summand(call, REST);
            ValueId all = rest.isEmpty()
                    ? sums
                    : call.add(new Operation.RescaleIntegers(sums, Optional.empty(), rest, new ScaleRatio(1, 1),
                            Integer.MIN_VALUE, Integer.MAX_VALUE));
            return result.of(all, product.get().weightScale(), bias);
        });
    }

    private static Optional<ValueId> summand(OpCall call, OpParameter<Boolean> wanted) {
        return call.get(wanted)
                ? Optional.of(call.parameter(wanted.name(), Shape.of(call.x().shape().channels())))
                : Optional.empty();
    }

    // Codes

    private static Optional<ActivationScheme.Scaled> narrow(OpCall call, OpParameter<ActivationScheme> parameter) {
        return CodedResult.scaled(call, parameter).flatMap(scheme -> scheme.wide()
                ? call.error(DiagnosticCode.BAD_SCHEME, "`" + call.name() + "` has tables of up to 8 bits",
                        call.at(parameter))
                : Optional.of(scheme));
    }

    private static Optional<TensorValue> table(OpCall call, Shape same) {
        return narrow(call, FROM).flatMap(from -> narrow(call, SCHEME).flatMap(
                to -> CodedOperands.codes(call, call.x(), from).map(codes -> {
                    ElementType.Code code = (ElementType.Code) call.type(codes.id()).element();
                    ValueId table = call.parameter("table", Shape.of(1 << code.bits()));
                    return CodedResult.coded(call, call.add(new Operation.CodeTable(codes.id(), table, code,
                            new ElementType.Code(to.bits(), !to.unsigned()))), to);
                })));
    }
}
