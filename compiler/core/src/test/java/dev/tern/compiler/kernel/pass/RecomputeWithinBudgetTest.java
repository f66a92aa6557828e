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
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Layout;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.Step.Spread;
import dev.tern.compiler.kernel.ValueKind;
import dev.tern.compiler.kernel.Window;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which values are computed again, and when enough are. */
class RecomputeWithinBudgetTest {
    private static final Step SIGN = new Step.Sign();

    private final KernelSketch builder = new KernelSketch();
    private final BufferId input = builder.input(16, 4);

    /** The input is wanted to the end, so that nothing takes its place. */
    private KernelProgram after(long ram) {
        builder.load(input, 16, 4, range(builder.output(2, 4)));
        return recomputed(ram);
    }

    private void leaves() {
        builder.load(input, 16, 4, range(builder.output(2, 4)));
        KernelProgram program = builder.build(1);
        assertThat(new RecomputeWithinBudget().apply(program, new Diagnostics())).isSameAs(program);
    }

    /** Of all kernels but the last. */
    private static List<List<Step>> epilogues(KernelProgram program) {
        return program.kernels().subList(0, program.kernels().size() - 1).stream().map(kernel -> ((PixelKernel) kernel)
                .epilogue()).toList();
    }

    private static Step range(BufferId to) {
        return new Step.Fold(Step.FoldKind.RANGE, to);
    }

    @Test
    void eachReaderComputesTheValueItselfAndItsMakerGoes() {
        BufferId value = builder.value(16, 4);
        BufferId first = builder.output(2, 4);
        BufferId second = builder.output(2, 4);
        builder.load(input, 16, 4, TANH, store(value, 4));
        builder.load(value, 16, 4, range(first));
        builder.load(value, 16, 4, SIGN, range(second));
        assertThat(epilogues(after(1))).containsExactly(List.of(TANH, range(first)),
                List.of(TANH, SIGN, range(second)));
    }

    @Test
    void aMakerThatStoresMoreStays() {
        BufferId value = builder.value(16, 4);
        BufferId first = builder.output(2, 4);
        BufferId second = builder.output(2, 4);
        builder.load(input, 16, 4, TANH, store(value, 4), range(first));
        builder.load(value, 16, 4, range(second));
        assertThat(epilogues(after(1))).containsExactly(List.of(TANH, range(first)), List.of(TANH, range(second)));
    }

    @Test
    void noMoreThanTheBudgetAsksFor() {
        BufferId great = builder.value(32, 4);
        BufferId small = builder.value(16, 4);
        BufferId first = builder.output(2, 4);
        BufferId second = builder.output(2, 4);
        builder.load(input, 32, 4, TANH, store(great, 4));
        builder.load(input, 16, 4, TANH, store(small, 4));
        builder.load(great, 32, 4, range(first));
        builder.load(small, 16, 4, range(second));
        builder.load(input, 16, 4, range(builder.output(2, 4)));
        // The input, the smaller value and two outputs side by side.
        long enough = 4 * (64 + 64 + 16 + 8);
        assertThat(epilogues(recomputed(enough))).containsExactly(List.of(TANH, store(small, 4)),
                List.of(TANH, range(first)), List.of(range(second)));
        assertThat(epilogues(recomputed(enough - 1))).containsExactly(List.of(TANH, range(first)),
                List.of(TANH, range(second)));
    }

    private KernelProgram recomputed(long ram) {
        return new RecomputeWithinBudget().apply(builder.build(ram), new Diagnostics());
    }

    /** Its memory is wanted at another time too. */
    @Test
    void whatWinsNothingIsLeft() {
        BufferId value = builder.value(16, 4);
        BufferId range = builder.value(2, 4);
        BufferId softmax = builder.value(16, 4);
        builder.load(input, 16, 4, TANH, store(value, 4));
        builder.load(value, 16, 4, range(range));
        builder.softmax(input, softmax, 16, 4);
        builder.softmax(softmax, builder.output(16, 4), 16, 4);
        builder.load(range, 2, 4, range(builder.output(2, 4)));
        leaves();
    }

    @Test
    void whatAnotherKindOfKernelReadsIsLeft() {
        BufferId value = builder.value(16, 4);
        builder.load(input, 16, 4, TANH, store(value, 4));
        builder.softmax(value, builder.output(1, 4), 16, 4);
        leaves();
    }

    @Test
    void whatIsReadBesideTheLoadIsLeft() {
        BufferId value = builder.value(16, 4);
        builder.load(input, 16, 4, TANH, store(value, 4));
        builder.load(value, 16, 4, new Step.WithBuffer(BinaryFunction.ADD, value, false, Spread.NONE),
                range(builder.output(2, 4)));
        leaves();
    }

