package dev.tern.cli.output;

import dev.tern.quantizer.calibration.CalibratedRange;
import dev.tern.quantizer.evaluation.Accuracy;
import dev.tern.quantizer.evaluation.RightByRanges;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Calibrated ranges, and static beside dynamic quantization on changed inputs. */
public final class RangeTable {
    private RangeTable() {
    }

    /** One line for each range. */
    public static List<String> lines(List<CalibratedRange> ranges) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("range", "rule", "bits", "low", "high", "least", "greatest", "in sample", "outside", "static",
                "dynamic"));
        for (CalibratedRange found : ranges) {
            rows.add(List.of(found.path(), found.rule().word(), Integer.toString(found.bits()),
                    number(found.range().low()), number(found.range().high()), number(found.seen().low()),
                    number(found.seen().high()), Integer.toString(found.extremeSample()),
                    String.format(Locale.ROOT, "%.3f%%", 100 * found.outside()), decibels(found.fixed().decibels()),
                    decibels(found.dynamic().decibels())));
        }
        return TextTable.lines(rows, 2);
    }

    /**
     * For each change of the inputs the signal to quantization noise of each range, static / dynamic, and how many
     * examples are answered right.
     *
     * @param answers by the same changes, or none
     */
    public static List<String> comparison(Map<String, List<CalibratedRange>> byChange,
            Map<String, RightByRanges> answers) {
        List<List<String>> rows = new ArrayList<>();
        List<String> heading = new ArrayList<>(List.of("static / dynamic"));
        heading.addAll(byChange.keySet());
        rows.add(heading);
        List<CalibratedRange> first = byChange.values().iterator().next();
        for (int i = 0; i < first.size(); i++) {
            List<String> row = new ArrayList<>(List.of(first.get(i).path()));
            for (List<CalibratedRange> measured : byChange.values()) {
                row.add(decibels(measured.get(i).fixed().decibels()) + " / "
                        + decibels(measured.get(i).dynamic().decibels()));
            }
            rows.add(row);
        }
        if (!answers.isEmpty()) {
            rows.add(right("right: float", answers, RightByRanges::real));
            rows.add(right("right: static", answers, RightByRanges::fixed));
            rows.add(right("right: dynamic", answers, RightByRanges::dynamic));
        }
        return TextTable.lines(rows, 1);
    }

    private static List<String> right(String name, Map<String, RightByRanges> answers,
            Function<RightByRanges, Accuracy> model) {
        List<String> row = new ArrayList<>(List.of(name));
        answers.values().forEach(each -> row.add(String.format(Locale.ROOT, "%.2f%%",
                100 * model.apply(each).share())));
        return row;
    }

    /** The entries of what is right under one change in JSON, as shares. */
    public static Map<String, Object> json(RightByRanges right) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("examples", right.real().examples());
        entry.put("float", right.real().share());
        entry.put("static", right.fixed().share());
        entry.put("dynamic", right.dynamic().share());
        return entry;
    }

    /** The entries of one range in JSON; decibels are null where there is no noise or no signal. */
    public static Map<String, Object> json(CalibratedRange found) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("range", found.path());
        entry.put("rule", found.rule().word());
        entry.put("bits", found.bits());
        entry.put("low", found.range().low());
        entry.put("high", found.range().high());
        entry.put("least", found.seen().low());
        entry.put("greatest", found.seen().high());
        entry.put("inSample", found.extremeSample());
        entry.put("outside", found.outside());
        entry.put("staticDecibels", finite(found.fixed().decibels()));
        entry.put("dynamicDecibels", finite(found.dynamic().decibels()));
        return entry;
    }

    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private static String number(float value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }

    private static String decibels(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.1f dB", value) : "exact";
    }
}
