package dev.tern.compiler.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a block sees: dimensions, arguments, defaults, inputs that are no f32. */
class BlocksTest {
    private static List<String> layers(String text) {
        return Analyze.model("test.tern", text).layers().stream().map(
                l -> l.path() + " " + l.weights().orElse("-") + " " + l.activations().orElse("-") + " " + l.output())
                .toList();
    }

    @Test
    void dimensionsAreNumbersInside() {
        assertThat(layers("""
                block Half(x: f32[2 * n, c], n: int, wide: int = 3 * c, deep: bool = c > 2) -> (y: f32[n, _]) {
                    y = x |> slice(0, n, axis: 0) |> dense(wide) |> relu if deep
                }
                model M(x: f32[8, 2]) -> (y: f32[4, 6]) {
                    y = x |> Half(4)
                }
                """)).containsExactly("y.slice - - f32[4, 2]", "y.dense float float f32[4, 6]");
    }

    @Test
    void argumentsGoByPlaceAndByName() {
        assertThat(layers("""
                block Join(a: f32[n], b: f32[n], kernel: size, gain: float) -> (y: f32[n]) {
                    y = gain * a + b |> reshape([1, n, 1]) |> conv(1, kernel) |> flatten
                }
                model M(x: f32[4], z: f32[4]) -> (y: f32[4], w: f32[4]) {
                    y = Join(x, b: z, gain: 2, kernel: 1x3)
                    w = x |> Join(z, 3, 0.5)
                }
                """)).contains("y.conv float float f32[1, 4, 1]", "w.conv float float f32[1, 4, 1]");
    }

    @Test
    void defaultsAreInheritedAndABlocksOwnWin() {
        assertThat(layers("""
                block Own(x: f32[n]) -> (y: f32[n]) {
                    y = x |> Plain |> dense(n, weights: int(3))
                    default weights: binary
                }
                block Plain(x: f32[n]) -> (y: f32[n]) {
                    y = x |> dense(n)
                }
                model M(x: f32[2]) -> (y: f32[2]) {
                    y = x |> Plain |> Own |> dense(2, activations: float)
                    default weights: ternary, activations: sign
                }
                """)).containsExactly("y.plain.dense ternary(twn) sign f32[2]",
                "y.own.plain.dense binary sign f32[2]", "y.own.dense int(3) sign f32[2]",
                "y.dense ternary(twn) float f32[2]");
    }

    @Test
    void stepsAndBytesGoIntoBlocks() {
        assertThat(layers("""
                block Embedded(t: step[n], x: u8[c]) -> (y: f32[n]) {
                    default activations: tdq(4, step: t)
                    y = embed(t, learned, n) + dense(x, n, activations: static(8, 0..1))
                }
                model M(t: step[3], x: u8[2]) -> (y: f32[3]) {
                    y = t |> Embedded(x)
                }
                """)).containsExactly("y.embed - - f32[3]", "y.dense float static(8, 0..1) f32[3]",
                "y.add - - f32[3]");
    }

    @Test
    void callsAreTheSameAsPipelines() {
        String pipeline = Analyze.parameters("""
                model M(x: f32[4]) -> (y: f32[2]) {
                    y = x |> dense(3) |> relu |> dense(2) |> repeat(2, bias)
                }
                """).toString();
        assertThat(Analyze.parameters("""
                model M(x: f32[4]) -> (y: f32[2]) {
                    y = repeat(dense(relu(dense(x, 3)), 2), 2, bias)
                }
                """)).hasToString(pipeline);
    }

    @Test
    void textAboutTheModelIsKept() {
        AnalyzedModel model = Analyze.model("test.tern",
                """
                        /// Reads
                        /// digits.
                        model M(x: f32[28, 28, 3], v: f32[784], w: f32[5], g: u8[2, 3], t: step[7])
                                -> (y: i32, z: f32[_], u: f32[2]) {
                            parameters "sub/numbers.npz"
                            budget flash: 2 KiB, ram: 1000 B
                            labels y: "a", "b"
                            labels z "names.txt"
                            /// The only layer.
                            u = (x |> flatten |> dense(2)) + dense(v, 2) |> relu
                            y = u |> argmax
                            z = concat(w |> dense(3), g |> flatten, t |> embed(sinusoidal, 2))
                        }
                        """);
        assertThat(model.graph().documentation()).isEqualTo("Reads\ndigits.");
        assertThat(model.graph().budget().flash()).isEqualTo(2048);
        assertThat(model.graph().budget().ram()).isEqualTo(1000);
        assertThat(model.graph().outputs().getFirst().labels()).containsExactly("a", "b");
        assertThat(model.parameters().orElseThrow().name()).isEqualTo("sub/numbers.npz");
        assertThat(model.labels()).singleElement().satisfies(labels -> {
            assertThat(labels.output()).isEqualTo("z");
            assertThat(labels.entries()).isEqualTo(11);
            assertThat(labels.file().name()).isEqualTo("names.txt");
        });
        assertThat(model.layers()).filteredOn(l -> l.path().equals("u.relu")).extracting(Layer::documentation)
                .containsExactly("The only layer.");
        assertThat(model.inputs()).extracting(i -> i.pixels().map(Object::toString).orElse("none")).containsExactly(
                "Pixels[height=28, width=28, channels=3]", "Pixels[height=28, width=28, channels=1]", "none",
                "Pixels[height=2, width=3, channels=1]", "none");
    }

    @Test
    void labelsOfIndicesNameTheirValues() {
        AnalyzedModel model = Analyze.model("m.tern", """
                model M(x: f32[4, 3]) -> (y: i32[4]) {
                    labels y: "a", "b", "c"
                    y = x |> argmax
                }
                """);
        assertThat(model.graph().outputs().getFirst().labels()).containsExactly("a", "b", "c");
    }
}
