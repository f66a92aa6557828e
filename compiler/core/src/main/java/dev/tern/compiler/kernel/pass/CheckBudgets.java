package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.kernel.ArenaUse;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.StoredConstants;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Compares the planned program with the model's budget and says what took the space where it is broken. */
public final class CheckBudgets implements KernelPass {
    /** Rows of the table; the rest are summed in its last. */
    private static final int ROWS = 8;

    @Override
    public String summary() {
        return "compare weights and memory with the model's budget";
    }

    @Override
    public KernelProgram apply(KernelProgram program, Diagnostics diagnostics) {
        exceeded(program).forEach(diagnostics::add);
        return program;
    }

    /** How a planned program breaks its budget, as errors; empty where it keeps it. */
    public static List<Diagnostic> exceeded(KernelProgram program) {
        List<Diagnostic> found = new ArrayList<>();
        StoredConstants stored = new StoredConstants(List.of(program));
        long flash = stored.bytes();
        if (program.budget().flash() > 0 && flash > program.budget().flash()) {
            found.add(exceeded(program, "flash", "the codes and tables of the weights take", flash,
                    program.budget().flash(), weights(stored)));
        }
        long ram = program.memoryBytes();
        if (program.budget().ram() > 0 && ram > program.budget().ram()) {
            found.add(exceeded(program, "ram", program.stateBytes() > 0
                    ? "the arena and " + bytes(program.stateBytes()) + " of state take"
                    : "the arena takes", ram, program.budget().ram(), memory(program, ram)));
        }
        return found;
    }

    /** The arrays of the weight file. */
    private static List<String> weights(StoredConstants stored) {
        List<String> rows = new ArrayList<>();
        rows.add("bytes of each in the weight file (code is not counted):");
        rows.addAll(table(stored.entries().stream().map(entry -> new Part(entry.bytes(), entry.name())).toList()));
        rows.add(row(stored.bytes(), "together"));
        return rows;
    }

    /** What of each array of the arena is held when that holds the most, and what else makes up the sum. */
    private static List<String> memory(KernelProgram program, long ram) {
        List<Part> held = new ArrayList<>();
        for (ArenaUse array : ArenaUse.of(program)) {
            int peak = array.peak();
            String when = array.bank().name().toLowerCase(Locale.ROOT) + ", while " + (peak < 0
                    ? "inputs are filled in"
                    : peak < program.kernels().size()
                            ? "'" + program.kernels().get(peak).name() + "' runs"
                            : "outputs are read");
            array.buffers(peak).forEach(buffer -> held.add(new Part(buffer.bytes(), buffer.name() + ", " + when)));
        }
        List<String> rows = new ArrayList<>();
        rows.add("bytes; values of one type share an array, as long as the most that is held of them at once:");
        rows.addAll(table(held));
        long between = program.arenaBytes() - held.stream().mapToLong(Part::bytes).sum();
        if (between > 0) {
            rows.add(row(between, "between them and past their ends"));
        }
        if (program.stateBytes() > 0) {
            rows.add(row(program.stateBytes(), "kept of frames"));
        }
        rows.add(row(ram, "together"));
        return rows;
    }

    /** A row of a table. */
    private record Part(long bytes, String name) {
    }

    private static Diagnostic exceeded(KernelProgram program, String budget, String what, long bytes, long limit,
            List<String> table) {
        Diagnostic diagnostic = Diagnostic.error(DiagnosticCode.BUDGET_EXCEEDED,
                what + " " + bytes(bytes) + ", over the budget of " + bytes(limit) + " for " + budget,
                program.budget().position().orElse(new FilePosition(program.source(), -1, "budget")),
                bytes(bytes - limit) + " too much");
        for (String row : table) {
            diagnostic = diagnostic.help(row);
        }
        return diagnostic;
    }

    private static List<String> table(List<Part> all) {
        List<Part> sorted = all.stream().sorted(Comparator.comparingLong(Part::bytes).reversed()).toList();
        List<String> rows = new ArrayList<>();
        for (Part part : sorted.subList(0, Math.min(ROWS, sorted.size()))) {
            rows.add(row(part.bytes(), part.name()));
        }
        if (sorted.size() > ROWS) {
            rows.add(row(sorted.subList(ROWS, sorted.size()).stream().mapToLong(Part::bytes).sum(),
                    sorted.size() - ROWS == 1 ? "a smaller one" : sorted.size() - ROWS + " smaller ones"));
        }
        return rows;
    }

    /** To the byte, so that rows add up. */
    private static String row(long bytes, String what) {
        return String.format(Locale.ROOT, "%,12d  %s", bytes, what);
    }

    /** {@code 812 bytes}, {@code 40.0 KiB}. */
    private static String bytes(long bytes) {
        return bytes < 1024 ? bytes + " bytes" : String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0);
    }
}
