package dev.tern.compiler.kernel.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tern.compiler.kernel.schedule.CostModel.Candidate;
import dev.tern.compiler.kernel.schedule.CostModel.Choice;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Family;
import dev.tern.compiler.kernel.schedule.ProductShape.Weights;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which family the model takes for shapes whose times were measured. */
class CostModelTest {
    private static Family cheapest(ProductShape shape) {
        return Choice.CHEAPEST.of(CostModel.candidates(shape, Target.PORTABLE));
    }

    private static ProductShape image(int bits, Weights weights) {
        return new ProductShape(784, 9, 1, 16, 1, true, bits, bits == 1, weights);
    }

    @Test
    void wideProductsUsePopcount() {
        for (int bits : List.of(1, 2, 4, 8)) {
            assertThat(cheapest(new ProductShape(1, 1, 1024, 512, 1, false, bits, false, Weights.TERNARY)))
                    .isEqualTo(Family.POPCOUNT);
            assertThat(cheapest(new ProductShape(196, 9, 16, 32, 1, true, bits, false, Weights.BINARY)))
                    .isEqualTo(Family.POPCOUNT);
        }
    }

    @Test
    void oneInputChannelIsWorthItsPlanesOnlyWhileTheyAreFew() {
        assertThat(cheapest(image(1, Weights.BINARY))).isEqualTo(Family.POPCOUNT);
        assertThat(cheapest(image(2, Weights.TERNARY))).isEqualTo(Family.POPCOUNT);
        assertThat(cheapest(image(8, Weights.BINARY))).isEqualTo(Family.MULTIPLY);
        assertThat(cheapest(image(8, Weights.TERNARY))).isEqualTo(Family.MULTIPLY);
    }

    /** The last layer of Digits: packing is most of it, but ten sums fill no vector. */
    @Test
    void fewChannelsFillNoVector() {
        assertThat(cheapest(new ProductShape(1, 1, 1568, 10, 1, false, 4, false, Weights.TERNARY)))
                .isEqualTo(Family.POPCOUNT);
    }

    @Test
    void whatHasNoPlanesIsMultiplied() {
        ProductShape floats = new ProductShape(1, 1, 1024, 512, 1, false, 0, false, Weights.BINARY);
        ProductShape groups = new ProductShape(49, 9, 64, 64, 64, true, 1, true, Weights.BINARY);
        ProductShape integers = new ProductShape(1, 1, 1024, 512, 1, false, 4, false, Weights.INTEGER);
        for (ProductShape shape : List.of(floats, groups, integers)) {
            assertThat(CostModel.candidates(shape, Target.PORTABLE)).extracting(Candidate::family).containsExactly(
                    Family.MULTIPLY);
            assertThat(Choice.preferring(Family.POPCOUNT).of(CostModel.candidates(shape, Target.PORTABLE)))
                    .isEqualTo(Family.MULTIPLY);
        }
    }

    @Test
    void bytesOfWeights() {
        List<Candidate> candidates = CostModel
                .candidates(new ProductShape(1, 1, 65, 10, 1, false, 2, false, Weights.TERNARY), Target.PORTABLE);
        assertThat(candidates).extracting(Candidate::family, Candidate::weightBytes).containsExactlyInAnyOrder(
                tuple(Family.POPCOUNT, 2L * 2 * 10 * 8),
                tuple(Family.MULTIPLY, 650L));
    }
}
