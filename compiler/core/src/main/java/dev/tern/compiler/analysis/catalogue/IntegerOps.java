package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.value.ActivationScheme;
import dev.tern.compiler.analysis.value.Operand;
import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.graph.CodeTerm;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Requantization;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.build.ActivationCodes;
import dev.tern.compiler.graph.build.Codes;
import dev.tern.compiler.graph.formula.FixedPoint;
import dev.tern.compiler.graph.formula.FixedPoint.Rounding;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Ops that make codes by integers alone, as networks do that were converted for processors without floats. */
final class IntegerOps {
    /** How far codes are shifted up before they are added, so that rounding to a common scale costs nothing. */
    private static final int SUM_SHIFT = 20;

    private static final OpParameter<ActivationScheme> SCHEME = OpParameter.required("scheme", ActivationSchemes.KIND,
            "the codes of the result: `static` with a scale");
    private static final OpParameter<ActivationScheme> FROM = OpParameter.required("from", ActivationSchemes.KIND,
            "the codes of the operand: `static` with a scale");
    private static final OpParameter<ActivationScheme> LEFT = OpParameter.required("left", ActivationSchemes.KIND,
            "the codes of the first operand: `static` with a scale");
    private static final OpParameter<ActivationScheme> RIGHT = OpParameter.required("right", ActivationSchemes.KIND,
            "the codes of the second operand: `static` with a scale");
    private static final OpParameter<Rounding> ROUNDING = OpParameter.optional("rounding",
            new Keyword<>(Map.of("double", Rounding.DOUBLE, "single", Rounding.SINGLE)), Rounding.DOUBLE,
            "once, or twice as TFLite does");
    private static final OpParameter<Kinds.FloatRange> RANGE = OpParameter.optional("range", Kinds.interval(),
            "the codes that it is held to");
    private static final OpParameter<Boolean> BIAS = OpParameter.optional("bias", Kinds.truth(), false,
            "adds a whole number to each channel's accumulators");

