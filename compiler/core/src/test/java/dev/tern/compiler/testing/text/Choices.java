package dev.tern.compiler.testing.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * The decisions that make a random model, kept as numbers so that they can be taken again, or taken more simply: 0 is
 * the simplest of each, and a list of decisions that ends too soon goes on with zeros. That is how a model that shows a
 * fault becomes a small one (as in MacIver's Hypothesis): not by editing its text, but by deciding otherwise.
 */
public final class Choices {
    private final Random random;
    private final List<Integer> script;
    private final List<Integer> taken = new ArrayList<>();
    private final List<Span> spans = new ArrayList<>();

    /** Decisions that belong together, so that they can be left out together. */
    public record Span(int from, int to) {
    }

    private Choices(Random random, List<Integer> script) {
        this.random = random;
        this.script = script;
    }

    /** New decisions; the same for the same seed. */
    public static Choices of(long seed) {
        return new Choices(new Random(seed), List.of());
    }

    /** Decisions taken again. */
    public static Choices again(List<Integer> script) {
        return new Choices(null, script);
    }

    /** A number from 0 up to {@code bound}, which is not among them. */
    public int below(int bound) {
        int next = taken.size();
        int choice = random != null
                ? random.nextInt(bound)
                : next < script.size() ? script.get(next) % bound : 0;
        taken.add(choice);
        return choice;
    }

    /** True once in {@code n} times. */
    public boolean rarely(int n) {
        return below(n) == n - 1;
    }

    /** One of these; the first is the simplest. */
    @SafeVarargs
    public final <T> T of(T... options) {
        return options[below(options.length)];
    }

    /** A start for many numbers that need not be decided one by one. */
    public long seed() {
        return below(1 << 30);
    }

    /** Decisions that belong together. */
    public <T> T together(Supplier<T> decisions) {
        int from = taken.size();
        T result = decisions.get();
        spans.add(new Span(from, taken.size()));
        return result;
    }

    /** All decisions so far. */
    public List<Integer> taken() {
        return List.copyOf(taken);
    }

    /** The groups of decisions so far, inner ones before outer ones. */
    public List<Span> spans() {
        return List.copyOf(spans);
    }
}
