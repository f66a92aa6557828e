package dev.tern.compiler.testing.fuzz;

import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.text.Choices;
import java.util.List;

/** Says what was found, with the smallest model that shows it. */
final class Minimal {
    private Minimal() {
    }

    /** @param seconds how long to look for smaller models */
    static String of(Choices choices, Outcome.Found found, List<Target> targets, long seconds) {
        Counts ignored = new Counts();
        String text = new FuzzCase(Choices.again(choices.taken()), targets, ignored).text();
        List<Integer> smallest = new Shrinker(choices,
                c -> new FuzzCase(c, targets, ignored).run() instanceof Outcome.Found f
                        && f.kind().equals(found.kind()),
                seconds).smallest();
        FuzzCase small = new FuzzCase(Choices.again(smallest), targets, ignored);
        String shown = small.run() instanceof Outcome.Found(String _, String report) ? report : "";
        return found.kind() + "\n\n" + small.text() + "\n" + shown + "\n\ndecisions " + smallest
                + "\n\nthe model as it was found:\n\n" + text + "\n" + found.report();
    }
}
