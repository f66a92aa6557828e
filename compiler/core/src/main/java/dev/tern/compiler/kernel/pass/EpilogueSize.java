package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Layout;
import dev.tern.compiler.kernel.Step;
import java.util.List;

/**
 * How long an epilogue may get: it becomes one loop in one method, and methods have a budget beyond which the JIT
 * compiles them badly or not at all.
 */
final class EpilogueSize {
    /** Bytes of bytecode, well under the 1,200 that a method may have, since these are estimates. */
    private static final int LIMIT = 850;

    private EpilogueSize() {
    }

    /** Whether a method holds these steps. */
    static boolean fits(KernelProgram program, List<Step> steps) {
        return steps.stream().mapToInt(step -> bytes(program, step)).sum() <= LIMIT;
    }

    /** Bytes of bytecode, its share of what is computed before the loop included. */
    private static int bytes(KernelProgram program, Step step) {
        return switch (step) {
            case Step.ToFloat s -> 5;
            case Step.SubtractZero s -> 15;
            case Step.Multiply s -> 20;
            case Step.Mean s -> 10;
            case Step.Rescale s -> 40;
            case Step.Affine s -> 35;
            case Step.WithConstant s -> 25;
            case Step.WithBuffer s -> 25;
            case Step.WithCodes s -> 35;
            case Step.Activation s -> s.function().bytes();
            case Step.Clip s -> 30;
            case Step.PRelu s -> 35;
            case Step.Requantize s -> 130;
            case Step.LookUp s -> 25;
            case Step.WithLookUp s -> 45;
            case Step.AddShifted s -> 35;
            case Step.AddInts s -> 20;
            case Step.Saturate s -> 25;
            case Step.Threshold s -> 80;
            case Step.Quantize s -> 60;
            case Step.QuantizeToReal s -> 120;
            case Step.Sign s -> 25;
            case Step.Ternarize s -> 30;
            case Step.StorePlain s -> 25;
            case Step.StorePlanes s -> 40 + 45 * ((Layout.Planes) program.buffer(s.output()).layout()).bits();
            case Step.Fold s -> 45;
            case Step.Peaks s -> 40;
        };
    }
}
