package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Lifetimes;
import dev.tern.compiler.kernel.StoredConstants;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Compares the planned program with the model's budget and says what took the space where it is broken. */
public final class CheckBudgets implements KernelPass {
    /** Rows of the table; the rest are summed in its last. */
    private static final int ROWS = 8;

    @Override
    public String summary() {
        return "compare weights and arena with the model's budget";
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
            found.add(exceeded(program, "flash", "the weights take", flash, program.budget().flash(),
                    table(stored.entries(), StoredConstants.Entry::bytes, StoredConstants.Entry::name)));
        }
        long ram = program.arenaBytes() + program.stateBytes();
        if (program.budget().ram() > 0 && ram > program.budget().ram()) {
            found.add(exceeded(program, "ram", program.stateBytes() > 0
                    ? "the arena and " + bytes(program.stateBytes()) + " of state take"
                    : "the arena takes", ram, program.budget().ram(),
                    atPeak(program)));
        }
        return found;
    }

    /** What is needed at once where the most is. */
    private static List<String> atPeak(KernelProgram program) {
        Lifetimes lifetimes = Lifetimes.of(program);
        int count = program.kernels().size();
        // What begins at each kernel less what ended before it.
        long[] changes = new long[count + 1];
        for (Buffer buffer : program.buffers()) {
            if (lifetimes.used(buffer.id())) {
                changes[Math.max(lifetimes.first(buffer.id()), 0)] += buffer.bytes();
                changes[Math.min(lifetimes.last(buffer.id()) + 1, count)] -= buffer.bytes();
            }
        }
        int peak = 0;
        long most = 0;
        long now = 0;
        for (int i = 0; i < count; i++) {
            now += changes[i];
            if (now > most) {
                most = now;
                peak = i;
            }
        }
        int at = peak;
        List<Buffer> live = program.buffers().stream()
                .filter(b -> lifetimes.first(b.id()) <= at && at <= lifetimes.last(b.id())).toList();
        List<String> rows = new ArrayList<>();
        rows.add("needed at once while '" + program.kernels().get(peak).name() + "' runs:");
        rows.addAll(table(live, Buffer::bytes, Buffer::name));
        return rows;
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

    private static <T> List<String> table(List<T> all, ToLongFunction<T> size, Function<T, String> name) {
        List<T> sorted = all.stream().sorted(Comparator.comparingLong(size).reversed()).toList();
        List<String> rows = new ArrayList<>();
        for (T item : sorted.subList(0, Math.min(ROWS, sorted.size()))) {
            rows.add(String.format(Locale.ROOT, "%12s  %s", bytes(size.applyAsLong(item)), name.apply(item)));
        }
        if (sorted.size() > ROWS) {
            long rest = sorted.subList(ROWS, sorted.size()).stream().mapToLong(size).sum();
            rows.add(String.format(Locale.ROOT, "%12s  %d smaller ones", bytes(rest), sorted.size() - ROWS));
        }
        return rows;
    }

    /** {@code 812 bytes}, {@code 40.0 KiB}. */
    private static String bytes(long bytes) {
        return bytes < 1024 ? bytes + " bytes" : String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0);
    }
}
