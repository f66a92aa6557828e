package dev.tern.compiler.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Under which paths parameters are looked for. */
class ParameterPathsTest {
    private static String model(String body) {
        return "model M(x: f32[4]) -> (y: f32[4]) {\n" + body + "\n}\n";
    }

    @Test
    void anOpThatOccursOnceHasItsNameAlone() {
        assertThat(Analyze.parameters(model("y = x |> dense(4) |> bias"))).containsExactly("y.dense.weight[4, 4]",
                "y.bias.bias[4]");
    }

    @Test
    void anOpThatOccursTwiceIsNumbered() {
        assertThat(Analyze.parameters(model("y = x |> dense(4, bias: true) |> relu |> dense(4)"))).containsExactly(
                "y.dense1.weight[4, 4]", "y.dense1.bias[4]", "y.dense2.weight[4, 4]");
    }

    @Test
    void asRenamesAndIsNotCounted() {
        assertThat(Analyze.parameters(model("y = x |> dense(4) as first |> dense(4)")))
                .containsExactly("y.first.weight[4, 4]", "y.dense.weight[4, 4]");
    }

    @Test
    void aStepThatIsLeftOutIsNotCounted() {
        assertThat(Analyze.parameters(model("y = x |> dense(4) if 1 > 2 |> dense(4)")))
                .containsExactly("y.dense.weight[4, 4]");
    }

    @Test
    void operandsInParenthesesComeFirst() {
        assertThat(Analyze.parameters(model("y = dense(dense(x, 8), 4) + dense(x, 4)"))).containsExactly(
                "y.dense1.weight[8, 4]", "y.dense2.weight[4, 8]", "y.dense3.weight[4, 4]");
    }

    @Test
    void repeatsAreIndexedUnderTheStatement() {
        assertThat(Analyze.parameters(model("y = x |> repeat(2, dense(4)) |> repeat(1, dense(4)) |> dense(4)")))
                .containsExactly("y.0.dense.weight[4, 4]", "y.1.dense.weight[4, 4]", "y.2.dense.weight[4, 4]",
                        "y.dense.weight[4, 4]");
    }

    @Test
    void repeatsNest() {
        assertThat(Analyze.parameters(model("y = x |> repeat(2, repeat(2, dense(4)) as inner)"))).containsExactly(
                "y.0.inner.0.dense.weight[4, 4]", "y.0.inner.1.dense.weight[4, 4]", "y.1.inner.0.dense.weight[4, 4]",
                "y.1.inner.1.dense.weight[4, 4]");
    }

    private static final String MLP = """
            block Mlp(v: f32[n]) -> (w: f32[n]) {
                hidden = v |> dense(2) |> relu
                w      = hidden |> dense(n)
            }
            """;

    @Test
    void aBlockAloneSharesItsScope() {
        assertThat(Analyze.parameters(MLP + model("y = x |> relu |> Mlp")))
                .containsExactly("y.hidden.dense.weight[2, 4]", "y.dense.weight[4, 2]");
    }

    @Test
    void blocksBesideOthersHaveAScopeEach() {
        assertThat(Analyze.parameters(MLP + model("y = x |> Mlp |> Mlp |> dense(4)"))).containsExactly(
                "y.mlp1.hidden.dense.weight[2, 4]", "y.mlp1.dense.weight[4, 2]", "y.mlp2.hidden.dense.weight[2, 4]",
                "y.mlp2.dense.weight[4, 2]", "y.dense.weight[4, 4]");
    }

    @Test
    void aNamedBlockKeepsItsName() {
        assertThat(Analyze.parameters(MLP + model("y = x |> Mlp as only"))).containsExactly(
                "y.only.hidden.dense.weight[2, 4]", "y.only.dense.weight[4, 2]");
    }

    @Test
    void blocksWithinBlocksShareWhatTheyFillAlone() {
        assertThat(Analyze.parameters(MLP + """
                block Outer(v: f32[n]) -> (w: f32[n]) {
                    w = v |> Mlp |> relu
                }
                """ + model("y = x |> repeat(1, Outer)"))).containsExactly("y.0.hidden.dense.weight[2, 4]",
                "y.0.dense.weight[4, 2]");
    }

    @Test
    void aNamedFunctionIsLikeABlock() {
        assertThat(Analyze.parameters(model("layer = dense(4) |> relu\ny = x |> layer |> layer")))
                .containsExactly("y.layer1.dense.weight[4, 4]", "y.layer2.dense.weight[4, 4]");
        assertThat(Analyze.parameters(model("layer = dense(4) |> relu\ny = x |> repeat(2, layer)")))
                .containsExactly("y.0.dense.weight[4, 4]", "y.1.dense.weight[4, 4]");
    }
}
