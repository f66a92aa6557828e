package dev.tern.cli.output;

import dev.tern.compiler.graph.WeightScheme;
import dev.tern.quantizer.posttraining.LayerFit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How well quantized layers do what the float ones do. */
public final class FitTable {
    private FitTable() {
    }

    /** One line for each layer. */
    public static List<String> lines(List<LayerFit> layers) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("weights", "scheme", "signal to noise", "by the formula"));
        for (LayerFit layer : layers) {
            rows.add(List.of(layer.path(), scheme(layer.scheme()), decibels(layer.signalToNoise()),
                    decibels(layer.formulaSignalToNoise())));
        }
        return TextTable.lines(rows, 2);
    }

    /** In JSON; decibels are null where there is no noise. */
    public static List<Map<String, Object>> json(List<LayerFit> layers) {
        return layers.stream().map(layer -> {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("weights", layer.path());
            entry.put("scheme", scheme(layer.scheme()));
            entry.put("decibels", finite(layer.signalToNoise()));
            entry.put("formulaDecibels", finite(layer.formulaSignalToNoise()));
            return entry;
        }).toList();
    }

    private static String scheme(WeightScheme scheme) {
        return switch (scheme) {
            case WeightScheme.Binary _ -> "binary";
            case WeightScheme.Ternary _ -> "ternary";
            case WeightScheme.Integer(int bits, _) -> "int(" + bits + ")";
            case WeightScheme.Asymmetric(int bits, _) -> "int(" + bits + ", asymmetric)";
            case WeightScheme.Floating _ -> "float";
        };
    }

    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private static String decibels(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.1f dB", value) : "exact";
    }
}
