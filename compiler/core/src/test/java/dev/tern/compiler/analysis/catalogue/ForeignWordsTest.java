package dev.tern.compiler.analysis.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.analysis.Analyzer;
import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.syntax.SyntaxReader;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is suggested for the words of other languages is Tern, and the words themselves are not. */
class ForeignWordsTest {
    static Set<String> sayings() {
        return ForeignWords.ops().values().stream().map(ForeignWords.Saying::code)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String diagnostics(String text) {
        Diagnostics diagnostics = new Diagnostics();
        Analyzer.analyze(SyntaxReader.read(new SourceFile("m.tern", text), diagnostics), diagnostics);
        return DiagnosticRenderer.render(diagnostics.list());
    }

    /** As a step, or as an expression over x; of whatever rank its input and result are. */
    @ParameterizedTest
    @MethodSource("sayings")
    void everySayingIsTern(String code) {
        boolean expression = code.contains("x") && code.matches("(.*[^a-z0-9]|)x([^a-z0-9].*|)");
        String step = expression ? code : "x |> " + code;
        List<String> said = List.of("8, 8, 4", "8, 4").stream().flatMap(input -> List.of("_, _, _", "_, _", "_", "[]")
                .stream().map(output -> diagnostics("model M(x: f32[" + input + "]) -> (y: "
                        + (output.equals("[]") ? "i32[_, _]" : "f32[" + output + "]") + ") {\n    y = " + step
                        + "\n}\n"))).toList();
        assertThat(said).as(code).contains("");
    }

    @Test
    void noForeignWordIsAnOpOfTern() {
        assertThat(ForeignWords.ops().keySet()).doesNotContainAnyElementsOf(Catalogue.names());
        assertThat(ForeignWords.absent()).doesNotContainAnyElementsOf(Catalogue.names());
    }

    @ParameterizedTest
    @ValueSource(strings = {"linear", "fc", "gemm", "swish", "leaky_relu", "permute", "globalavgpool", "dropout",
        "sign",
        "multithreshold", "relu1", "selu", "hswish", "GlobalAveragePooling2D", "BatchNorm2d", "Conv2d", "conv_2d",
        "QuantLinear", "LSTM", "InstanceNorm", "Flatten_view", "add"})
    void whatUsersTypeIsAnswered(String word) {
        String known = word.equals("Flatten_view") ? "view" : word;
        assertThat(diagnostics("model M(x: f32[4]) -> (y: f32[4]) {\n    y = x |> " + known + "\n}\n")).as(word)
                .contains("there is no op or block `" + known + "`", "= help: ")
                .doesNotContain("did you mean");
    }

    @Test
    void theAnswersAreRight() {
        assertThat(ForeignWords.op("relu1")).contains("in Tern this is `clip(0..1)`");
        assertThat(ForeignWords.op("Linear")).hasValueSatisfying(help -> assertThat(help).contains("`dense(10"));
        assertThat(ForeignWords.op("Dropout")).hasValueSatisfying(help -> assertThat(help).contains("leave it out"));
        assertThat(ForeignWords.op("nonsense")).isEmpty();
        assertThat(ForeignWords.argument("kernel_size", List.of("channels", "kernel")))
                .contains("in Tern this is `kernel`");
        assertThat(ForeignWords.argument("kernel_size", List.of("window"))).contains("in Tern this is `window`");
        assertThat(ForeignWords.argument("in_channels", List.of())).hasValueSatisfying(
                help -> assertThat(help).contains("leave it out"));
        assertThat(ForeignWords.type("int64")).contains("step");
        assertThat(ForeignWords.type("float32")).contains("f32");
    }

    @ParameterizedTest
    @ValueSource(strings = {"weight scheme", "activation scheme"})
    void everySchemeIsTern(String what) {
        String argument = what.startsWith("weight") ? "weights" : "activations";
        for (String scheme : new TreeSet<>(ForeignWords.schemes(what).values())) {
            assertThat(diagnostics("model M(x: f32[4]) -> (y: f32[2]) {\n    y = x |> dense(2, " + argument + ": "
                    + scheme + ")\n}\n")).as(scheme).isEmpty();
        }
    }

    @Test
    void typesAndArgumentsAreAnsweredWhereTheyStand() {
        assertThat(diagnostics("model M(x: float32[4, 4]) -> (y: f32[4]) {\n    y = x |> dense(4)\n}\n"))
                .contains("in Tern this is `f32[4, 4]`");
        assertThat(diagnostics("model M(x: f32[4]) -> (y: f32[4]) {\n    y = x |> dense(units: 4)\n}\n"))
                .contains("`dense` has no argument `units`", "in Tern this is `features`");
        assertThat(diagnostics("model M(x: f32[4]) -> (y: f32[4]) {\n    y = x |> dense(4, weights: int8)\n}\n"))
                .contains("there is no weight scheme `int8`", "in Tern this is `int(8)`");
    }
}
