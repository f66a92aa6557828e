package dev.tern.compiler.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.kernel.Producer.TileProduct;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.TernModels;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One row through many weights reads less memory than f32 take. */
class NarrowWeightsTest {
    @ParameterizedTest
    @CsvSource({"1, 513, 260, 256, 8, HALVES", "1, 513, 260, 512, 4, CODES", "1, 513, 260, 256, 1, HALVES",
        "1, 513, 260, 128, 8, HALVES", "1, 513, 260, 256, 2, HALVES", "1, 512, 256, 256, 8, FLOATS",
        "2, 513, 260, 256, 2, FLOATS"})
    void givesTheBitsOfTheOracle(int rows, int depth, int channels, int bits, int vectors, TileProduct.Form form) {
        for (String scheme : new String[]{"weights: int(8), activations: dynamic(8)",
            "weights: ternary(twn), activations: static(8, -1..2)"}) {
            Graph graph = TernModels.bound("piece.tern", """
                    model Piece(x: f32[%d, %d]) -> (y: f32[%d, %d]) {
                        parameters "piece.safetensors"
                        y = x |> dense(%d, %s)
                    }
                    """.formatted(rows, depth, rows, channels, channels, scheme), 7);
            KernelProgram program = Scheduled.check(graph, Target.vector(bits), (_, _, _) -> new Tiles(rows, vectors),
                    KernelModels.inputs(graph, new Random(3)));
            assertThat(program.kernels()).filteredOn(kernel -> kernel instanceof Kernel.PixelKernel pixel
                    && pixel.producer() instanceof TileProduct).singleElement()
                    .satisfies(kernel -> assertThat(((TileProduct) ((Kernel.PixelKernel) kernel).producer())
                            .form()).isEqualTo(form));
        }
    }
}
