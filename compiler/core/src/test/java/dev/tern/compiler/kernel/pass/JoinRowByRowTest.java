package dev.tern.compiler.kernel.pass;

import static dev.tern.compiler.kernel.pass.KernelSketch.TANH;
import static dev.tern.compiler.kernel.pass.KernelSketch.store;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Kernel.RowByRow;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Layout;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.Step.Spread;
import dev.tern.compiler.kernel.schedule.ProductSchedule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How many joins a budget gets, and of which values. */
class JoinRowByRowTest {
    private static final int ROWS = 16;
    private static final int CHANNELS = 4;
    private static final int PAIRS = 20;

    private static KernelProgram apply(KernelProgram program) {
        return new JoinRowByRow().apply(program, new Diagnostics());
    }

    private static Step add(BufferId other, Spread spread) {
        return new Step.WithBuffer(BinaryFunction.ADD, other, false, spread);
    }

    private static Step range(BufferId to) {
        return new Step.Fold(Step.FoldKind.RANGE, to);
    }

    /** Values that cannot be joined, written and read before the others are. */
    private interface Others {
        void add(KernelSketch builder, BufferId input);
    }

    /** The pairs' first kernels, then the second ones, of which so many are joined with the first ones. */
    private static KernelProgram pairs(int joined, long ram, Others others) {
        KernelSketch builder = new KernelSketch();
        BufferId input = builder.input(ROWS, CHANNELS);
        others.add(builder, input);
        List<BufferId> values = new ArrayList<>();
        List<BufferId> ranges = new ArrayList<>();
        for (int i = 0; i < PAIRS; i++) {
            values.add(i < joined
                    ? builder.buffer(Bank.F32, new Layout.Plain(1, CHANNELS), Buffer.Role.SCRATCH)
                    : builder.value(ROWS, CHANNELS));
            ranges.add(builder.output(2, CHANNELS));
        }
        List<PixelKernel> first = new ArrayList<>();
        KernelSketch kernels = new KernelSketch();
        for (int i = 0; i < PAIRS; i++) {
            first.add(kernels.load(input, ROWS, CHANNELS, TANH, store(values.get(i), i < joined ? 0 : CHANNELS)));
        }
        first.subList(joined, PAIRS).forEach(builder::add);
        for (int i = 0; i < PAIRS; i++) {
            PixelKernel second = kernels.load(input, ROWS, CHANNELS, add(values.get(i), i < joined
                    ? Spread.OVER_ROWS
                    : Spread.NONE), range(ranges.get(i)));
            builder.add(i < joined ? new RowByRow(first.get(i), second) : second);
        }
        return builder.build(ram);
    }

    private static long need(int joined, Others others) {
        return MemoryNeed.bytes(pairs(joined, 0, others));
    }

    private static void joins(int enough, int joined, Others others) {
        long ram = need(enough, others);
        assertThat(need(enough - 1, others)).as("before the last").isGreaterThan(ram);
        assertThat(apply(pairs(0, ram, others))).isEqualTo(pairs(joined, ram, others));
    }

    @Test
    void noMoreThanTheBudgetAsksFor() {
        Others none = (_, _) -> {
        };
        for (int enough : new int[]{1, 2, 15, 16}) {
            joins(enough, enough, none);
        }
        KernelProgram within = pairs(0, need(0, none), none);
        assertThat(apply(within)).isSameAs(within);
    }

    /** The memory is not planned after each of many joins. */
    @Test
    void beyondSixteenMoreThanItAsksFor() {
        joins(17, PAIRS, (_, _) -> {
        });
    }

    private static void noneCounts(Others one) {
        joins(1, 1, (builder, input) -> {
            for (int i = 0; i < 17; i++) {
                one.add(builder, input);
            }
        });
    }

    /** What cannot be joined does not count, though it is greater and its turn comes first. */
    @Test
    void valuesThatTwoReadAreLeft() {
        noneCounts((builder, input) -> {
            BufferId value = builder.value(2 * ROWS, CHANNELS);
            builder.load(input, 2 * ROWS, CHANNELS, TANH, store(value, CHANNELS));
            for (int i = 0; i < 2; i++) {
                builder.load(input, 2 * ROWS, CHANNELS, add(value, Spread.NONE), range(builder.output(2, CHANNELS)));
            }
        });
    }

    @Test
    void valuesThatAnotherKindOfKernelReadsAreLeft() {
        noneCounts((builder, input) -> {
            BufferId value = builder.value(2 * ROWS, CHANNELS);
            BufferId softmax = builder.value(1, CHANNELS);
            builder.load(input, 2 * ROWS, CHANNELS, TANH, store(value, CHANNELS));
            builder.softmax(value, softmax, 2 * ROWS, CHANNELS);
            builder.load(softmax, 1, CHANNELS, range(builder.output(2, CHANNELS)));
        });
    }

