package dev.tern.compiler.loops;

import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.ElementFunction;
import dev.tern.compiler.kernel.ConstantArray;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.ValueKind;

/**
 * How great the values of an epilogue can be, of what its constants tell: where they come of integers and meet nothing
 * but finite constants, none is a NaN nor infinite.
 */
final class EpilogueMagnitudes {
    /** Of any int. */
    private static final double INT = 0x1p31;
    /** A code less its zero point. */
    private static final int CODE = 256;
    /** Far enough from the greatest f32 for what rounding adds. */
    private static final double SAFE = 0x1p120;

    private EpilogueMagnitudes() {
    }

    /** Whether the quotients of a quantizer of fixed scale, and all that leads to them, are finite for certain. */
    static boolean finiteQuotients(KernelProgram program, PixelKernel kernel, Step.Quantize quantize) {
        if (!(quantize.scale() instanceof Step.ScaleSource.Fixed scale)) {
            return false;
        }
        double most = before(program, kernel, quantize);
        return most < SAFE && most / scale.value() < SAFE;
    }

    /** No value before a step, nor any on the way there, is greater; infinite where that is not known. */
    private static double before(KernelProgram program, PixelKernel kernel, Step last) {
        ValueKind kind = ValueKind.of(kernel.producer());
        double most = kind.floating() ? Double.POSITIVE_INFINITY : INT;
        for (Step step : kernel.epilogue()) {
            if (step == last || most >= SAFE) {
                return most;
            }
            kind = kind.after(step);
            most = kind.floating() ? after(program, step, most) : INT;
        }
        return Double.POSITIVE_INFINITY;
    }

    private static double after(KernelProgram program, Step step, double most) {
        return switch (step) {
            case Step.ToFloat _,Step.Store _ -> most;
            case Step.Multiply(var factors) -> most * greatest(program, factors);
            case Step.Affine(var scale, var shift) -> most * greatest(program, scale) + greatest(program, shift);
            case Step.WithConstant with -> meets(with.function(), most, greatest(program, with.constants()));
            case Step.WithCodes with -> meets(with.function(), most, CODE * Math.abs((double) with.scale()));
            case Step.Activation(var function) when function.equals(ElementFunction.RELU) -> most;
            case Step.PRelu(var slope) -> most * Math.max(1, greatest(program, slope));
            case Step.Clip(var low, var high) -> Math.max(most, Math.max(Math.abs(low), Math.abs(high)));
            default -> Double.POSITIVE_INFINITY;
        };
    }

    private static double meets(BinaryFunction function, double most, double other) {
        return switch (function) {
            case ADD, SUBTRACT -> most + other;
            case MULTIPLY -> most * other;
            case MINIMUM, MAXIMUM -> Math.max(most, other);
            case DIVIDE -> Double.POSITIVE_INFINITY;
        };
    }

    private static double greatest(KernelProgram program, ConstantId id) {
        double greatest = 0;
        for (float value : ((ConstantArray.Floats) program.constant(id)).values()) {
            if (!Float.isFinite(value)) {
                return Double.POSITIVE_INFINITY;
            }
            greatest = Math.max(greatest, Math.abs(value));
        }
        return greatest;
    }
}
