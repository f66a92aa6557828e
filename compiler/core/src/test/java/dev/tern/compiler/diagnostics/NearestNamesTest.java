package dev.tern.compiler.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NearestNamesTest {
    private static final List<String> OPS = List.of("conv", "conv1d", "dense", "relu", "prelu", "tanh", "x");

    @Test
    void slipsOfThePenAreFound() {
        assertThat(NearestNames.similar("cnov", OPS)).containsExactly("conv");
        assertThat(NearestNames.similar("Dense", OPS)).containsExactly("dense");
        assertThat(NearestNames.similar("prellu", OPS)).containsExactly("prelu", "relu");
    }

    @Test
    void whatIsFarIsNotOffered() {
        assertThat(NearestNames.similar("softmax", OPS)).isEmpty();
        assertThat(NearestNames.similar("y", OPS)).isEmpty();
        assertThat(NearestNames.similar("X", OPS)).containsExactly("x");
    }

    @Test
    void theNearestAreGivenHoweverFar() {
        assertThat(NearestNames.nearest("stem.conv.weights", List.of("stem.conv.weight", "stem.dense.weight", "z"), 2))
                .containsExactly("stem.conv.weight", "stem.dense.weight");
    }

    @Test
    void oneNameIsFoundAmongAGreatMany() {
        List<String> many = IntStream.range(0, 100_000).mapToObj(i -> "layer." + i + ".weight").toList();
        assertThat(NearestNames.nearest("layer.77777.wieght", many, 1)).containsExactly("layer.77777.weight");
    }

    @Test
    void theQuestionNamesThemAll() {
        assertThat(NearestNames.question(List.of())).isEmpty();
        assertThat(NearestNames.question(List.of("a", "b"))).isEqualTo("did you mean `a` or `b`?");
    }
}
