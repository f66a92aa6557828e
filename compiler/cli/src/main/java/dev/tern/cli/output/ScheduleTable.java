package dev.tern.cli.output;

import dev.tern.compiler.ProductReport;
import dev.tern.compiler.kernel.cost.CostModel.Candidate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How a product is computed and why: the schedule that was chosen beside those that were not. */
final class ScheduleTable {
    /** Others that are shown; the rest are only counted. */
    private static final int OTHERS = 4;

    private ScheduleTable() {
    }

    /** A line for the shape, one for the schedule, and one for each of the cheapest others. */
    static List<String> lines(ProductReport product) {
        List<String> lines = new ArrayList<>(List.of("  " + product.shape()));
        List<Candidate> others = product.others();
        List<Candidate> shown = others.subList(0, Math.min(OTHERS, others.size()));
        int width = shown.stream().mapToInt(candidate -> name(candidate).length()).max().orElse(0);
        width = Math.max(width, name(product.chosen()).length());
        lines.add(line("runs as", product.chosen(), width) + " predicted" + (product.measuredNanos().isPresent()
                ? ", " + Nanos.text(product.measuredNanos().getAsDouble()) + " measured by tern tune"
                : ""));
        for (int i = 0; i < shown.size(); i++) {
            lines.add(line(i == 0 ? "not as" : "", shown.get(i), width));
        }
        if (others.size() > shown.size()) {
            lines.add("             and " + (others.size() - shown.size()) + " others, from "
                    + Nanos.text(others.get(shown.size()).nanoseconds()));
        }
        return lines;
    }

    private static String name(Candidate candidate) {
        return candidate.schedule().toString();
    }

    private static String line(String what, Candidate candidate, int width) {
        String name = name(candidate);
        return String.format(Locale.ROOT, "    %-9s%s%s  %10s", what, name, " ".repeat(width - name.length()),
                Nanos.text(candidate.nanoseconds()));
    }

    /** The same for programs, with every candidate. */
    static Map<String, Object> toJson(ProductReport product) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("shape", product.shape().toString());
        object.put("schedule", product.schedule().toString());
        product.measuredNanos().ifPresent(nanoseconds -> object.put("measuredNanos", nanoseconds));
        object.put("candidates", product.candidates().stream().map(candidate -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("schedule", name(candidate));
            one.put("predictedNanos", candidate.nanoseconds());
            one.put("weightBytes", candidate.weightBytes());
            return one;
        }).toList());
        return object;
    }
}
