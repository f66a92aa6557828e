package dev.tern.compiler.kernel.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tern.compiler.kernel.cost.CostModel.Candidate;
import dev.tern.compiler.kernel.cost.CostModel.Choice;
import dev.tern.compiler.kernel.cost.ProductShape.WeightSet;
import dev.tern.compiler.kernel.schedule.ProductSchedule;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Family;
import dev.tern.compiler.kernel.schedule.ProductSchedule.LookUps;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Multiplications;
import dev.tern.compiler.kernel.schedule.ProductSchedule.PopcountLoops;
import dev.tern.compiler.kernel.schedule.ProductSchedule.PopcountPanels;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles;
import dev.tern.compiler.target.Target;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which schedules there are for a product, and which the model takes for shapes whose times were measured. */
class CostModelTest {
    private static final Target VECTOR = Target.vector(512);

    private static Family cheapest(ProductShape shape) {
        return cheapest(shape, Target.PORTABLE);
    }

    private static Family cheapest(ProductShape shape, Target target) {
        return Choice.CHEAPEST.of("layer", shape, CostModel.candidates(shape, target)).family();
    }

    private static ProductShape image(int bits, WeightSet weights) {
        return conv(28, 1, 16, bits, weights);
    }

    private static ProductShape dense(int inputs, int outputs, int bits, WeightSet weights) {
        return new ProductShape(1, 1, 1, 1, inputs, outputs, 1, false, bits, bits == 1, weights);
    }

    private static ProductShape conv(int size, int inputs, int outputs, int bits, WeightSet weights) {
        return new ProductShape(size, size, size * size, 9, inputs, outputs, 1, true, bits, bits == 1, weights);
    }

    private static List<ProductSchedule> schedules(ProductShape shape, Target target) {
        return CostModel.candidates(shape, target).stream().map(Candidate::schedule).toList();
    }

    @Test
    void wideProductsUsePopcount() {
        for (int bits : List.of(1, 2, 4)) {
            assertThat(cheapest(dense(1024, 512, bits, WeightSet.TERNARY))).isEqualTo(Family.POPCOUNT);
            assertThat(cheapest(conv(14, 16, 32, bits, WeightSet.BINARY))).isEqualTo(Family.POPCOUNT);
        }
        assertThat(cheapest(dense(1024, 512, 8, WeightSet.TERNARY))).isEqualTo(Family.MULTIPLY);
        assertThat(cheapest(dense(1024, 1024, 1, WeightSet.BINARY), VECTOR)).isEqualTo(Family.POPCOUNT);
    }

    @Test
    void tablesAnswerForSeveralBitsAtOnce() {
        for (int bits : List.of(4, 8)) {
            assertThat(cheapest(dense(1024, 1024, bits, WeightSet.TERNARY), VECTOR)).isEqualTo(Family.LOOK_UP);
            assertThat(cheapest(conv(32, 64, 64, bits, WeightSet.TERNARY), VECTOR)).isEqualTo(Family.LOOK_UP);
        }
    }

    @Test
    void oneInputChannelIsWorthItsPlanesOnlyWhileTheyAreFew() {
        assertThat(cheapest(image(1, WeightSet.BINARY))).isEqualTo(Family.POPCOUNT);
        assertThat(cheapest(image(1, WeightSet.TERNARY))).isEqualTo(Family.POPCOUNT);
        assertThat(cheapest(image(4, WeightSet.BINARY))).isEqualTo(Family.MULTIPLY);
        assertThat(cheapest(image(8, WeightSet.BINARY))).isEqualTo(Family.MULTIPLY);
        assertThat(cheapest(image(8, WeightSet.TERNARY))).isEqualTo(Family.MULTIPLY);
    }

    /** The last layer of Digits: packing is most of it, but ten sums fill no vector. */
    @Test
    void fewChannelsFillNoVector() {
        assertThat(cheapest(dense(1568, 10, 1, WeightSet.TERNARY))).isEqualTo(Family.POPCOUNT);
    }

    @Test
    void whatHasNoPlanesIsMultiplied() {
        ProductShape floats = dense(1024, 512, 0, WeightSet.BINARY);
        ProductShape groups = new ProductShape(7, 7, 49, 9, 64, 64, 64, true, 1, true, WeightSet.BINARY);
        ProductShape integers = dense(1024, 512, 4, WeightSet.INTEGER);
        for (ProductShape shape : List.of(floats, groups, integers)) {
            for (Target target : List.of(Target.PORTABLE, VECTOR)) {
                assertThat(CostModel.candidates(shape, target)).extracting(Candidate::family)
                        .containsOnly(Family.MULTIPLY);
                assertThat(Choice.preferring(Family.POPCOUNT).of("layer", shape, CostModel.candidates(shape, target))
                        .family()).isEqualTo(Family.MULTIPLY);
            }
        }
    }

