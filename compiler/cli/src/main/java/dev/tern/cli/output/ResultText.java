package dev.tern.cli.output;

import dev.tern.compiler.diagnostics.Printable;
import dev.tern.runtime.Signature;
import dev.tern.runtime.Signature.Port;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a model answered: vectors as bar charts, indices by their labels, anything larger in figures. */
public final class ResultText {
    private static final int FEW = 16;

    private ResultText() {
    }

    /** Prints every output under its name. */
    public static void print(Console console, Signature signature, Object[] outputs) {
        for (int i = 0; i < outputs.length; i++) {
            Port port = signature.outputs().get(i);
            switch (outputs[i]) {
                case float[] values when port.shape().size() == 1 && values.length > 1 -> {
                    console.out().println(port.name());
                    BarChart.print(console, values, port.labels().stream().map(Printable::of).toList());
                }
                case float[] values -> console.out().println(port + "  " + reals(values));
                case int[] values -> console.out().println(port.name() + "  " + indices(port, values));
                case byte[] values -> console.out().println(port + "  " + bytes(port, values));
                default -> throw new IllegalArgumentException("output " + outputs[i].getClass());
            }
        }
    }

    private static String reals(float[] values) {
        if (values.length <= FEW) {
            return IntStream.range(0, values.length).mapToObj(i -> Float.toString(values[i]))
                    .collect(Collectors.joining(" "));
        }
        double sum = 0;
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            sum += value;
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        return String.format(Locale.ROOT, "lowest %.4g, highest %.4g, mean %.4g (--json prints all %,d values)", low,
                high, sum / values.length, values.length);
    }

    private static String indices(Port port, int[] values) {
        if (values.length > FEW) {
            return values.length + " indices (--json prints them)";
        }
        return IntStream.of(values).mapToObj(i -> i >= 0 && i < port.labels().size()
                ? Printable.of(port.labels().get(i))
                : "" + i)
                .collect(Collectors.joining(" "));
    }

    private static String bytes(Port port, byte[] values) {
        return values.length > FEW
                ? values.length + " bytes (--json prints them)"
                : IntStream.of(integers(port, values)).mapToObj(Integer::toString).collect(Collectors.joining(" "));
    }

    private static int[] integers(Port port, byte[] values) {
        int[] integers = new int[values.length];
        for (int i = 0; i < integers.length; i++) {
            integers[i] = port.element() == dev.tern.runtime.Element.U8 ? values[i] & 0xff : values[i];
        }
        return integers;
    }

    /** One object per output: name, element, shape, values, and of scores the winner with its label. */
    public static List<Map<String, Object>> toJson(Signature signature, Object[] outputs) {
        return IntStream.range(0, outputs.length)
                .mapToObj(i -> toJson(signature.outputs().get(i), outputs[i])).toList();
    }

    private static Map<String, Object> toJson(Port port, Object values) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", port.name());
        object.put("element", port.element().toString());
        object.put("shape", port.shape());
        object.put("values", values instanceof byte[] bytes ? integers(port, bytes) : values);
        if (!port.labels().isEmpty()) {
            object.put("labels", port.labels());
        }
        if (values instanceof float[] scores && port.shape().size() == 1 && scores.length > 1) {
            int winner = BarChart.winner(scores);
            object.put("winner", winner);
            if (winner >= 0 && !port.labels().isEmpty()) {
                object.put("label", port.labels().get(winner));
            }
        }
        return object;
    }
}
