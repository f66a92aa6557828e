package dev.tern.quantizer.scheme;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The choices, one at each place, whose errors together are least while their bytes keep a budget; exact, by keeping of
 * the choices at the first places those that no other beats in both.
 */
final class BudgetedChoice {
    /** One of the choices at a place. @param error what it adds to the error by itself */
    record Option(long bytes, double error) {
    }

    /** Choices at the first places. @param last at the last of them @param before at those before it, or null */
    private record Partial(long bytes, double error, int last, Partial before) {
    }

    private BudgetedChoice() {
    }

    /**
     * @param places the options of each
     * @param budget in bytes
     * @return for each place the index of its option; empty if nothing keeps the budget
     */
    static Optional<int[]> best(List<List<Option>> places, long budget) {
        List<Partial> kept = List.of(new Partial(0, 0, -1, null));
        for (List<Option> options : places) {
            List<Partial> all = new ArrayList<>();
            for (Partial partial : kept) {
                for (int i = 0; i < options.size(); i++) {
                    Option option = options.get(i);
                    long bytes = partial.bytes + option.bytes;
                    all.add(new Partial(bytes, partial.error + option.error, i, partial));
                }
            }
            all.sort(Comparator.comparingLong(Partial::bytes).thenComparingDouble(Partial::error));
            List<Partial> next = new ArrayList<>();
            for (Partial partial : all) {
                if (next.isEmpty() || partial.error < next.getLast().error) {
                    next.add(partial);
                }
            }
            kept = next;
        }
        return kept.stream().filter(partial -> partial.bytes <= budget).reduce((_, last) -> last).map(found -> {
            int[] choices = new int[places.size()];
            Partial at = found;
            for (int place = choices.length - 1; place >= 0; place--) {
                choices[place] = at.last;
                at = at.before;
            }
            return choices;
        });
    }
}
