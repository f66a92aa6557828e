package dev.tern.compiler.diagnostics;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds what a misspelt name may have meant, by Damerau-Levenshtein distance (adjacent letters may be swapped). */
public final class NearestNames {
    private static final int LONGEST = 120;
    private static final int MOST = 4000;

    private NearestNames() {
    }

    /** The candidates close enough to be a slip of the pen, nearest first, three at most. */
    public static List<String> similar(String name, Collection<String> candidates) {
        int tolerance = Math.max(1, name.length() / 3);
        return ranked(name, candidates).stream().filter(r -> r.distance <= tolerance).limit(3).map(Ranked::name)
                .toList();
    }

    /** The nearest candidates however far they are. */
    public static List<String> nearest(String name, Collection<String> candidates, int count) {
        return ranked(name, candidates).stream().limit(count).map(Ranked::name).toList();
    }

    /** {@code did you mean `conv` or `conv1d`?}; empty where nothing is similar. */
    public static String question(List<String> similar) {
        if (similar.isEmpty()) {
            return "";
        }
        return "did you mean `" + String.join("` or `", similar) + "`?";
    }

    private record Ranked(String name, int distance) {
    }

    private static List<Ranked> ranked(String name, Collection<String> candidates) {
        return candidates.stream().limit(MOST).map(c -> new Ranked(c, distance(name, c)))
                .sorted(Comparator.comparingInt(Ranked::distance).thenComparing(Ranked::name)).toList();
    }

    private static int distance(String first, String second) {
        String a = first.substring(0, Math.min(LONGEST, first.length())).toLowerCase(Locale.ROOT);
        String b = second.substring(0, Math.min(LONGEST, second.length())).toLowerCase(Locale.ROOT);
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, a, b, i, j);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int step(int[][] cost, String a, String b, int i, int j) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(cost[i - 1][j - 1] + change, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
            best = Math.min(best, cost[i - 2][j - 2] + 1);
        }
        return best;
    }
}
