package dev.tern.cli.output;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.LayerReport;
import dev.tern.compiler.Stage;
import dev.tern.compiler.TimeOutsideLowBits;
import dev.tern.compiler.kernel.Bank;
import dev.tern.runtime.Signature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A compiled model layer by layer. */
public final class LayerTable {
    private static final List<String> HEADINGS = List.of("layer", "op", "shape", "weights", "activations", "bytes",
            "arena", "binary MACs", "other MACs", "predicted");
    /** The columns from here on are numbers and stand to the right. */
    private static final int NUMBERS = 5;

    private LayerTable() {
    }

    /** Prints the table, what each layer became, and the totals. */
    public static void print(Console console, Compilation compilation) {
        Signature signature = compilation.weights().signature();
        console.out().println(signature);
        if (!signature.documentation().isEmpty()) {
            console.out().println(signature.documentation().indent(2).stripTrailing());
        }
        console.out().println();
        rows(compilation).forEach(console.out()::println);
        TimeOutsideLowBits.of(compilation.layers(), LayerReport::predictedNanos, "predicted")
                .ifPresent(console.out()::println);
        console.out().println();
        for (LayerReport layer : compilation.layers()) {
            console.out().println(layer.layer().path() + ": "
                    + (layer.kernels().isEmpty()
                            ? "no kernel of its own"
                            : String.join(", ", layer.kernels()) + "; bound by " + TimeTable.bound(layer)));
            layer.products().forEach(product -> ScheduleTable.lines(product).forEach(console.out()::println));
            if (!layer.passes().isEmpty()) {
                console.out().println("  changed by " + String.join(", ", layer.passes()));
            }
        }
        console.out().println();
        console.out().printf(Locale.ROOT,
                "weights %,d bytes in a file, %,d in memory, arena %,d bytes (%s), %d kernels, %s%n",
                compilation.flashBytes(), signature.weightBytes(), signature.arenaBytes(), banks(compilation),
                compilation.program().kernels().size(), FootprintTable.code(signature));
        console.out().println(FootprintTable.line(compilation.footprint()));
        console.out().println("passes " + passes(compilation));
    }

    private static List<String> rows(Compilation compilation) {
        List<List<String>> cells = new ArrayList<>(List.of(HEADINGS));
        long binary = 0;
        long other = 0;
        for (LayerReport report : compilation.layers()) {
            Signature.LayerSummary layer = report.layer();
            binary += report.binaryMultiplyAdds();
            other += report.otherMultiplyAdds();
            cells.add(List.of(layer.path(), layer.op(), layer.shape().toString(), layer.weights(), layer.activations(),
                    count(layer.weightBytes()), count(report.arenaBytes()), count(report.binaryMultiplyAdds()),
                    count(report.otherMultiplyAdds()), time(report.predictedNanos())));
        }
        long bytes = compilation.layers().stream().mapToLong(report -> report.layer().weightBytes()).sum();
        cells.add(List.of("together", "", "", "", "", count(bytes),
                count(compilation.weights().signature().arenaBytes()), count(binary), count(other),
                time(compilation.layers().stream().mapToDouble(LayerReport::predictedNanos).sum())));
        return TextTable.lines(cells, NUMBERS);
    }

    private static String count(long number) {
        return number == 0 ? "-" : String.format(Locale.ROOT, "%,d", number);
    }

    private static String time(double nanos) {
        return nanos == 0 ? "-" : Nanos.text(nanos);
    }

    private static String banks(Compilation compilation) {
        List<String> parts = new ArrayList<>();
        for (Bank bank : Bank.values()) {
            int length = compilation.program().arenaLength(bank) + compilation.program().workLength(bank);
            if (length > 0) {
                parts.add(String.format(Locale.ROOT, "%,d %s", length, bank.name().toLowerCase(Locale.ROOT)));
            }
        }
        return String.join(", ", parts);
    }

    private static String passes(Compilation compilation) {
        return compilation.stages().stream().map(Stage::pass).distinct().collect(Collectors.joining(", "));
    }

    /** The same for programs. */
    public static Map<String, Object> toJson(Compilation compilation) {
        Signature signature = compilation.weights().signature();
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("model", signature.model());
        object.put("signature", signature.toString());
        object.put("documentation", signature.documentation());
        object.put("flashBytes", compilation.flashBytes());
        object.put("weightBytes", signature.weightBytes());
        object.put("arenaBytes", signature.arenaBytes());
        object.put("variant", signature.variant());
        object.put("kernels", compilation.program().kernels().size());
        object.put("passes", compilation.stages().stream().map(Stage::pass).distinct().toList());
        TimeOutsideLowBits.of(compilation.layers(), LayerReport::predictedNanos, "predicted")
                .ifPresent(line -> object.put("timeOutsideLowBits", line));
        object.put("layers", compilation.layers().stream().map(LayerTable::toJson).toList());
        return object;
    }

    private static Map<String, Object> toJson(LayerReport report) {
        Signature.LayerSummary layer = report.layer();
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("path", layer.path());
        object.put("op", layer.op());
        object.put("shape", layer.shape());
        object.put("weights", layer.weights());
        object.put("activations", layer.activations());
        object.put("weightBytes", layer.weightBytes());
        object.put("arenaBytes", report.arenaBytes());
        object.put("binaryMultiplyAdds", report.binaryMultiplyAdds());
        object.put("otherMultiplyAdds", report.otherMultiplyAdds());
        object.put("kernels", report.kernels());
        object.put("predictedNanos", report.predictedNanos());
        object.put("boundBy", report.kernels().isEmpty() ? null : TimeTable.bound(report));
        object.put("products", report.products().stream().map(ScheduleTable::toJson).toList());
        object.put("passes", report.passes());
        return object;
    }
}
