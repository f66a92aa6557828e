package dev.tern.compiler.kernel.pass;

import static dev.tern.compiler.kernel.pass.KernelSketch.TANH;
import static dev.tern.compiler.kernel.pass.KernelSketch.store;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.ElementType.Code;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Layout;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.target.Word;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who reads and writes what as kernels come and go, where values end, and what they take. */
class KernelSequenceTest {
    private final KernelSketch builder = new KernelSketch();
    private final BufferId input = builder.input(2, 4);
    private final BufferId value = builder.value(2, 4);
    private final BufferId output = builder.output(2, 4);

    @Test
    void aKernelThatTakesThePlaceOfAnotherReadsAndWritesInItsStead() {
        Kernel writer = builder.load(input, 2, 4, TANH, store(value, 4));
        Kernel reader = builder.load(value, 2, 4, TANH, store(output, 4));
        KernelSequence kernels = new KernelSequence(List.of(writer, reader));
        assertThat(kernels.readers(value)).containsExactly(1);
        assertThat(kernels.writers(output)).containsExactly(1);
        kernels.set(1, builder.load(input, 2, 4, store(value, 4)));
        assertThat(kernels.readers(value)).isEmpty();
        assertThat(kernels.readers(input)).containsExactly(0, 1);
        assertThat(kernels.writers(output)).isEmpty();
        assertThat(kernels.writers(value)).containsExactly(0, 1);
        kernels.remove(0);
        assertThat(kernels.writers(value)).containsExactly(1);
        assertThat(kernels.toList()).hasSize(1);
    }

    @Test
    void emptyPlacesBeforeEachKernel() {
        Kernel writer = builder.load(input, 2, 4, TANH, store(value, 4));
        Kernel reader = builder.load(value, 2, 4, TANH, store(output, 4));
        KernelSequence kernels = new KernelSequence(List.of(writer, reader), 2);
        assertThat(kernels.places()).isEqualTo(6);
        assertThat(kernels.at(4)).isNull();
        assertThat(kernels.readers(value)).containsExactly(5);
        kernels.set(4, builder.load(input, 2, 4, store(value, 4)));
        assertThat(kernels.writers(value)).containsExactly(2, 4);
        assertThat(kernels.toList()).hasSize(3);
    }

    private boolean endsIn(BufferId buffer) {
        KernelProgram program = builder.build();
        return LastStore.of(program, new KernelSequence(program.kernels()), program.kernels().size(), buffer)
                .isPresent();
    }

    @Test
    void valuesAtTheEndAreThoseOfTheLastStores() {
        builder.load(input, 2, 4, TANH, store(value, 4), store(output, 4));
        assertThat(endsIn(value)).isTrue();
        assertThat(endsIn(output)).isTrue();
        assertThat(endsIn(input)).isFalse();
    }

    @Test
    void aStoreThatMoreStepsFollowIsNotTheLast() {
        builder.load(input, 2, 4, store(value, 4), TANH, store(output, 4));
        assertThat(endsIn(value)).isFalse();
    }

    @Test
    void rowsInALongerRowDoNotFillABuffer() {
        BufferId wide = builder.value(2, 8);
        builder.load(input, 2, 4, store(wide, 8));
        assertThat(endsIn(wide)).isFalse();
        // The same elements with gaps between the rows, or shifted.
        builder.load(input, 2, 4, store(value, 8));
        assertThat(endsIn(value)).isFalse();
        builder.load(input, 2, 4, new Step.StorePlain(value, 4, 1));
        assertThat(endsIn(value)).isFalse();
    }

    @Test
    void ofOneRowTheStrideIsNothing() {
        BufferId row = builder.value(1, 8);
        builder.load(input, 1, 8, store(row, 24));
        assertThat(endsIn(row)).isTrue();
        builder.load(input, 1, 4, store(row, 24));
        assertThat(endsIn(row)).isFalse();
    }

    @Test
    void packedBitsAreNoValues() {
        BufferId bits = builder.buffer(Bank.I64, new Layout.Planes(2, 4, new Code(1, true), Word.BITS_64),
                Buffer.Role.VALUE);
        builder.load(input, 2, 4, new Step.StorePlanes(bits, false));
        assertThat(endsIn(bits)).isFalse();
    }

    @Test
    void aBudgetIsBrokenByOneByteMore() {
        builder.load(input, 2, 4, TANH, store(output, 4));
        long need = MemoryNeed.bytes(builder.build());
        assertThat(need).isEqualTo(2 * 4 * 4);
        assertThat(MemoryNeed.overBudget(builder.build(need))).isFalse();
        assertThat(MemoryNeed.overBudget(builder.build(need - 1))).isTrue();
        assertThat(MemoryNeed.overBudget(builder.build(0))).as("no budget").isFalse();
    }
}