    @Test
    void integersOfFewBitsAreCountedPlaneByPlane() {
        ProductShape few = new ProductShape(1, 1, 1, 1, 256, 256, 1, false, 3, false, WeightSet.INTEGER, 3);
        assertThat(few).hasToString("1x1 rows, 1 tap of 256 to 256, 3-bit integer by 3 bits");
        for (Target target : List.of(Target.PORTABLE, VECTOR)) {
            assertThat(cheapest(few, target)).isEqualTo(Family.POPCOUNT);
            assertThat(CostModel.candidates(few, target)).extracting(Candidate::family).doesNotContain(Family.LOOK_UP);
            assertThat(CostModel.candidates(few, target)).filteredOn(c -> c.family() == Family.POPCOUNT)
                    .extracting(Candidate::weightBytes).containsOnly(3L * 4 * 256 * 8);
        }
        ProductShape many = new ProductShape(1, 1, 1, 1, 256, 256, 1, false, 4, false, WeightSet.INTEGER, 5);
        assertThat(CostModel.candidates(many, VECTOR)).extracting(Candidate::family).containsOnly(Family.MULTIPLY);
    }

    @Test
    void bytesOfWeights() {
        assertThat(CostModel.candidates(dense(65, 10, 2, WeightSet.TERNARY), Target.PORTABLE))
                .extracting(Candidate::family, Candidate::weightBytes).contains(
                        tuple(Family.POPCOUNT, 2L * 2 * 10 * 8),
                        tuple(Family.MULTIPLY, 650L));
        // One vector of 64 bytes, for 22 groups of three.
        assertThat(CostModel.candidates(dense(65, 10, 2, WeightSet.TERNARY), VECTOR))
                .extracting(Candidate::family, Candidate::weightBytes).contains(tuple(Family.LOOK_UP, 22L * 64));
    }

    @Test
    void smallJvmsHaveWordsOf32BitsAndTakeTheSmallest() {
        assertThat(CostModel.candidates(dense(65, 10, 8, WeightSet.TERNARY), Target.EDGE))
                .extracting(Candidate::family, Candidate::weightBytes).startsWith(
                        tuple(Family.POPCOUNT, 2L * 3 * 10 * 4))
                .contains(tuple(Family.MULTIPLY, 650L));
        assertThat(cheapest(conv(14, 16, 32, 4, WeightSet.TERNARY), Target.EDGE)).isEqualTo(Family.POPCOUNT);
        // Two planes of a word would take more than the bytes that they stand for, of weights or of pixels.
        assertThat(cheapest(dense(3, 10, 8, WeightSet.TERNARY), Target.EDGE)).isEqualTo(Family.MULTIPLY);
        assertThat(cheapest(conv(96, 3, 8, 8, WeightSet.BINARY), Target.EDGE)).isEqualTo(Family.MULTIPLY);
    }

    @Test
    void cheapestFirst() {
        assertThat(CostModel.candidates(conv(14, 256, 256, 4, WeightSet.TERNARY), VECTOR))
                .extracting(Candidate::nanoseconds).isSorted().allMatch(nanoseconds -> nanoseconds > 0);
    }

    @Test
    void everyScheduleIsNamedOnce() {
        for (int bits : List.of(1, 2, 4, 8)) {
            for (WeightSet weights : List.of(WeightSet.BINARY, WeightSet.TERNARY)) {
                List<ProductSchedule> all = schedules(conv(14, 256, 256, bits, weights), VECTOR);
                assertThat(all.stream().map(ProductSchedule::toString)).doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void schedulesKeepToWhatAProductHas() {
        assertThat(schedules(dense(65, 10, 1, WeightSet.BINARY), VECTOR)).contains(new PopcountPanels(4, 0, 1))
                .doesNotContain(new PopcountPanels(8, 0, 1), new PopcountLoops(4));
        assertThat(schedules(conv(14, 64, 64, 1, WeightSet.BINARY), VECTOR)).contains(new PopcountPanels(8, 0, 1))
                .doesNotContain(new PopcountPanels(8, 1, 1));
        assertThat(schedules(conv(14, 128, 128, 1, WeightSet.BINARY), VECTOR)).contains(new PopcountPanels(8, 2, 1));
        assertThat(schedules(dense(64, 64, 8, WeightSet.TERNARY), VECTOR)).contains(new LookUps(4, 1, 1))
                .doesNotContain(new LookUps(5, 1, 1));
        assertThat(schedules(dense(3, 64, 8, WeightSet.INTEGER), Target.PORTABLE)).containsExactly(new Multiplications(
                3));
        assertThat(schedules(dense(3, 64, 8, WeightSet.INTEGER), VECTOR)).containsExactlyInAnyOrder(
                new Tiles(1, 4), new Multiplications(3));
    }

    @Test
    void shapesAndSchedulesReadWell() {
        assertThat(conv(14, 128, 64, 4, WeightSet.TERNARY))
                .hasToString("14x14 rows, 9 taps of 128 to 64, gathered, ternary by 4 bits");
        assertThat(new PopcountPanels(8, 2, 1)).hasToString("popcount, panels of 8 vectors, 2 lines at a time");
    }
}
