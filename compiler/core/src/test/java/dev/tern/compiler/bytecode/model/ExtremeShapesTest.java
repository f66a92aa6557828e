package dev.tern.compiler.bytecode.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.interpreter.KernelInterpreter;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.cost.CostModel.Choice;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Family;
import dev.tern.compiler.target.Target;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Shapes at the ends of what the language takes: no method of any kernel outgrows its budget. */
class ExtremeShapesTest {
    private static final String CONV = """
            model Piece(x: f32[%s]) -> (y: f32[%s]) {
                parameters "piece.safetensors"

                y = x |> conv(%s, %s, pad: %s, weights: %s, activations: %s)%s
            }
            """;

    private static String conv(String input, String output, String op, String pad, String weights, String bits,
            String more) {
        String channels = output.substring(output.lastIndexOf(' ') + 1);
        return CONV.formatted(input, output, channels, op, pad, weights, "dynamic(" + bits + ")", more == null
                ? ""
                : " |> " + more);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "12, 11, 1; 12, 11, 65; 11x11; same; ternary(twn); 8; batchnorm |> quantize(sign)",
        "11, 11, 3; 11, 11, 9; 11x11; same; binary; 8;",
        "13, 12, 65; 2, 1, 7; 11x11, stride: 2; valid; ternary(twn); 8;",
        "22, 21, 17; 1, 1, 5; 11x11, dilation: 2, stride: 3; valid; binary; 5;",
        "5, 4, 2000; 5, 4, 3; 5x5; same(+1); ternary(twn); 8; batchnorm |> relu",
        "2, 2, 6001; 2, 2, 2; 2x2; same; binary; 7;", "3, 2, 129; 3, 2, 257; 1x9; same; ternary(twn); 4;",
        "3, 3, 20; 3, 3, 2000; 3x3; same; binary; 8; prelu |> bias |> clip(-3..3) |> quantize(dynamic(8))"})
    void methodsKeepToTheBudget(String input, String output, String op, String pad, String weights, String bits,
            String more) {
        String text = conv(input, output, op, pad, weights, bits, more);
        for (Target target : List.of(Target.PORTABLE, Target.vector(128), Target.vector(256), Target.vector(512))) {
            for (Family family : Family.values()) {
                assertThat(HiddenModel.emit(LoweredModels.of(text, target, Choice.preferring(family))).methods())
                        .as("of %s, %s of %s", target, family, text).isNotEmpty();
            }
        }
    }

    /** Every method takes the callers' arrays, which makes each call longer. */
    @ParameterizedTest
    @EnumSource(Family.class)
    void manyOutputs(Family family) {
        StringBuilder outputs = new StringBuilder();
        StringBuilder layers = new StringBuilder();
        for (int i = 0; i < 15; i++) {
            outputs.append(i == 0 ? "" : ", ").append("y" + i + ": f32[4, 4, 130]");
            layers.append("    y" + i + " = x |> conv(130, 3x3, pad: same, weights: ternary(twn), activations: dynamic("
                    + (1 + i % 8) + "))\n");
        }
        String text = "model Piece(x: f32[4, 4, 70]) -> (" + outputs
                + ") {\n    parameters \"piece.safetensors\"\n\n" + layers + "}\n";
        for (Target target : Target.VECTORS) {
            assertThat(HiddenModel.emit(LoweredModels.of(text, target, Choice.preferring(family))).methods())
                    .isNotEmpty();
        }
    }

    /** So many look-ups that their sums are taken in more parts than one method calls. */
    @Test
    void sumsInManyParts() {
        for (Target target : Target.VECTORS) {
            KernelProgram program = LoweredModels.of(
                    conv("4, 4, 1500", "4, 4, 3", "5x5", "same", "ternary(twn)", "4", null), target,
                    Choice.preferring(Family.LOOK_UP));
            List<Tensor> inputs = List.of(GeneratedClassTest.random(program.inputs().getFirst(), new Random(3)));
            assertThat(HiddenModel.emit(program).methods()).anyMatch(method -> method.definition().name()
                    .contains("_parts"));
            assertThat(ClassResults.run(program, inputs)).isEqualTo(KernelInterpreter.run(program, inputs));
        }
    }
}
