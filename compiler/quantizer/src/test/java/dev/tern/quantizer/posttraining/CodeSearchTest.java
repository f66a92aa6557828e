package dev.tern.quantizer.posttraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tern.quantizer.posttraining.CodeSearch.Found;
import dev.tern.quantizer.posttraining.CodeSearch.Output;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No step of the search makes a layer's error greater, whatever its inputs are. */
class CodeSearchTest {
    private static final WeightGrid TERNARY = new WeightGrid(-1, 1, 1);

    /** Inputs whose columns depend on one another. */
    private static float[][] rows(SplittableRandom random, int count, int size) {
        float[][] rows = new float[count][size];
        for (float[] row : rows) {
            double common = random.nextGaussian();
            for (int k = 0; k < size; k++) {
                row[k] = (float) (common + random.nextGaussian() * (k % 3));
            }
        }
        return rows;
    }

    private static double[] weights(SplittableRandom random, int size) {
        return IntStream.range(0, size).mapToDouble(_ -> random.nextGaussian()).toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 9, 40, 64})
    void compensatedAndBestAreNoWorseThanRounded(int size) {
        for (int seed = 0; seed < 20; seed++) {
            SplittableRandom random = new SplittableRandom(31 * size + seed);
            Covariance covariance = Covariance.of(rows(random, 50, size), size, null);
            WeightGrid grid = List.of(TERNARY, new WeightGrid(-4, 3, 1), new WeightGrid(-1, 1, 2)).get(seed % 3);
            CodeSearch search = new CodeSearch(grid, List.of(new Output(weights(random, size), covariance)), true);
            Found rounded = search.rounded(0.7);
            Found compensated = search.compensated(0.7);
            Found best = search.best(rounded);
            assertThat(compensated.error()).isLessThanOrEqualTo(rounded.error());
            assertThat(best.error()).isLessThanOrEqualTo(compensated.error());
        }
    }

    /**
     * Where there are few weights no assignment of codes, each with its best scale, is better by more than a little.
     */
    @Test
    void bestIsNearTheBestOfAll() {
        double found = 0;
        double least = 0;
        for (int seed = 0; seed < 30; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int size = 6;
            Covariance covariance = Covariance.of(rows(random, 40, size), size, null);
            CodeSearch search = new CodeSearch(TERNARY, List.of(new Output(weights(random, size), covariance)), true);
            Found best = search.best(search.rounded(1));
            found += best.error();
            least += exhaustive(search, covariance, size);
        }
        assertThat(found).isLessThan(1.02 * least);
    }

    private static double exhaustive(CodeSearch search, Covariance covariance, int size) {
        double least = Double.POSITIVE_INFINITY;
        for (int code = 0; code < Math.pow(3, size); code++) {
            int[] codes = new int[size];
            for (int k = 0, rest = code; k < size; k++, rest /= 3) {
                codes[k] = rest % 3 - 1;
            }
            for (double scale = 0.05; scale < 3; scale += 0.01) {
                least = Math.min(least, search.measured(new int[][]{codes}, scale).error());
            }
        }
        return least;
    }

    @Test
    void weightsOnAGridAreKept() {
        SplittableRandom random = new SplittableRandom(7);
        Covariance covariance = Covariance.of(rows(random, 60, 12), 12, null);
        double[] weights = IntStream.range(0, 12).mapToDouble(k -> 0.25 * (k % 3 - 1)).toArray();
        CodeSearch search = new CodeSearch(TERNARY, List.of(new Output(weights, covariance)), true);
        Found best = search.best(search.rounded(1));
        assertThat(best.scale()).isCloseTo(0.25, within(1e-7));
        assertThat(best.codes()[0]).containsExactly(-1, 0, 1, -1, 0, 1, -1, 0, 1, -1, 0, 1);
    }

    /** Outputs that share a scale, and a scheme without one. */
    @Test
    void scalesAreSharedOrOne() {
        SplittableRandom random = new SplittableRandom(3);
        Covariance covariance = Covariance.of(rows(random, 60, 5), 5, null);
        List<Output> two = List.of(new Output(weights(random, 5), covariance),
                new Output(weights(random, 5), covariance));
        Found shared = new CodeSearch(TERNARY, two, true).best(new CodeSearch(TERNARY, two, true).rounded(1));
        assertThat(shared.codes()).hasNumberOfRows(2);
        Found fixed = new CodeSearch(TERNARY, two, false).best(new CodeSearch(TERNARY, two, false).rounded(1));
        assertThat(fixed.scale()).isEqualTo(1);
        assertThat(shared.error()).isLessThanOrEqualTo(fixed.error());
    }

    /** Of more inputs than are taken at once: the mean of products of values less their means. */
    @Test
    void momentsAreThoseOfTheDefinition() {
        int size = 37;
        float[][] rows = rows(new SplittableRandom(5), 50, size);
        double[] means = new double[size];
        for (float[] row : rows) {
            for (int k = 0; k < size; k++) {
                means[k] += row[k] / (double) rows.length;
            }
        }
        Covariance covariance = Covariance.of(rows, size, means);
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < i; j++) {
                double sum = 0;
                for (float[] row : rows) {
                    sum += (row[i] - means[i]) * (row[j] - means[j]);
                }
                assertThat(covariance.at(i, j)).isCloseTo(sum / rows.length, within(1e-12))
                        .isEqualTo(covariance.at(j, i));
            }
        }
    }

    /** Inputs that are the others' times two ask for half the weights. */
    @Test
    void matchedWeightsMakeUpForWhatBecameOfTheInputs() {
        SplittableRandom random = new SplittableRandom(11);
        float[][] real = new float[200][4];
        float[][] doubled = new float[real.length][4];
        for (int row = 0; row < real.length; row++) {
            for (int k = 0; k < 4; k++) {
                real[row][k] = (float) random.nextGaussian();
                doubled[row][k] = 2 * real[row][k];
            }
        }
        Covariance covariance = Covariance.of(doubled, 4, null);
        double[] weights = {1, -2, 3, 0};
        Covariance.Crossed output = Covariance.Crossed.of(doubled, real, weights, null, null);
        double[] matched = covariance.matched(output, weights);
        assertThat(output.power()).isCloseTo(14, within(3.0));
        assertThat(matched).containsExactly(new double[]{0.5, -1, 1.5, 0}, within(0.05));
    }
}
