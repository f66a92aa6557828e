package dev.tern.compiler.diagnostics;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds what a misspelt name may have meant, by Damerau-Levenshtein distance (adjacent letters may be swapped). */
public final class NearestNames {
    private static final int LONGEST = 120;
    private static final int LETTERS = 128;
    /** Candidates whose letters come nearest are compared letter by letter; a file may hold a great many names. */
    private static final int COMPARED = 200;

    private NearestNames() {
    }

    /** The candidates close enough to be a slip of the pen, nearest first, three at most. */
    public static List<String> similar(String name, Collection<String> candidates) {
        // Of a name of one or two letters nothing is left when one is wrong.
        int tolerance = name.length() < 3 ? 0 : Math.max(1, Math.min(LONGEST, name.length()) / 3);
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
        Comparator<Ranked> nearestFirst = Comparator.comparingInt(Ranked::distance).thenComparing(Ranked::name);
        return candidates.stream().map(c -> new Ranked(c, lettersApart(name, c))).sorted(nearestFirst).limit(COMPARED)
                .map(r -> new Ranked(r.name, distance(name, r.name))).sorted(nearestFirst).toList();
    }

    /** How far apart two names are if the order of letters did not matter: cheap, and never more than the distance. */
    private static int lettersApart(String first, String second) {
        int[] surplus = new int[LETTERS];
        for (int i = 0; i < Math.min(LONGEST, first.length()); i++) {
            surplus[Character.toLowerCase(first.charAt(i)) % LETTERS]++;
        }
        for (int i = 0; i < Math.min(LONGEST, second.length()); i++) {
            surplus[Character.toLowerCase(second.charAt(i)) % LETTERS]--;
        }
        int more = 0;
        int fewer = 0;
        for (int count : surplus) {
            more += Math.max(0, count);
            fewer += Math.max(0, -count);
        }
        return Math.max(more, fewer);
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
