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

/** A suite's networks, one a line, each printed when it has been measured. */
public final class SuiteTable {
    private static final List<String> HEADINGS = List.of("network", "multiply-adds", "median", "p99", "weights", "code",
            "memory", "ORT f32", "ORT int8", "  share of time");
    private static final int[] WIDTHS = {13, 13, 8, 8, 10, 7, 9, 15, 15, 0};

    private final Console console;

    public SuiteTable(Console console) {
        this.console = console;
    }

    /** Begins the table. */
    public void begin() {
        line(HEADINGS);
    }

    /** Prints what was measured of a network. */
    public void add(EdgeSuite.Result result) {
        line(List.of(result.name(), count(result.multiplyAdds()), Nanos.text(result.latency().medianNanos()),
                Nanos.text(result.latency().p99Nanos()),
                count(result.footprint().codes() + result.footprint().tables()), count(result.footprint().code()),
                count(result.footprint().arena().bytes()), beside(result.peerFloat(), result),
                beside(result.peerInt8(), result), "  " + shares(result)));
        result.doubts().forEach(doubt -> console.out().println("  doubtful: " + doubt));
        console.out().flush();
    }

    private void line(List<String> cells) {
        console.out().println(TextTable.line(cells, WIDTHS, 1));
    }

    /** Says what the columns are. */
    public void end(List<EdgeSuite.Result> results) {
        if (results.stream().anyMatch(result -> result.peerFloat().isPresent())) {
            console.out().println("ORT: the reference network in ONNX Runtime, one thread, the same JVM, and how many"
                    + " times as long that takes; of a stream a whole window");
        }
        console.out().println("weights, code and memory in bytes; share of time: of layers that were measured alone");
        if (results.stream().anyMatch(EdgeSuite.Result::random)) {
            console.out().println("parameters are random where there is no file of trained ones");
        }
    }

    private static String beside(OptionalDouble peer, EdgeSuite.Result result) {
        return peer.isPresent()
                ? String.format(Locale.ROOT, "%s %5.2fx", Nanos.text(peer.getAsDouble()),
                        peer.getAsDouble() / result.latency().medianNanos())
                : "-";
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
        List<Map<String, Object>> networks = new ArrayList<>();
        for (EdgeSuite.Result result : results) {
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
            object.put("doubts", result.doubts());
            networks.add(object);
        }
        return networks;
    }
}
