package dev.tern.cli.output;

import dev.tern.cli.measure.EdgeSuite;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** A suite's networks, one a line. */
public final class SuiteTable {
    private static final List<String> HEADINGS = List.of("network", "multiply-adds", "median", "p99", "weights", "code",
            "memory", "share of time", "ORT f32", "ORT int8");

    private SuiteTable() {
    }

    /** Prints all that was measured. */
    public static void print(Console console, List<EdgeSuite.Result> results) {
        List<List<String>> cells = new ArrayList<>(List.of(HEADINGS));
        for (EdgeSuite.Result result : results) {
            cells.add(List.of(result.name(), count(result.multiplyAdds()), Nanos.text(result.latency().medianNanos()),
                    Nanos.text(result.latency().p99Nanos()),
                    count(result.footprint().codes() + result.footprint().tables()), count(result.footprint().code()),
                    count(result.footprint().arena().bytes()), shares(result), time(result.peerFloat()),
                    time(result.peerInt8())));
        }
        TextTable.lines(cells, 1).forEach(console.out()::println);
        if (results.stream().anyMatch(result -> result.peerFloat().isPresent())) {
            console.out().println("ORT: the reference network in ONNX Runtime, one thread, the same JVM; of a stream a"
                    + " whole window");
        }
        if (results.stream().anyMatch(EdgeSuite.Result::random)) {
            console.out().println("parameters are random where there is no file of trained ones; bytes of flash and"
                    + " memory");
        }
    }

    private static String time(OptionalDouble nanos) {
        return nanos.isPresent() ? Nanos.text(nanos.getAsDouble()) : "-";
    }

    private static String shares(EdgeSuite.Result result) {
        double all = result.nanosByOp().values().stream().mapToDouble(nanos -> nanos).sum();
        return result.nanosByOp().entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder())).limit(3)
                .map(op -> op.getKey() + String.format(Locale.ROOT, " %.0f %%", 100 * op.getValue() / all))
                .collect(Collectors.joining(", "));
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** The same for programs. */
    public static List<Map<String, Object>> toJson(List<EdgeSuite.Result> results) {
        return results.stream().map(result -> {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("network", result.name());
            object.put("randomParameters", result.random());
            object.put("multiplyAdds", result.multiplyAdds());
            object.put("medianNanos", result.latency().medianNanos());
            object.put("p99Nanos", result.latency().p99Nanos());
            object.put("weightBytes", result.footprint().codes() + result.footprint().tables());
            object.put("codeBytes", result.footprint().code());
            object.put("arenaBytes", result.footprint().arena().bytes());
            object.put("nanosByOp", result.nanosByOp());
            result.peerFloat().ifPresent(nanos -> object.put("onnxRuntimeFloatNanos", nanos));
            result.peerInt8().ifPresent(nanos -> object.put("onnxRuntimeInt8Nanos", nanos));
            return object;
        }).toList();
    }
}
