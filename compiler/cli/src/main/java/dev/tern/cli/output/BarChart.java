package dev.tern.cli.output;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Scores as horizontal bars from a common zero, the greatest marked. Up to {@value #ALL} in their own order; of more
 * than that the greatest {@value #TOP}. Scores that are shares of one (softmax) are shown in percent.
 */
public final class BarChart {
    private static final int ALL = 20;
    private static final int TOP = 10;
    private static final int WIDTH = 40;
    private static final int LABEL_WIDTH = 24;
    private static final String[] EIGHTHS = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};

    private final Console console;
    private final float[] scores;
    private final List<String> labels;
    private final boolean shares;

    private BarChart(Console console, float[] scores, List<String> labels) {
        this.console = console;
        this.scores = scores;
        this.labels = labels;
        this.shares = areShares(scores);
    }

    /**
     * Prints the chart.
     *
     * @param labels one per score, or empty to number them from 0
     */
    public static void print(Console console, float[] scores, List<String> labels) {
        new BarChart(console, scores, labels).print();
    }

    /** The index of the first greatest score; -1 if there is none. */
    public static int winner(float[] scores) {
        int best = -1;
        for (int i = 0; i < scores.length; i++) {
            if (best < 0 ? !Float.isNaN(scores[i]) : scores[i] > scores[best]) {
                best = i;
            }
        }
        return best;
    }

    /** The indices of the greatest scores, greatest first, the earlier first among equals. */
    public static List<Integer> ranking(float[] scores, int count) {
        return IntStream.range(0, scores.length).boxed()
                .sorted(Comparator.<Integer>comparingDouble(i -> Float.isNaN(scores[i]) ? 1 : 0)
                        .thenComparing(i -> -scores[i]))
                .limit(count).toList();
    }

    private void print() {
        boolean all = scores.length <= ALL;
        List<Integer> shown = all ? IntStream.range(0, scores.length).boxed().toList() : ranking(scores, TOP);
        List<String> names = shown.stream().map(this::name).toList();
        List<String> numbers = shown.stream().map(i -> number(scores[i])).toList();
        int nameWidth = names.stream().mapToInt(String::length).max().orElse(0);
        int numberWidth = numbers.stream().mapToInt(String::length).max().orElse(0);
        List<String> bars = bars(shown);
        int winner = winner(scores);
        for (int row = 0; row < shown.size(); row++) {
            boolean won = shown.get(row) == winner;
            String mark = won ? console.unicode() ? "▶" : ">" : " ";
            String line = mark + " " + names.get(row) + " ".repeat(nameWidth - names.get(row).length()) + "  "
                    + bars.get(row) + "  " + " ".repeat(numberWidth - numbers.get(row).length()) + numbers.get(row);
            console.out().println(won ? console.bold(line) : line);
        }
        if (!all) {
            console.out().println("  (the greatest " + TOP + " of " + scores.length + ")");
        }
    }

    private String name(int index) {
        String name = labels.isEmpty() ? Integer.toString(index) : labels.get(index);
        return name.length() <= LABEL_WIDTH
                ? name
                : name.substring(0, LABEL_WIDTH - 3) + "...";
    }

    private String number(float score) {
        if (shares) {
            return String.format(Locale.ROOT, "%.1f%%", score * 100);
        }
        double size = Math.abs(scores[Math.max(0, winner(scores))]);
        return String.format(Locale.ROOT, size >= 1e5 || size > 0 && size < 1e-2 ? "%.3e" : "%.2f", score);
    }

    private static boolean areShares(float[] scores) {
        double sum = 0;
        for (float score : scores) {
            if (!(score >= 0 && score <= 1)) {
                return false;
            }
            sum += score;
        }
        return scores.length > 1 && Math.abs(sum - 1) < 1e-3;
    }

    private List<String> bars(List<Integer> shown) {
        double low = 0;
        double high = shares ? 1 : 0;
        for (int index : shown) {
            if (Float.isFinite(scores[index])) {
                low = Math.min(low, scores[index]);
                high = Math.max(high, scores[index]);
            }
        }
        double unit = high > low ? WIDTH / (high - low) : 0;
        int left = (int) Math.ceil(-low * unit);
        int right = WIDTH - Math.min(left, WIDTH);
        List<String> bars = new ArrayList<>();
        for (int index : shown) {
            double length = Float.isFinite(scores[index]) ? scores[index] * unit : 0;
            bars.add(negative(-length, left) + (left > 0 ? axis() : "") + positive(length, right));
        }
        return bars;
    }

    private String axis() {
        return console.unicode() ? "│" : "|";
    }

    /** A bar that grows from right to left: block characters have halves only on that side. */
    private String negative(double length, int width) {
        double shown = Math.clamp(length, 0, width);
        int halves = (int) Math.round(shown * 2);
        String bar = console.unicode()
                ? (halves % 2 == 1 ? "▐" : "") + "█".repeat(halves / 2)
                : "#".repeat((int) Math.round(shown));
        return " ".repeat(width - bar.length()) + bar;
    }

    private String positive(double length, int width) {
        double shown = Math.clamp(length, 0, width);
        int eighths = (int) Math.round(shown * 8);
        String bar = console.unicode()
                ? "█".repeat(eighths / 8) + EIGHTHS[eighths % 8]
                : "#".repeat((int) Math.round(shown));
        return bar + " ".repeat(width - bar.length());
    }
}
