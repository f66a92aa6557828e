package dev.tern.compiler.testing.fuzz;

import dev.tern.compiler.testing.text.Choices;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** Looks for fewer and smaller decisions that still show what was found. */
final class Shrinker {
    private final Predicate<Choices> shows;
    private final long end;
    private List<Integer> best;
    private List<Choices.Span> spans;

    /**
     * @param found decisions that show it
     * @param shows whether others do; takes the decisions as it asks for them
     * @param seconds how long to look
     */
    Shrinker(Choices found, Predicate<Choices> shows, long seconds) {
        this.shows = shows;
        best = found.taken();
        spans = found.spans();
        end = System.nanoTime() + seconds * 1_000_000_000L;
    }

    /** The smallest decisions that were found. */
    List<Integer> smallest() {
        boolean smaller = true;
        while (smaller && !late()) {
            smaller = leaveOutSpans() | leaveOutRuns() | lower();
        }
        return best;
    }

    private boolean late() {
        return System.nanoTime() > end;
    }

    /** Tries decisions; keeps them, as far as they were asked for, if they show it and are smaller. */
    private boolean better(List<Integer> candidate) {
        if (late()) {
            return false;
        }
        Choices choices = Choices.again(candidate);
        if (!shows.test(choices) || !smaller(choices.taken(), best)) {
            return false;
        }
        best = choices.taken();
        spans = choices.spans();
        return true;
    }

    /** Shorter, or as long and earlier in the order of lists. */
    private static boolean smaller(List<Integer> a, List<Integer> b) {
        if (a.size() != b.size()) {
            return a.size() < b.size();
        }
        for (int i = 0; i < a.size(); i++) {
            int order = Integer.compare(a.get(i), b.get(i));
            if (order != 0) {
                return order < 0;
            }
        }
        return false;
    }

    private boolean leaveOutSpans() {
        boolean any = false;
        List<Choices.Span> greatest = new ArrayList<>(spans);
        greatest.sort(Comparator.comparingInt((Choices.Span s) -> s.from() - s.to()));
        for (Choices.Span span : greatest) {
            // After a success the spans lie elsewhere; what no longer fits is tried in the next round.
            if (span.to() <= best.size() && better(without(span.from(), span.to()))) {
                any = true;
            }
        }
        return any;
    }

    private boolean leaveOutRuns() {
        boolean any = false;
        for (int length = 8; length > 0; length /= 2) {
            for (int from = best.size() - length; from >= 0; from--) {
                if (from + length <= best.size() && better(without(from, from + length))) {
                    any = true;
                }
            }
        }
        return any;
    }

    private List<Integer> without(int from, int to) {
        List<Integer> rest = new ArrayList<>(best.subList(0, from));
        rest.addAll(best.subList(to, best.size()));
        return rest;
    }

    private boolean lower() {
        boolean any = false;
        for (int i = 0; i < best.size(); i++) {
            int now = best.get(i);
            if (now > 0 && !better(with(i, 0)) && !(now > 1 && better(with(i, now / 2))) && !better(with(i, now - 1))) {
                continue;
            }
            any |= now > 0;
        }
        return any;
    }

    private List<Integer> with(int index, int choice) {
        List<Integer> changed = new ArrayList<>(best);
        changed.set(index, choice);
        return changed;
    }
}
