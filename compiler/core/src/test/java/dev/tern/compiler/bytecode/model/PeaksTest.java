package dev.tern.compiler.bytecode.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.interpreter.KernelInterpreter;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.cost.CostModel.Choice;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Family;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.TernModels;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ranges of rectified products, measured by the peaks of some rows, whatever part of a line or thread has them. */
class PeaksTest {
    private static final String TEXT = """
            model Piece(x: f32[%d, %d, %d]) -> (y: f32[%d, %d, 3]) {
                parameters "piece.safetensors"
                default weights: ternary(twn), activations: dynamic(4)

                y = x |> %s |> batchnorm%s |> conv(3, 1x1)
            }
            """;
    private static final List<Target> TARGETS = List.of(Target.vector(128), Target.vector(256), Target.vector(512));

    private static String text(int height, int width, int channels, String product, String then) {
        return TEXT.formatted(height, width, channels, height, width, product, then);
    }

    private static long peaks(KernelProgram program) {
        return program.kernels().stream().filter(Kernel.PixelKernel.class::isInstance)
                .flatMap(kernel -> ((Kernel.PixelKernel) kernel).epilogue().stream())
                .filter(Step.Peaks.class::isInstance).count();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"9; 7; 6; conv(40, 3x3)", "9; 7; 6; conv(70, 3x3)", "8; 16; 5; conv(8, 3x3)",
        "4; 24; 20; conv(64, 1x1)", "5; 6; 64; depthwise(3x3)", "12; 48; 8; depthwise(3x3)",
        "7; 3; 130; depthwise(3x3)", "6; 11; 19; conv(12, 1x1)"})
    void ofAnyShape(int height, int width, int channels, String product) {
        String text = text(height, width, channels, product, " |> relu");
        for (Family family : List.of(Family.MULTIPLY, Family.LOOK_UP)) {
            for (Target target : TARGETS) {
                KernelProgram program = LoweredModels.of(text, target, Choice.preferring(family));
                Random random = new Random(height);
                for (float extreme : new float[]{1000, -1000, Float.MAX_VALUE}) {
                    Tensor.Floats input = (Tensor.Floats) GeneratedClassTest.random(program.inputs().getFirst(),
                            random);
                    input.values()[random.nextInt(input.values().length)] = extreme;
                    List<Tensor> inputs = List.of(input);
                    List<Tensor> results = ClassResults.run(program, inputs);
                    assertThat(results).describedAs("%s on %s with %s", family, target, extreme)
                            .isEqualTo(KernelInterpreter.run(program, inputs))
                            .isEqualTo(GraphInterpreter.run(TernModels.bound("piece.tern", text, 5), inputs));
                }
            }
        }
    }

    @Test
    void whereThereIsSomethingToWin() {
        for (Target target : TARGETS) {
            assertThat(peaks(program(target, 8, 16, "conv(64, 3x3)", " |> relu"))).as("%s", target).isEqualTo(1);
            assertThat(peaks(program(target, 8, 16, "conv(64, 3x3)", ""))).as("below 0, %s", target).isZero();
            assertThat(peaks(program(target, 1, 1, "conv(64, 1x1)", " |> relu"))).as("one row, %s", target).isZero();
        }
        assertThat(peaks(program(Target.PORTABLE, 8, 16, "conv(64, 3x3)", " |> relu"))).as("no vectors").isZero();
    }

    /** A convolution and a dense layer that each measure what one product gave, which keeps its peaks once. */
    @Test
    void twoRangesOfOneProduct() {
        String text = """
                model Piece(x: f32[6, 4, 8]) -> (y: f32[10], z: f32[6, 4, 8]) {
                    parameters "piece.safetensors"
                    default weights: ternary(twn), activations: dynamic(4)

                    inner = x |> conv(70, 3x3) |> batchnorm |> relu
                    y = inner |> flatten |> dense(10, activations: dynamic(8))
                    z = inner |> conv(8, 1x1)
                }
                """;
        for (Target target : TARGETS) {
            KernelProgram program = LoweredModels.of(text, target, Choice.CHEAPEST);
            assertThat(peaks(program)).as("%s", target).isEqualTo(1);
            List<Tensor> inputs = List.of(GeneratedClassTest.random(program.inputs().getFirst(), new Random(2)));
            assertThat(ClassResults.run(program, inputs)).as("%s", target)
                    .isEqualTo(KernelInterpreter.run(program, inputs))
                    .isEqualTo(GraphInterpreter.run(TernModels.bound("piece.tern", text, 5), inputs));
        }
    }

    /** What is left to go through are the peaks, a small part of the values. */
    @Test
    void ofEachFewRows() {
        KernelProgram program = program(Target.vector(512), 8, 16, "conv(64, 3x3)", " |> relu");
        assertThat(program.kernels()).filteredOn(Kernel.MeasureRange.class::isInstance).last()
                .satisfies(kernel -> assertThat(((Kernel.MeasureRange) kernel).rows() * ((Kernel.MeasureRange) kernel)
                        .channels()).isLessThanOrEqualTo(8 * 16 * 64 / 8));
    }

    private static KernelProgram program(Target target, int height, int width, String product, String then) {
        return LoweredModels.of(text(height, width, 6, product, then), target, Choice.preferring(Family.MULTIPLY));
    }
}
