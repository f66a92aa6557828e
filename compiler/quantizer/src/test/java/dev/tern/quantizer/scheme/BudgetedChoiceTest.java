package dev.tern.quantizer.scheme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.quantizer.scheme.BudgetedChoice.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BudgetedChoiceTest {
    @Test
    void takesWhatTheBudgetHolds() {
        List<List<Option>> places = List.of(List.of(new Option(10, 5), new Option(20, 1)),
                List.of(new Option(10, 4), new Option(20, 1)));
        assertThat(BudgetedChoice.best(places, 19)).isEmpty();
        assertThat(BudgetedChoice.best(places, 20)).hasValue(new int[]{0, 0});
        assertThat(BudgetedChoice.best(places, 30)).hasValue(new int[]{1, 0});
        assertThat(BudgetedChoice.best(places, 40)).hasValue(new int[]{1, 1});
    }

    @Test
    void isTheBestOfAll() {
        for (int seed = 0; seed < 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<List<Option>> places = new ArrayList<>();
            for (int place = 0; place < 6; place++) {
                List<Option> options = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    options.add(new Option(random.nextInt(1, 50), random.nextDouble()));
                }
                places.add(options);
            }
            long budget = random.nextInt(60, 200);
            Optional<int[]> found = BudgetedChoice.best(places, budget);
            double least = least(places, budget, 0);
            assertThat(found.isPresent()).isEqualTo(least < Double.POSITIVE_INFINITY);
            found.ifPresent(choices -> {
                long bytes = 0;
                double error = 0;
                for (int place = 0; place < choices.length; place++) {
                    bytes += places.get(place).get(choices[place]).bytes();
                    error += places.get(place).get(choices[place]).error();
                }
                assertThat(bytes).isLessThanOrEqualTo(budget);
                assertThat(error).isEqualTo(least);
            });
        }
    }

    private static double least(List<List<Option>> places, long budget, double error) {
        if (budget < 0) {
            return Double.POSITIVE_INFINITY;
        }
        return places.isEmpty()
                ? error
                : places.getFirst().stream()
                        .mapToDouble(option -> least(places.subList(1, places.size()), budget - option.bytes(),
                                error + option.error()))
                        .min().orElseThrow();
    }
}
