package dev.tern.compiler.kernel.cost;

import dev.tern.compiler.target.Target;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the steps of products take on a target: one file for plain loops, one for small JVMs and one for each width of
 * vectors, which says what machine it was measured on. {@code CandidateTimes} and {@code FitCosts} of the benchmarks
 * make them anew.
 */
final class CostProfile {
    private static final Map<Integer, CostProfile> PROFILES = Map.of(0, read("plain"), 128, read("vector-128"), 256,
            read("vector-256"), 512, read("vector-512"));
    private static final CostProfile EDGE = read("edge");

    private final Map<Cost, Double> costs;
    private final Set<Cost> asked;

    private CostProfile(Map<Cost, Double> costs, Set<Cost> asked) {
        this.costs = costs;
        this.asked = asked;
    }

    static CostProfile of(Target target) {
        return target.edge() ? EDGE : PROFILES.get(target.vectorBits());
    }

    /** The target's profile, then all others, those of narrow vectors first. */
    static List<CostProfile> startingWith(Target target) {
        CostProfile own = of(target);
        List<CostProfile> all = new ArrayList<>(List.of(own));
        new TreeMap<>(PROFILES).values().stream().filter(other -> other != own).forEach(all::add);
        return all;
    }

    double of(Cost cost) {
        if (asked != null) {
            asked.add(cost);
        }
        return costs.get(cost);
    }

    /** The same, which notes what costs it is asked for. */
    CostProfile noting(Set<Cost> asked) {
        return new CostProfile(costs, asked);
    }

    /** The same with another cost. */
    CostProfile with(Cost cost, double nanoseconds) {
        Map<Cost, Double> others = new EnumMap<>(costs);
        others.put(cost, nanoseconds);
        return new CostProfile(others, null);
    }

    private static CostProfile read(String name) {
        Properties properties = new Properties();
        try (InputStream in = CostProfile.class.getResourceAsStream(name + ".properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<Cost, Double> costs = new EnumMap<>(Cost.class);
        for (Cost cost : Cost.values()) {
            costs.put(cost, Double.valueOf((String) properties.remove(cost.key())));
        }
        if (!properties.isEmpty()) {
            throw new IllegalStateException(name + " has costs of nothing: " + new TreeSet<>(properties.keySet()));
        }
        return new CostProfile(costs, null);
    }
}