    static final List<OpDefinition> ALL = List.of(
            OpDefinition.unary(OpSignature.of("requantize", 1, SCHEME, ROUNDING, RANGE, BIAS), NormOps::channels,
                    IntegerOps::requantize, "the accumulators of the op with weights before it as codes"),
            binary("qadd", (call, _) -> sum(call, 1), "the sum of two quantized tensors as codes"),
            binary("qsub", (call, _) -> sum(call, -1), "the difference of two quantized tensors as codes"),
            binary("qmul", (call, _) -> product(call), "the product of two quantized tensors as codes"),
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

    // Schemes

    private static Optional<ActivationScheme.Scaled> scaled(OpCall call, OpParameter<ActivationScheme> parameter) {
        return call.get(parameter) instanceof ActivationScheme.Scaled scaled
                ? Optional.of(scaled)
                : call.error(DiagnosticCode.BAD_SCHEME, "`" + call.name() + "` needs codes with a known scale",
                        call.at(parameter), "write `static(8, scale: 0.05, zero: 0)`");
    }

    /** The rule by which integers become codes of the result; empty if an error was reported. */
    private static Optional<Requantization> rule(OpCall call, double inputScale) {
        return scaled(call, SCHEME).flatMap(scheme -> {
            ElementType.Code code = new ElementType.Code(scheme.bits(), !scheme.unsigned());
            int least = scheme.narrow() ? code.lowest() + 1 : code.lowest();
            Optional<Kinds.FloatRange> range = call.find(RANGE);
            int lowest = range.map(r -> (int) r.low()).orElse(least);
            int highest = range.map(r -> (int) r.high()).orElse(code.highest());
            boolean whole = range.isEmpty() || lowest == range.get().low() && highest == range.get().high();
            if (!whole || lowest < least || highest > code.highest()) {
                return call.error(DiagnosticCode.BAD_ARGUMENT, "`range` must be codes from " + least + " to "
                        + code.highest(), call.at(RANGE));
            }
            return Optional.of(new Requantization(inputScale, scheme.scale(), call.get(ROUNDING), code, scheme.zero(),
                    lowest, highest));
        });
    }

    /** The result as reals, with its codes beside it. */
    private static TensorValue coded(OpCall call, ValueId codes, ActivationScheme.Scaled scheme) {
        ActivationCodes quantizers = new ActivationCodes(call);
        Codes stored = quantizers.stored(codes, scheme.scale(), scheme.zero());
        ValueId reals = quantizers.reals(stored);
        return new TensorValue(reals, new TensorType(ElementType.F32, call.type(reals).shape()), Optional.of(stored));
    }

    private static boolean fits(double factor) {
        return factor < 1L << FixedPoint.BITS - 1;
    }

    private static <T> Optional<T> tooGreat(OpCall call) {
        return call.error(DiagnosticCode.BAD_SCHEME, "`" + call.name()
                + "` multiplies by 2^30 or more: the scale of the result is too small", call.at(SCHEME));
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
        return rule(call, inputScale.get()).flatMap(rule -> {
            if (!fits(rule.inputScale() / rule.outputScale())) {
                return tooGreat(call);
            }
            Optional<ValueId> bias = call.get(BIAS)
                    ? Optional.of(call.parameter("bias", Shape.of(same.channels())))
                    : Optional.empty();
            ValueId codes = call.add(new Operation.Requantize(product.get().x(), product.get().weightScale(), bias,
                    rule));
            return scaled(call, SCHEME).map(scheme -> coded(call, codes, scheme));
        });
    }

    // Codes

    private static Optional<Codes> codes(OpCall call, Operand operand, ActivationScheme.Scaled scheme) {
        return operand.value().codes().filter(codes -> same(call, codes, scheme))
                .or(() -> InputQuantizer.quantize(call, operand, scheme));
    }

    /** Whether codes are those of a scheme already. */
    private static boolean same(OpCall call, Codes codes, ActivationScheme.Scaled scheme) {
        return call.type(codes.id()).element().equals(new ElementType.Code(scheme.bits(), !scheme.unsigned()))
                && codes.scale().filter(id -> call.draft().operation(
                        id) instanceof Operation.Constant(Tensor.Floats scale) && scale.values()[0] == scheme.scale())
                        .isPresent()
                && codes.zero().map(id -> call.draft().operation(id) instanceof Operation.Constant(Tensor.Integers zero)
                        && zero.values()[0] == scheme.zero()).orElse(scheme.zero() == 0);
    }

    private static Optional<TensorValue> combined(OpCall call, double scale, boolean product, CodeTerm left,
            CodeTerm right) {
        return rule(call, scale).flatMap(rule -> !fits(rule.inputScale() / rule.outputScale())
                ? tooGreat(call)
                : scaled(call, LEFT).flatMap(l -> codes(call, call.operands().get(0), l))
                        .flatMap(a -> scaled(call, RIGHT).flatMap(r -> codes(call, call.operands().get(1), r))
                                .flatMap(b -> scaled(call, SCHEME).map(scheme -> {
                                    ValueId sum = call.add(new Operation.CombineCodes(product, a.id(), b.id(), left,
                                            right));
                                    return coded(call, call.add(new Operation.Requantize(sum, Optional.empty(),
                                            Optional.empty(), rule)), scheme);
                                }))));
    }

    /** @param sign of the second operand */
    private static Optional<TensorValue> sum(OpCall call, int sign) {
        return scaled(call, LEFT).flatMap(left -> scaled(call, RIGHT).flatMap(right -> {
            double common = 2.0 * Math.max(left.scale(), right.scale());
            return combined(call, common / (1 << SUM_SHIFT), false,
                    new CodeTerm(left.zero(), SUM_SHIFT, left.scale() / common, call.get(ROUNDING)),
                    new CodeTerm(right.zero(), SUM_SHIFT, sign * right.scale() / common, call.get(ROUNDING)));
        }));
    }

    private static Optional<TensorValue> product(OpCall call) {
        return scaled(call, LEFT).flatMap(left -> scaled(call, RIGHT).flatMap(right -> scaled(call, SCHEME)
                .flatMap(scheme -> {
                    // In f32 throughout, so that the division that follows is one by 1.
                    float factor = left.scale() * right.scale() / scheme.scale();
                    return combined(call, (double) factor * scheme.scale(), true,
                            new CodeTerm(left.zero(), 0, 1, call.get(ROUNDING)),
                            new CodeTerm(right.zero(), 0, 1, call.get(ROUNDING)));
                })));
    }

    private static Optional<TensorValue> table(OpCall call, Shape same) {
        return scaled(call, FROM).flatMap(from -> scaled(call, SCHEME).flatMap(
                to -> codes(call, call.x(), from).map(codes -> {
                    ElementType.Code code = (ElementType.Code) call.type(codes.id()).element();
                    ValueId table = call.parameter("table", Shape.of(1 << code.bits()));
                    return coded(call, call.add(new Operation.CodeTable(codes.id(), table, code,
                            new ElementType.Code(to.bits(), !to.unsigned()))), to);
                })));
    }
}
