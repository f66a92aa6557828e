package dev.tern.compiler.bytecode.program;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.ElementType.Code;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer.Role;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.WeightForm;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.Step.ScaleSource;
import dev.tern.compiler.kernel.Step.ZeroSource;
import dev.tern.compiler.kernel.Window;
import java.util.Optional;
import java.util.Random;

/** Small programs with random weights: one kernel of interest between what feeds it and what shows its result. */
final class Pieces {
    static final ElementType ACCUMULATOR = new ElementType.Accumulator(-1 << 30, 1 << 30);

    private Pieces() {
    }

    /** f32 rows, quantized to planes, times packed weights: int sums out. */
    static KernelProgram popcount(Window window, int inputChannels, int channels, Code activation, WeightForm form,
            boolean measuredZero, int paddingFactor, int wordsPerPass, Random random) {
        ProgramBuilder builder = new ProgramBuilder().wordsPerPass(wordsPerPass);
        int inputRows = window.inputHeight() * window.inputWidth();
        BufferId image = builder.input(Bank.F32, ElementType.F32, inputRows, inputChannels);
        BufferId packed = builder.planes(inputRows, inputChannels, activation);
        builder.pixels("pack", new Producer.Load(image, Bank.F32, null, inputRows, inputChannels),
                quantizer(activation), new Step.StorePlanes(packed, false));
        BufferId zero = measuredZero ? builder.input(Bank.I32, new ElementType.Step(256), 1, 1) : null;
        Producer.PopcountProduct product = product(builder, packed, window, inputChannels, channels, activation, form,
                zero, paddingFactor, random);
        BufferId sums = builder.output(Bank.I32, ACCUMULATOR, window.outputRows(), channels);
        builder.pixels("product", product, new Step.StorePlain(sums, channels, 0));
        return builder.build();
    }

    static Step quantizer(Code activation) {
        if (activation.bipolar()) {
            return new Step.Sign();
        }
        float scale = 2f / (1 << activation.bits());
        int zero = activation.signed() ? 0 : 1 << activation.bits() - 1;
        return new Step.Quantize(new ScaleSource.Fixed(scale), new ZeroSource.Fixed(zero),
                new Grid(activation, Grid.Rule.MINMAX));
    }

    static Producer.PopcountProduct product(ProgramBuilder builder, BufferId packed, Window window, int inputChannels,
            int channels, Code activation, WeightForm form, BufferId zero, int paddingFactor, Random random) {
        int taps = window.geometry().taps();
        int bits = taps * inputChannels;
        int words = bits + 63 >>> 6;
        int[] weights = random.ints((long) bits * channels, form == WeightForm.BINARY ? 0 : -1, 2).toArray();
        int[] tapSums = new int[taps * channels];
        int[] weightSums = new int[channels];
        int[] start = new int[channels];
        long[] packedWeights = new long[words * channels * (form == WeightForm.BINARY ? 1 : 2)];
        for (int n = 0; n < channels; n++) {
            int nonzeros = 0;
            for (int k = 0; k < bits; k++) {
                int w = form == WeightForm.BINARY ? 2 * weights[n * bits + k] - 1 : weights[n * bits + k];
                nonzeros += Math.abs(w);
                tapSums[k / inputChannels * channels + n] += w;
                weightSums[n] += w;
                boolean first = activation.bipolar() && form == WeightForm.TERNARY ? w != 0 : w > 0;
                boolean second = activation.bipolar() ? w > 0 : w < 0;
                int at = (k >>> 6) * channels + n;
                packedWeights[at] |= (first ? 1L : 0L) << k;
                if (form == WeightForm.TERNARY) {
                    packedWeights[words * channels + at] |= (second ? 1L : 0L) << k;
                }
            }
            start[n] = activation.bipolar() ? nonzeros : 0;
        }
        ConstantId weightId = builder.longs(packedWeights);
        boolean padded = window.geometry().padded() && (paddingFactor != 0 || zero != null);
        BufferId patch = window.direct() ? null : builder.scratch(Bank.I64, activation.bits() * words);
        return new Producer.PopcountProduct(packed, activation, inputChannels, window, form, weightId,
                builder.ints(start), Optional.ofNullable(zero),
                zero == null ? Optional.empty() : Optional.of(builder.ints(weightSums)),
                padded ? Optional.of(builder.ints(tapSums)) : Optional.empty(), paddingFactor, channels,
                builder.scratch(Bank.I32, channels), Optional.ofNullable(patch));
    }

    static Window same(int height, int width, int kernel, int stride) {
        int pad = kernel / 2;
        return new Window(height, width, new Geometry(kernel, kernel, stride, stride, 1, 1, pad, pad, pad, pad));
    }

    static BufferId value(ProgramBuilder builder, Bank bank, int rows, int channels) {
        return builder.plain(bank, rows, channels, Role.VALUE);
    }
}
