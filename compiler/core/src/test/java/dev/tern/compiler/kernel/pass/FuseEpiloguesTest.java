package dev.tern.compiler.kernel.pass;

import static dev.tern.compiler.kernel.pass.KernelSketch.TANH;
import static dev.tern.compiler.kernel.pass.KernelSketch.store;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.ElementType.Code;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Layout;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.Step.Spread;
import dev.tern.compiler.target.Word;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which kernels are appended to which, and where the longer one runs. */
class FuseEpiloguesTest {
    private final KernelSketch builder = new KernelSketch();
    private final BufferId input = builder.input(2, 4);
    private final BufferId value = builder.value(2, 4);
    private final BufferId other = builder.value(2, 4);
    private final BufferId output = builder.output(2, 4);

    private static Step add(BufferId buffer) {
        return new Step.WithBuffer(BinaryFunction.ADD, buffer, false, Spread.NONE);
    }

    private void leaves() {
        KernelProgram program = builder.build();
        assertThat(new FuseEpilogues().apply(program, new Diagnostics())).isSameAs(program);
    }

    private void makes(List<List<Step>> epilogues) {
        assertThat(new FuseEpilogues().apply(builder.build(), new Diagnostics()).kernels())
                .extracting(kernel -> ((Kernel.PixelKernel) kernel).epilogue()).isEqualTo(epilogues);
    }

    @Test
    void whatLoadsAnInputIsLeft() {
        builder.load(input, 2, 4, TANH, store(output, 4));
        leaves();
    }

    @Test
    void whatHasNoEpilogueIsLeft() {
        builder.load(input, 2, 4, TANH, store(value, 4));
        builder.softmax(value, output, 2, 4);
        leaves();
    }

    @Test
    void whatOnlyPacksIsLeft() {
        BufferId bits = builder.buffer(Bank.I64, new Layout.Planes(2, 4, new Code(1, true), Word.BITS_64),
                Buffer.Role.VALUE);
        builder.load(input, 2, 4, TANH, store(value, 4));
        builder.load(value, 2, 4, new Step.StorePlanes(bits, false));
        leaves();
    }

    @Test
    void whatDividesTheElementsAnotherWayIsLeft() {
        ConstantId channels = builder.floats(new float[8]);
        builder.load(input, 2, 4, TANH, store(value, 4));
        builder.load(value, 1, 8, new Step.Multiply(channels), store(output, 8));
        leaves();
    }

    @Test
    void whatReadsWhatIsStoredBesideIsLeft() {
        builder.load(input, 2, 4, store(other, 4), TANH, store(value, 4));
        builder.load(value, 2, 4, add(other), store(output, 4));
        leaves();
    }

    @Test
    void whatWouldBeTooLongIsLeft() {
        Step of25 = new Step.WithConstant(BinaryFunction.ADD, builder.floats(1), false);
        List<Step> half = new ArrayList<>(Collections.nCopies(17, of25));
        half.add(store(value, 4));
        builder.load(input, 2, 4, half.toArray(Step[]::new));
        half.set(17, store(output, 4));
        builder.load(value, 2, 4, half.toArray(Step[]::new));
        // 34 times 25 bytes and the last store's; the store between the two would go.
        leaves();
    }

    @Test
    void whatNeedsSomethingBetweenThatNeedsTheFirstIsLeft() {
        builder.load(input, 2, 4, store(value, 4));
        builder.softmax(value, other, 2, 4);
        builder.load(value, 2, 4, add(other), store(output, 4));
        leaves();
    }

    /** All that the second reads is there before the first runs. */
    @Test
    void theLongerKernelRunsInThePlaceOfTheFirst() {
        BufferId third = builder.output(2, 4);
        builder.load(input, 2, 4, TANH, store(value, 4));
        builder.load(input, 2, 4, new Step.Sign(), store(third, 4));
        builder.load(value, 2, 4, add(input), store(output, 4));
        makes(List.of(List.of(TANH, store(value, 4), add(input), store(output, 4)),
                List.of(new Step.Sign(), store(third, 4))));
    }

    @Test
    void orInThatOfTheSecondWhereNothingBetweenNeedsTheFirst() {
        builder.load(input, 2, 4, TANH, store(value, 4));
        builder.load(input, 2, 4, new Step.Sign(), store(other, 4));
        builder.load(value, 2, 4, add(other), store(output, 4));
        makes(List.of(List.of(new Step.Sign(), store(other, 4)),
                List.of(TANH, store(value, 4), add(other), store(output, 4))));
    }
}