    @Test
    void valuesThatComeSeveralRowsAtATimeAreLeft() {
        for (ProductSchedule several : List.of(new ProductSchedule.Lines(), new ProductSchedule.ChannelsFirst())) {
            noneCounts((builder, input) -> {
                BufferId value = builder.value(2 * ROWS, CHANNELS);
                builder.add(new KernelSketch().load(input, 2 * ROWS, CHANNELS, TANH, store(value, CHANNELS))
                        .withSchedule(several));
                builder.load(input, 2 * ROWS, CHANNELS, add(value, Spread.NONE), range(builder.output(2, CHANNELS)));
            });
        }
    }

    @Test
    void valuesThatAreReadInOtherRowsAreLeft() {
        noneCounts((builder, input) -> {
            BufferId value = builder.value(2 * ROWS, CHANNELS);
            builder.load(input, 2 * ROWS, CHANNELS, TANH, store(value, CHANNELS));
            builder.load(input, ROWS, 2 * CHANNELS, add(value, Spread.NONE), range(builder.output(2, CHANNELS)));
        });
    }

    private static void left(Others others) {
        KernelSketch builder = new KernelSketch();
        others.add(builder, builder.input(ROWS, CHANNELS));
        KernelProgram program = builder.build(1);
        assertThat(apply(program)).isEqualTo(program);
    }

    @Test
    void anOutputIsLeft() {
        left((builder, input) -> {
            BufferId output = builder.output(ROWS, CHANNELS);
            builder.load(input, ROWS, CHANNELS, TANH, store(output, CHANNELS));
            builder.load(input, ROWS, CHANNELS, add(output, Spread.NONE), range(builder.output(2, CHANNELS)));
        });
    }

    @Test
    void aSingleRowIsLeft() {
        left((builder, input) -> {
            BufferId value = builder.value(1, ROWS * CHANNELS);
            builder.load(input, 1, ROWS * CHANNELS, TANH, store(value, ROWS * CHANNELS));
            builder.load(input, 1, ROWS * CHANNELS, add(value, Spread.NONE), range(builder.output(2,
                    ROWS * CHANNELS)));
        });
    }

    @Test
    void aKernelThatStoresMoreThanOneValueIsLeft() {
        left((builder, input) -> {
            BufferId value = builder.value(ROWS, CHANNELS);
            builder.load(input, ROWS, CHANNELS, range(builder.output(2, CHANNELS)), TANH, store(value, CHANNELS));
            builder.load(input, ROWS, CHANNELS, add(value, Spread.NONE), range(builder.output(2, CHANNELS)));
        });
    }

    @Test
    void rowsThatLieApartAreLeft() {
        for (Step wide : List.of(new Step.StorePlain(new BufferId(1), 2 * CHANNELS, 0),
                new Step.StorePlain(new BufferId(1), CHANNELS, 1))) {
            left((builder, input) -> {
                BufferId value = builder.value(ROWS, 2 * CHANNELS);
                builder.load(input, ROWS, CHANNELS, TANH, wide);
                builder.load(input, ROWS, CHANNELS, add(value, Spread.NONE), range(builder.output(2, CHANNELS)));
            });
        }
    }

    @Test
    void aKernelThatReadsMoreThanItsRowIsLeft() {
        left((builder, input) -> {
            BufferId value = builder.value(ROWS, CHANNELS);
            builder.load(input, ROWS, CHANNELS, TANH, store(value, CHANNELS));
            builder.load(value, ROWS, CHANNELS, add(value, Spread.NONE), range(builder.output(2, CHANNELS)));
        });
        for (Spread spread : List.of(Spread.OVER_ROWS, Spread.OVER_CHANNELS)) {
            left((builder, input) -> {
                BufferId value = builder.value(ROWS, CHANNELS);
                builder.load(input, ROWS, CHANNELS, TANH, store(value, CHANNELS));
                builder.load(input, ROWS, CHANNELS, add(value, spread), range(builder.output(2, CHANNELS)));
            });
        }
    }

    /** Both times that it is read by its row, it is read of the one row. */
    @Test
    void aRowMayBeReadTwice() {
        KernelSketch builder = new KernelSketch();
        BufferId input = builder.input(ROWS, CHANNELS);
        BufferId value = builder.value(ROWS, CHANNELS);
        BufferId output = builder.output(2, CHANNELS);
        builder.load(input, ROWS, CHANNELS, TANH, store(value, CHANNELS));
        builder.load(input, ROWS, CHANNELS, add(value, Spread.NONE), TANH, add(value, Spread.NONE), range(output));
        KernelProgram after = apply(builder.build(1));
        assertThat(after.kernels()).singleElement().isInstanceOfSatisfying(RowByRow.class, joined -> {
            assertThat(joined.first().epilogue()).containsExactly(TANH, store(value, 0));
            assertThat(joined.second().epilogue()).containsExactly(add(value, Spread.OVER_ROWS), TANH,
                    add(value, Spread.OVER_ROWS), range(output));
        });
        assertThat(Stream.of(value).map(after::buffer).map(Buffer::role)).containsExactly(Buffer.Role.SCRATCH);
    }
}
