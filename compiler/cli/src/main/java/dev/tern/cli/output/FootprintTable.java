package dev.tern.cli.output;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.footprint.Arena;
import dev.tern.compiler.footprint.Footprint;
import dev.tern.compiler.graph.Graph;
import dev.tern.runtime.Signature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a model takes, in a table. */
public final class FootprintTable {
    /** Arrays of the weight file that are named; the rest is summed. */
    private static final int ARRAYS = 8;
    private static final int BAR = 32;

    private FootprintTable() {
    }

    /** Prints flash, memory, and what is held while each kernel runs. */
    public static void print(Console console, Compilation compilation) {
        Footprint footprint = compilation.footprint();
        console.out().println(compilation.weights().signature());
        console.out().println();
        flash(footprint, compilation.program().target().edge() ? "the rest of the class file" : "the class file",
                compilation.graph().budget()).forEach(console.out()::println);
        console.out().println();
        memory(footprint, compilation.graph().budget()).forEach(console.out()::println);
        console.out().println();
        timeline(console, footprint.arena());
        console.out().println(code(compilation.weights().signature()));
    }

    /** Which code it is, and why. */
    static String code(Signature signature) {
        return signature.variant() + " code: " + signature.variantReason();
    }

    /** The two totals in a line. */
    static String line(Footprint footprint) {
        return String.format(Locale.ROOT,
                "flash %,d bytes (codes of weights %,d, tables %,d, code %,d), memory %,d bytes", footprint.flash(),
                footprint.codes(), footprint.tables(), footprint.code(), footprint.memory());
    }

    private static List<String> flash(Footprint footprint, String file, Graph.Budget budget) {
        List<List<String>> cells = new ArrayList<>();
        cells.add(List.of("flash", "", "bytes"));
        cells.add(List.of("  codes of weights", "", count(footprint.codes())));
        cells.add(List.of("  tables", "scales, thresholds, sums", count(footprint.tables())));
        cells.add(List.of("  code", file, count(footprint.code())));
        cells.add(List.of("together", "", count(footprint.flash())));
        if (budget.flash() > 0) {
            cells.add(List.of("codes and tables", "what the budget is for", count(footprint.weights())));
            cells.add(List.of("budget", "", count(budget.flash())));
        }
        List<Footprint.Stored> arrays = footprint.arrays();
        for (Footprint.Stored array : arrays.subList(0, Math.min(ARRAYS, arrays.size()))) {
            cells.add(List.of("  " + array.name(), array.codes() ? "codes" : "table", count(array.bytes())));
        }
        if (arrays.size() > ARRAYS) {
            long rest = arrays.subList(ARRAYS, arrays.size()).stream().mapToLong(Footprint.Stored::bytes).sum();
            cells.add(List.of("  " + (arrays.size() - ARRAYS) + " smaller ones", "", count(rest)));
        }
        return TextTable.lines(cells, 2);
    }

    private static List<String> memory(Footprint footprint, Graph.Budget budget) {
        Arena arena = footprint.arena();
        List<List<String>> cells = new ArrayList<>();
        cells.add(List.of("memory", "bytes", "at least"));
        for (Arena.Use use : arena.banks()) {
            cells.add(List.of("  " + use.bank().name().toLowerCase(Locale.ROOT), count(use.bytes()),
                    count(use.least())));
        }
        if (footprint.state() > 0) {
            cells.add(List.of("  kept of frames", count(footprint.state()), count(footprint.state())));
        }
        cells.add(List.of("together", count(footprint.memory()), count(arena.least() + footprint.state())));
        if (budget.ram() > 0) {
            cells.add(List.of("budget", count(budget.ram()), ""));
        }
        return TextTable.lines(cells, 1);
    }

    private static void timeline(Console console, Arena arena) {
        long most = Math.max(1, arena.timeline().isEmpty() ? 1 : arena.timeline().get(arena.peak()).bytes());
        List<List<String>> cells = new ArrayList<>();
        cells.add(List.of("held while it runs", "", "bytes"));
        for (Arena.Moment moment : arena.timeline()) {
            cells.add(List.of("  " + moment.kernel(), "#".repeat((int) (moment.bytes() * BAR / most)),
                    count(moment.bytes())));
        }
        TextTable.lines(cells, 2).forEach(console.out()::println);
        if (arena.timeline().isEmpty()) {
            return;
        }
        int peak = arena.peak();
        console.out().println();
        console.out().println("the most while " + arena.timeline().get(peak).kernel() + " runs:");
        List<List<String>> held = new ArrayList<>();
        for (Arena.Held buffer : arena.buffers()) {
            if (buffer.first() <= peak && peak <= buffer.last()) {
                held.add(List.of("  " + buffer.name(), buffer.bank().name().toLowerCase(Locale.ROOT),
                        count(buffer.bytes())));
            }
        }
        TextTable.lines(held, 2).forEach(console.out()::println);
        console.out().println();
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** The same for programs; a budget of 0 is none. That of flash is for codes and tables. */
    public static Map<String, Object> toJson(Compilation compilation) {
        Footprint footprint = compilation.footprint();
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("model", compilation.graph().name());
        object.put("variant", compilation.weights().signature().variant());
        Graph.Budget budget = compilation.graph().budget();
        object.put("flash", flashJson(footprint, budget));
        object.put("memory", memoryJson(footprint, budget));
        return object;
    }

    private static Map<String, Object> flashJson(Footprint footprint, Graph.Budget budget) {
        Map<String, Object> flash = new LinkedHashMap<>();
        flash.put("bytes", footprint.flash());
        flash.put("codes", footprint.codes());
        flash.put("tables", footprint.tables());
        flash.put("code", footprint.code());
        flash.put("budget", budget.flash());
        List<Object> arrays = new ArrayList<>();
        for (Footprint.Stored array : footprint.arrays()) {
            arrays.add(Map.of("name", array.name(), "codes", array.codes(), "bytes", array.bytes()));
        }
        flash.put("arrays", arrays);
        return flash;
    }

    private static Map<String, Object> memoryJson(Footprint footprint, Graph.Budget budget) {
        Arena arena = footprint.arena();
        Map<String, Object> memory = new LinkedHashMap<>();
        memory.put("bytes", footprint.memory());
        memory.put("least", arena.least() + footprint.state());
        memory.put("state", footprint.state());
        memory.put("budget", budget.ram());
        List<Object> timeline = new ArrayList<>();
        for (Arena.Moment moment : arena.timeline()) {
            timeline.add(Map.of("kernel", moment.kernel(), "bytes", moment.bytes()));
        }
        memory.put("timeline", timeline);
        List<Object> buffers = new ArrayList<>();
        for (Arena.Held buffer : arena.buffers()) {
            buffers.add(Map.of("name", buffer.name(), "bank", buffer.bank().name(), "bytes", buffer.bytes(), "first",
                    buffer.first(), "last", buffer.last()));
        }
        memory.put("buffers", buffers);
        return memory;
    }
}