    /** Values of a size are tried together, and one of them that cannot go does not go with the others. */
    @Test
    void whatIsReadBesideTheLoadStaysWhereAnotherGoes() {
        BufferId value = builder.value(16, 4);
        BufferId other = builder.value(16, 4);
        BufferId first = builder.output(2, 4);
        BufferId second = builder.output(2, 4);
        Step add = new Step.WithBuffer(BinaryFunction.ADD, value, false, Spread.NONE);
        builder.load(input, 16, 4, TANH, store(value, 4));
        builder.load(input, 16, 4, SIGN, store(other, 4));
        builder.load(value, 16, 4, add, range(first));
        builder.load(other, 16, 4, range(second));
        assertThat(epilogues(after(1))).containsExactly(List.of(TANH, store(value, 4)), List.of(add, range(first)),
                List.of(SIGN, range(second)));
    }

    /** Beyond sixteen sizes what is left is too small to matter. */
    @Test
    void noMoreThanSixteenSizesAreTried() {
        List<BufferId> values = new ArrayList<>();
        List<BufferId> ranges = new ArrayList<>();
        for (int i = 0; i < 17; i++) {
            values.add(builder.value(20 - i, 16));
            ranges.add(builder.output(2, 16));
            builder.load(input, 20 - i, 16, TANH, store(values.get(i), 16));
        }
        for (int i = 0; i < 17; i++) {
            builder.load(values.get(i), 20 - i, 16, range(ranges.get(i)));
        }
        List<List<Step>> all = epilogues(after(1));
        assertThat(all).hasSize(18);
        assertThat(all.getFirst()).containsExactly(TANH, store(values.get(16), 16));
        assertThat(all.get(16)).containsExactly(TANH, range(ranges.get(15)));
        assertThat(all.get(17)).containsExactly(range(ranges.get(16)));
    }

    @Test
    void whatWouldBeTooLongIsLeft() {
        BufferId value = builder.value(16, 4);
        List<Step> steps = new ArrayList<>(Collections.nCopies(33, new Step.WithConstant(BinaryFunction.ADD,
                builder.floats(1), false)));
        steps.add(store(value, 4));
        builder.load(input, 16, 4, steps.toArray(Step[]::new));
        builder.load(value, 16, 4, range(builder.output(2, 4)));
        leaves();
    }

    /** The scratch that was made for the first reader is not left behind when the second cannot do without. */
    @Test
    void nothingIsLeftOfWhatWasTried() {
        BufferId pooled = builder.value(16, 4);
        BufferId value = builder.value(16, 4);
        BufferId scratch = builder.buffer(Bank.F32, new Layout.Plain(1, 4), Buffer.Role.SCRATCH);
        BufferId first = builder.output(2, 4);
        BufferId second = builder.output(2, 4);
        builder.pixel(new Producer.Pool(Producer.PoolKind.MAX, input, ValueKind.FLOAT, Window.rows(16), 4, scratch),
                store(pooled, 4));
        builder.load(input, 16, 4, TANH, store(value, 4));
        builder.load(pooled, 16, 4, range(first));
        builder.softmax(pooled, builder.output(1, 4), 16, 4);
        builder.load(value, 16, 4, range(second));
        builder.load(input, 16, 4, range(builder.output(2, 4)));
        KernelProgram program = builder.build(1);
        KernelProgram after = recomputed(1);
        assertThat(after.buffers()).isEqualTo(program.buffers());
        assertThat(after.kernels()).hasSize(program.kernels().size() - 1);
    }

    /** A reader that computes a pool has scratch of its own. */
    @Test
    void scratchIsCopied() {
        BufferId pooled = builder.value(16, 4);
        BufferId scratch = builder.buffer(Bank.F32, new Layout.Plain(1, 4), Buffer.Role.SCRATCH);
        BufferId first = builder.output(2, 4);
        BufferId second = builder.output(2, 4);
        Producer.Pool pool = new Producer.Pool(Producer.PoolKind.MAX, input, ValueKind.FLOAT, Window.rows(16), 4,
                scratch);
        builder.pixel(pool, store(pooled, 4));
        builder.load(pooled, 16, 4, range(first));
        builder.load(pooled, 16, 4, range(second));
        KernelProgram after = after(1);
        assertThat(after.buffers()).hasSize(8);
        assertThat(after.kernels().subList(0, 2)).extracting(kernel -> ((PixelKernel) kernel).producer())
                .containsExactly(pool.withScratch(new BufferId(6)), pool.withScratch(new BufferId(7)));
        assertThat(after.buffers().subList(6, 8)).extracting(Buffer::role).containsOnly(Buffer.Role.SCRATCH);
    }
}
