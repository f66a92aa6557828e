package dev.tern.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.verification.Checkpoint;
import dev.tern.compiler.verification.Difference;
import dev.tern.compiler.verification.Verification;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerificationTextTest {
    private static final Checkpoint FOLD = new Checkpoint("FoldConstants", 1, "");
    private static final Checkpoint LOWER = new Checkpoint("Lower", 1, "portable");
    private static final Checkpoint STORES = new Checkpoint("EliminateDeadStores", 2, "portable");

    private static String text(Verification verification) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        VerificationText.print(new Console(out, out, true, false), "Digits", Path.of("models/digits"), verification);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void nothingDiffers() {
        Checkpoint first = new Checkpoint("EliminateDeadStores", 1, "portable");
        assertThat(text(new Verification(1, List.of(FOLD, LOWER, first, STORES), List.of(Target.vector(512)),
                Optional.empty()))).isEqualTo("""
                        model Digits, compared on 1 input
                          graph     after FoldConstants
                          portable  after Lower, EliminateDeadStores (2 times)
                          vector 512: left out, for the model is refused for it

                        everywhere the bits that the model means
                        """);
    }

    @Test
    void theFirstDifferenceIsShownWithTheCommandThatShowsMore() {
        Difference difference = new Difference(STORES, 1, "the output y", Tensor.of(1f, 2f, 0.5f),
                Tensor.of(1f, 3f, 0.25f));
        String text = text(new Verification(3, List.of(FOLD, LOWER, STORES), List.of(), Optional.of(difference)));
        assertThat(text.lines()).containsExactly(
                "model Digits, compared on 3 inputs",
                "  graph     after FoldConstants",
                "  portable  after Lower, EliminateDeadStores",
                "",
                "the first difference is after EliminateDeadStores, round 2 for portable, on input 2 of 3",
                "  the output y[3]: 2 elements differ, the first is number 1: 3.0 (40400000) in the place of 2.0"
                        + " (40000000)",
                "this is a fault of the compiler, not of your model",
                "'tern explain models/digits --after EliminateDeadStores' shows what the pass left");
    }
}
