package dev.tern.compiler.analysis.resolve;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which blocks apply which, and whether one comes back to itself. No recursion: a file may hold any number. */
final class BlockCycles {
    private final Map<String, Set<String>> uses = new HashMap<>();

    void add(String block, Set<String> applied) {
        uses.put(block, applied);
    }

    /** The blocks from which no path comes to an end, each with a way back to itself or into a circle. */
    Set<String> endless() {
        Map<String, Integer> open = new HashMap<>();
        Map<String, List<String>> users = new HashMap<>();
        Deque<String> done = new ArrayDeque<>();
        for (Map.Entry<String, Set<String>> entry : uses.entrySet()) {
            List<String> known = entry.getValue().stream().filter(uses::containsKey).toList();
            open.put(entry.getKey(), known.size());
            known.forEach(used -> users.computeIfAbsent(used, _ -> new ArrayList<>()).add(entry.getKey()));
            if (known.isEmpty()) {
                done.add(entry.getKey());
            }
        }
        Set<String> endless = new TreeSet<>(uses.keySet());
        while (!done.isEmpty()) {
            String block = done.remove();
            endless.remove(block);
            for (String user : users.getOrDefault(block, List.of())) {
                if (open.merge(user, -1, Integer::sum) == 0) {
                    done.add(user);
                }
            }
        }
        return endless;
    }

    /** A circle for each group of endless blocks: {@code [A, B, A]}. */
    List<List<String>> circles(Set<String> endless) {
        List<List<String>> circles = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String start : endless) {
            List<String> way = new ArrayList<>();
            String at = start;
            while (seen.add(at)) {
                way.add(at);
                // Every endless block applies an endless one, so this walk meets itself or an earlier one.
                at = uses.get(at).stream().filter(endless::contains).sorted().findFirst().orElseThrow();
            }
            int from = way.indexOf(at);
            if (from >= 0) {
                List<String> circle = new ArrayList<>(way.subList(from, way.size()));
                circle.add(at);
                circles.add(circle);
            }
        }
        return circles;
    }
}
