package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.value.ActivationScheme;
import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Requantization;
import dev.tern.compiler.graph.ScaleRatio;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.build.ActivationCodes;
import dev.tern.compiler.graph.build.Codes;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.FixedPoint;
import java.util.Optional;

/**
 * What an op of integers gives: codes of a scheme, made of integers on another scale.
 *
 * @param inputScale what 1 of the integers stands for, up to the scale of weights
 * @param lowest the least code
 * @param highest the greatest code
 */
record CodedResult(OpCall call, ActivationScheme.Scaled scheme, double inputScale, int lowest, int highest) {
    /** A scheme that says what its codes stand for; empty if an error was reported. */
    static Optional<ActivationScheme.Scaled> scaled(OpCall call, OpParameter<ActivationScheme> parameter) {
        return call.get(parameter) instanceof ActivationScheme.Scaled scaled
                ? Optional.of(scaled)
                : call.error(DiagnosticCode.BAD_SCHEME, "`" + call.name() + "` needs codes with a known scale",
                        call.at(parameter), "write `static(8, scale: 0.05, zero: 0)`");
    }

    /** That of a call; empty if an error was reported. */
    static Optional<CodedResult> of(OpCall call, double inputScale) {
        return scaled(call, IntegerOps.SCHEME).flatMap(scheme -> {
            int least = scheme.lowest();
            Optional<Kinds.FloatRange> range = call.find(IntegerOps.RANGE);
            int lowest = range.map(r -> (int) r.low()).orElse(least);
            int highest = range.map(r -> (int) r.high()).orElse(scheme.highest());
            boolean whole = range.isEmpty() || lowest == range.get().low() && highest == range.get().high();
            if (!whole || lowest < least || highest > scheme.highest()) {
                return call.error(DiagnosticCode.BAD_ARGUMENT, "`range` must be codes from " + least + " to "
                        + scheme.highest(), call.at(IntegerOps.RANGE));
            }
            if (scheme.wide() && scheme.zero() != 0) {
                return call.error(DiagnosticCode.BAD_SCHEME, "codes of 16 bits that `" + call.name()
                        + "` makes have no zero point", call.at(IntegerOps.SCHEME), "leave out `zero`");
            }
            return inputScale / scheme.scale() < 1L << FixedPoint.BITS - 1
                    ? Optional.of(new CodedResult(call, scheme, inputScale, lowest, highest))
                    : call.error(DiagnosticCode.BAD_SCHEME, "`" + call.name()
                            + "` multiplies by 2^30 or more: the scale of the result is too small",
                            call.at(IntegerOps.SCHEME));
        });
    }

    /** The codes as reals, with the codes beside them. */
    TensorValue of(ValueId integers, Optional<ValueId> weightScale, Optional<ValueId> bias) {
        if (scheme.wide()) {
            return wide(integers, weightScale, bias);
        }
        Requantization rule = new Requantization(inputScale, scheme.scale(), call.get(IntegerOps.ROUNDING),
                new ElementType.Code(scheme.bits(), !scheme.unsigned()), scheme.zero(), lowest, highest);
        return coded(call, call.add(new Operation.Requantize(integers, weightScale, bias, rule)), scheme);
    }

    /** Codes of up to 8 bits. */
    static TensorValue coded(OpCall call, ValueId codes, ActivationScheme.Scaled scheme) {
        ActivationCodes quantizers = new ActivationCodes(call);
        Codes stored = quantizers.stored(codes, scheme.scale(), scheme.zero());
        return value(call, quantizers.reals(stored), stored);
    }

    private static TensorValue value(OpCall call, ValueId reals, Codes codes) {
        return new TensorValue(reals, new TensorType(ElementType.F32, call.type(reals).shape()), Optional.of(codes));
    }

    /** One scale for all weights is multiplied by that of the input in f32, as it is for fewer bits. */
    private TensorValue wide(ValueId integers, Optional<ValueId> weightScale, Optional<ValueId> bias) {
        boolean shared = weightScale.map(id -> call.type(id).shape().rank() == 0).orElse(false);
        Optional<ValueId> factor = shared
                ? weightScale.map(id -> call.add(new Operation.Elementwise(BinaryFunction.MULTIPLY, id, call.constant(
                        Tensor.scalar((float) inputScale)))))
                : weightScale;
        ValueId codes = call.add(new Operation.RescaleIntegers(integers, factor, bias, new ScaleRatio(
                shared ? 1 : inputScale, scheme.scale()), call.get(IntegerOps.ROUNDING), lowest, highest));
        ValueId reals = call.add(new Operation.Rescale(codes, Optional.of(call.constant(Tensor.scalar(
                scheme.scale()))), Optional.empty()));
        // The same codes again: the quotient of a code's real by the scale is much nearer to it than to any other.
        return value(call, reals, new ActivationCodes(call).twoParts(reals, scheme.lowest(), scheme.highest(),
                scheme.scale(), scheme.zero()));
    }
}
