package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.value.ActivationScheme;
import dev.tern.compiler.analysis.value.Operand;
import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.graph.CodeTerm;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ScaleRatio;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.build.ActivationCodes;
import dev.tern.compiler.graph.build.Codes;
import dev.tern.compiler.graph.formula.FixedPoint.Rounding;
import java.util.Optional;

/**
 * Two operands of an op of integers, and the codes of its result: all of 16 bits, or none.
 *
 * @param to the scheme of the result
 */
record CodedOperands(OpCall call, ActivationScheme.Scaled left, Codes leftCodes, ActivationScheme.Scaled right,
        Codes rightCodes, ActivationScheme.Scaled to) {
    /** How far codes are shifted up before they are added, so that rounding to a common scale costs nothing. */
    private static final int SUM_SHIFT = 20;
    private static final int WIDE_SUM_SHIFT = 15;
    /** The greatest magnitude of a code of 16 bits shifted up; on the scale that both have it is half of that. */
    private static final int MOST = 1 << 30;

    /** Those of a call; empty if an error was reported. */
    static Optional<CodedOperands> of(OpCall call) {
        return CodedResult.scaled(call, IntegerOps.LEFT).flatMap(left -> CodedResult.scaled(call, IntegerOps.RIGHT)
                .flatMap(right -> CodedResult.scaled(call, IntegerOps.SCHEME).flatMap(
                        to -> of(call, left, right, to))));
    }

    private static Optional<CodedOperands> of(OpCall call, ActivationScheme.Scaled left,
            ActivationScheme.Scaled right, ActivationScheme.Scaled to) {
        if (left.wide() != to.wide() || right.wide() != to.wide()) {
            return call.error(DiagnosticCode.BAD_SCHEME, "the operands and the result of `" + call.name()
                    + "` have 16 bits, or up to 8, all of them", call.at(IntegerOps.SCHEME));
        }
        if (left.wide() && (left.zero() != 0 || right.zero() != 0)) {
            return call.error(DiagnosticCode.BAD_SCHEME, "codes of 16 bits that `" + call.name()
                    + "` takes have no zero point", call.at(left.zero() != 0 ? IntegerOps.LEFT : IntegerOps.RIGHT),
                    "leave out `zero`");
        }
        return codes(call, call.operands().get(0), left).flatMap(a -> codes(call, call.operands().get(1), right)
                .map(b -> new CodedOperands(call, left, a, right, b, to)));
    }

    /** The codes of an operand; empty if an error was reported. */
    static Optional<Codes> codes(OpCall call, Operand operand, ActivationScheme.Scaled scheme) {
        return operand.value().codes().filter(codes -> same(call, codes, scheme))
                .or(() -> InputQuantizer.quantize(call, operand, scheme));
    }

    /** Whether codes are those of a scheme already. */
    private static boolean same(OpCall call, Codes codes, ActivationScheme.Scaled scheme) {
        return !scheme.wide() && codes.low().isEmpty()
                && call.type(codes.id()).element().equals(new ElementType.Code(scheme.bits(), !scheme.unsigned()))
                && codes.scale().filter(id -> call.draft().operation(
                        id) instanceof Operation.Constant(Tensor.Floats scale) && scale.values()[0] == scheme.scale())
                        .isPresent()
                && codes.zero().map(id -> call.draft().operation(id) instanceof Operation.Constant(Tensor.Integers zero)
                        && zero.values()[0] == scheme.zero()).orElse(scheme.zero() == 0);
    }

    private Rounding rounding() {
        return call.get(IntegerOps.ROUNDING);
    }

    // Sums

    /** @param sign of the second operand */
    Optional<TensorValue> sum(int sign) {
        int shift = to.wide() ? WIDE_SUM_SHIFT : SUM_SHIFT;
        double common = 2.0 * Math.max(left.scale(), right.scale());
        return CodedResult.of(call, common / (1 << shift)).map(result -> result.of(to.wide()
                ? added(common, sign)
                : combined(false, new CodeTerm(left.zero(), shift, left.scale() / common, rounding()),
                        new CodeTerm(right.zero(), shift, sign * right.scale() / common, rounding())),
                Optional.empty(), Optional.empty()));
    }

    private ValueId combined(boolean product, CodeTerm a, CodeTerm b) {
        return call.add(new Operation.CombineCodes(product, leftCodes.id(), rightCodes.id(), a, b));
    }

    private ValueId added(double common, int sign) {
        ValueId a = term(leftCodes, left, common);
        ValueId b = term(rightCodes, right, common);
        return call.add(new Operation.CombineCodes(false, a, sign > 0 ? b : times(b, sign, Rounding.SINGLE, MOST / 2),
                CodeTerm.SAME, CodeTerm.SAME));
    }

    /** Codes of 16 bits shifted up, and then on the scale that both operands have. */
    private ValueId term(Codes codes, ActivationScheme.Scaled scheme, double common) {
        ValueId shifted = times(new ActivationCodes(call).integers(codes), 1 << WIDE_SUM_SHIFT, Rounding.SINGLE,
                MOST);
        return times(shifted, scheme.scale() / common, rounding(), MOST / 2);
    }

    private ValueId times(ValueId integers, double factor, Rounding by, int most) {
        return call.add(new Operation.RescaleIntegers(integers, Optional.empty(), Optional.empty(), new ScaleRatio(
                factor, 1), by, -most, most));
    }

    // Products

    Optional<TensorValue> product() {
        // In f32 throughout, so that the division that follows is one by 1.
        float factor = left.scale() * right.scale() / to.scale();
        return CodedResult.of(call, (double) factor * to.scale()).map(result -> result.of(to.wide()
                ? multiplied()
                : combined(true, new CodeTerm(left.zero(), 0, 1, rounding()),
                        new CodeTerm(right.zero(), 0, 1, rounding())),
                Optional.empty(), Optional.empty()));
    }

    /** The right codes times both parts of the left ones. */
    private ValueId multiplied() {
        ValueId integers = new ActivationCodes(call).integers(rightCodes);
        ValueId upper = times(integers, leftCodes.id());
        ValueId lower = times(integers, leftCodes.low().orElseThrow().id());
        return call.add(new Operation.CombineCodes(false, upper, lower, CodeTerm.shifted(Codes.LOW_BITS),
                CodeTerm.SAME));
    }

    private ValueId times(ValueId integers, ValueId codes) {
        return call.add(new Operation.CombineCodes(true, integers, codes, CodeTerm.SAME, CodeTerm.SAME));
    }
}
