package dev.tern.compiler.kernel.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.ElementType.Code;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.Layout;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.target.Word;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Epilogues of 850 bytes, and of five more. */
class EpilogueSizeTest {
    private static final Step OF_25 = new Step.WithConstant(BinaryFunction.ADD, new ConstantId(0), false);
    private static final Step OF_5 = new Step.ToFloat();

    private final KernelSketch builder = new KernelSketch();

    private boolean fits(int count, Step... others) {
        List<Step> steps = new ArrayList<>(Collections.nCopies(count, OF_25));
        steps.addAll(List.of(others));
        return EpilogueSize.fits(builder.build(), steps);
    }

    @Test
    void upToTheLimit() {
        assertThat(fits(34)).isTrue();
        assertThat(fits(34, OF_5)).isFalse();
    }

    @Test
    void packingTakesCodeForEachPlane() {
        Step pack = new Step.StorePlanes(builder.buffer(Bank.I64, new Layout.Planes(2, 4, new Code(8, true),
                Word.BITS_64), Buffer.Role.VALUE), false);
        assertThat(fits(18, pack)).isTrue();
        assertThat(fits(18, pack, OF_5)).isFalse();
    }
}
