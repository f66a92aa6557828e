package dev.tern.cli.output;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.LayerReport;
import dev.tern.compiler.TimeOutsideLowBits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where a model spends its time: each layer as it was measured alone, beside what is predicted of it. */
public final class TimeTable {
    private TimeTable() {
    }

    /** @param measured nanoseconds by the paths of layers */
    public static void print(Console console, Compilation compilation, Map<String, Double> measured) {
        double all = measured.values().stream().mapToDouble(nanos -> nanos).sum();
        List<List<String>> cells = new ArrayList<>();
        cells.add(List.of("layer", "op", "measured", "share", "predicted", "bound by"));
        for (LayerReport report : compilation.layers()) {
            Double nanos = measured.get(report.layer().path());
            if (nanos != null) {
                cells.add(List.of(report.layer().path(), report.layer().op(), Nanos.text(nanos),
                        percent(nanos / all), Nanos.text(report.predictedNanos()), bound(report)));
            }
        }
        cells.add(List.of("together", "", Nanos.text(all), "", Nanos.text(compilation.layers().stream()
                .mapToDouble(LayerReport::predictedNanos).sum()), ""));
        TextTable.lines(cells, 2).forEach(console.out()::println);
        TimeOutsideLowBits.of(compilation.layers(), layer -> measured.getOrDefault(layer.layer().path(), 0.0),
                "measured").ifPresent(console.out()::println);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    /** What most of a layer's time is predicted to go into: its products, or what is done to each element. */
    static String bound(LayerReport report) {
        return report.boundByProducts() ? "products" : "elements";
    }

    /** The same for programs. */
    public static List<Map<String, Object>> toJson(Compilation compilation, Map<String, Double> measured) {
        List<Map<String, Object>> layers = new ArrayList<>();
        for (LayerReport report : compilation.layers()) {
            Double nanos = measured.get(report.layer().path());
            if (nanos != null) {
                Map<String, Object> layer = new LinkedHashMap<>();
                layer.put("path", report.layer().path());
                layer.put("op", report.layer().op());
                layer.put("measuredNanos", nanos);
                layer.put("predictedNanos", report.predictedNanos());
                layer.put("boundBy", bound(report));
                layers.add(layer);
            }
        }
        return layers;
    }
}
