package dev.tern.quantizer.series;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Measurements in their order.
 *
 * @param times when each was taken, as text that sorts as time does
 * @param values finite
 */
record Series(List<String> times, double[] values) {
    /** The share of a series that the benchmark lets detectors settle in. */
    private static final double PROBATION = 0.15;
    /** Beyond so many deviations a value is as strange as it can be. */
    private static final double REACH = 10;

    Series {
        times = List.copyOf(times);
    }

    /** From one time to another, both included. */
    record Span(String from, String to) {
    }

    /** @throws IOException naming the line that is no time and number; the text ends a sentence about the data set */
    static Series parse(String name, String text) throws IOException {
        List<String> times = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (number == 1 || line.isBlank()) {
                continue;
            }
            int comma = line.indexOf(',');
            double value = comma < 0 ? Double.NaN : number(line.substring(comma + 1));
            if (!Double.isFinite(value)) {
                throw new IOException("has data/" + name + ", whose line " + number + " is no time and number: "
                        + (line.length() > 60 ? line.substring(0, 60) + "..." : line));
            }
            times.add(line.substring(0, comma).strip());
            values.add(value);
        }
        return new Series(times, values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text.strip());
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /**
     * The values less the mean of the first {@value #PROBATION}, over their deviation, within -{@value #REACH} to
     * {@value #REACH}: what is known when the series begins.
     */
    float[] standardized() {
        int known = Math.max(1, (int) (values.length * PROBATION));
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < Math.min(known, values.length); i++) {
            sum += values[i];
            squares += values[i] * values[i];
        }
        double mean = sum / known;
        double deviation = Math.sqrt(Math.max(squares / known - mean * mean, 0));
        float[] result = new float[values.length];
        for (int i = 0; i < result.length; i++) {
            double scaled = (values[i] - mean) / (deviation > 0 ? deviation : 1);
            result[i] = (float) Math.max(-REACH, Math.min(REACH, scaled));
        }
        return result;
    }

    /** Whether one of the measurements {@code from} (inclusive) to {@code to} (exclusive) lies in one of the spans. */
    boolean touches(int from, int to, List<Span> spans) {
        String first = times.get(from);
        String last = times.get(to - 1);
        return spans.stream().anyMatch(span -> first.compareTo(span.to()) <= 0 && last.compareTo(span.from()) >= 0);
    }
}
