package dev.tern.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.zoo.Zoo;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is told of layers that no text has in so many words: their products, and where time goes. */
class LayerReportTest {
    private static List<LayerReport> layers(String text) {
        AnalyzedModel model = Zoo.analyzed("m", text);
        return Compilation.of(Zoo.bound(model), model.layers(), HostTarget.portable("a test")).layers();
    }

    private static LayerReport layer(List<LayerReport> layers, String op) {
        return layers.stream().filter(layer -> layer.layer().op().equals(op)).findFirst().orElseThrow();
    }

    /** 2 matrices of 3 x 5 by 5 x 4. */
    @Test
    void productsOfRunTimeMatricesCount() {
        String text = """
                model M(a: f32[2, 3, 5], b: f32[2, 5, 4]) -> (y: f32[2, 3, 4]) {
                    y = matmul(a, b%s)
                }
                """;
        assertThat(layer(layers(text.formatted("")), "matmul")).extracting(LayerReport::binaryMultiplyAdds,
                LayerReport::otherMultiplyAdds, LayerReport::lowBit).containsExactly(0L, 120L, false);
        assertThat(layer(layers(text.formatted(", activations: sign")), "matmul")).extracting(
                LayerReport::binaryMultiplyAdds, LayerReport::otherMultiplyAdds).containsExactly(120L, 0L);
    }

    @Test
    void eachLayerHasItsTimeAndWhatItIsBoundBy() {
        List<LayerReport> layers = layers("""
                model M(x: f32[256]) -> (y: f32[64]) {
                    y = x |> dense(64, weights: float, activations: float) |> relu |> softmax
                }
                """);
        assertThat(layer(layers, "dense").boundByProducts()).isTrue();
        assertThat(layer(layers, "softmax").boundByProducts()).isFalse();
        assertThat(layer(layers, "dense").predictedNanos()).isPositive();
        assertThat(layer(layers, "softmax").predictedNanos()).isPositive();
        assertThat(layer(layers, "relu").kernels()).isEmpty();
        assertThat(layer(layers, "relu").predictedNanos()).isZero();
    }

    @Test
    void aNetworkOfLowBitsIsToldWhatElseTakesItsTime() {
        List<LayerReport> layers = layers("""
                model M(x: f32[64]) -> (y: f32[8]) {
                    default weights: binary, activations: sign

                    h = x |> dense(32) |> dense(16, weights: int(4), activations: dynamic(4))
                    y = h |> dense(8, weights: int(8), activations: dynamic(8)) |> softmax
                }
                """);
        assertThat(layers).extracting(LayerReport::lowBit).containsExactly(true, true, false, false);
        Map<String, Double> few = Map.of("h.dense1", 3.0, "h.dense2", 3.0, "y.dense", 4.0, "y.softmax", 1.0);
        assertThat(TimeOutsideLowBits.of(layers, layer -> few.get(layer.layer().path()), "measured")).isEmpty();
        Map<String, Double> most = Map.of("h.dense1", 3.0, "h.dense2", 1.0, "y.dense", 4.0, "y.softmax", 12.0);
        assertThat(TimeOutsideLowBits.of(layers, layer -> most.get(layer.layer().path()), "measured")).contains(
                "of the time measured 80 % goes to layers without weights of few bits: y.softmax 60 % (softmax),"
                        + " y.dense 20 % (int(8))");
    }

    @Test
    void aNetworkOfBytesIsNot() {
        List<LayerReport> layers = layers("""
                model M(x: f32[64]) -> (y: f32[8]) {
                    h = x |> dense(8, weights: int(8), activations: dynamic(8))
                    y = h |> dense(8, weights: binary, activations: sign)
                }
                """);
        assertThat(TimeOutsideLowBits.of(layers, _ -> 1.0, "predicted")).isEmpty();
    }
}
