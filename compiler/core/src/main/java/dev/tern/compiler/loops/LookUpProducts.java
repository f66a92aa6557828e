package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.code.ValueType.VectorOf;
import dev.tern.compiler.code.VectorValue;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.LookUpForm;
import dev.tern.compiler.kernel.PaddedImage;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.LookUpProduct;
import dev.tern.compiler.kernel.Window;
import dev.tern.compiler.kernel.schedule.ProductSchedule.LookUps;
import dev.tern.runtime.layout.LookUpIndices;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Products read from tables, see {@link LookUpForm}: one shuffle answers for every channel of a panel.
 *
 * <pre>
 * for chunks of groups: bytes = table[0][w[0]] + ... + table[4][w[4]]
 *                       even += bytes as shorts; odd += bytes as shorts >>> 8
 * </pre>
 *
 * As many entries are added in bytes as an unsigned byte holds, then the sums go on as shorts: {@code even} gathers
 * both bytes of each short, {@code odd} the upper one, and at the end {@code even - (odd << 8)} is the lower. Where
 * more look-ups are wanted than an unsigned short holds, accumulators are added to in several parts.
 */
final class LookUpProducts implements ColumnProducer {
    private static final int SHORT_MASK = 0xffff;
    /** Look-ups, of each digit, that a method has room for: those of a round, and the rest. */
    private static final int MOST_IN_METHOD = 36;

    private final ProgramScope owner;
    private final PixelKernel kernel;
    private final LookUpProduct product;
    private final LookUpForm form;
    private final Window window;
    private final int groups;
    private final VectorOf bytes;
    /** Look-ups that are added in bytes. */
    private final int chunk;
    /**
     * Look-ups of a round of the loop, an even number: groups of a pair have one table vector, or one for each digit.
     */
    private final int step;
    private final Map<String, Callee> routines = new HashMap<>();

    LookUpProducts(ProgramScope owner, PixelKernel kernel, LookUpProduct product) {
        this.owner = owner;
        this.kernel = kernel;
        this.product = product;
        this.form = product.lookUp();
        this.window = product.window();
        this.groups = form.groups(product.inputChannels());
        this.bytes = new VectorOf(ValueType.Primitive.BYTE, product.lanes());
        LookUps schedule = (LookUps) kernel.schedule();
        this.chunk = Math.min(schedule.groups(), form.lookUpsPerByte());
        this.step = Math.min(schedule.round(), groups);
    }

    /**
     * Neighbouring look-ups: their tables and their indices both lie one after the other.
     *
     * @param kernelRow the row of the window's taps
     * @param tap the first tap in the row
     * @param group the first group of the tap
     */
    private record Run(int kernelRow, int tap, int group, int groups) {
    }

    /**
     * What runs side by side: rows that share the loads of indices, or panels that share those of tables.
     *
     * @param count 1, 2 or 4
     * @param rows whether they are neighbouring rows, else panels
     */
    private record Streams(int count, boolean rows) {
        String suffix() {
            return count == 1 ? "" : rows ? "rows" + count : "panels" + count;
        }
    }

    @Override
    public Window window() {
        return product.window();
    }

    @Override
    public Value value(RoutineScope scope, Value n, Value i, Lanes lanes) {
        return new PackedValues(owner, product).value(scope, n, i, lanes);
    }

    @Override
    public Optional<PaddingSums> padding() {
        return product.corrections().borderSums().map(_ -> new PaddingSums(owner, kernel, product));
    }

    @Override
    public int rowsTogether() {
        return ((LookUps) kernel.schedule()).rows();
    }

    @Override
    public int columnsTogether() {
        return ((LookUps) kernel.schedule()).columns();
    }

    @Override
    public void addTo(RoutineScope scope, int count, int rows, int columns) {
        Streams streams = new Streams(rows * columns, rows > 1);
        List<List<Run>> parts = parts();
        int panels = Producer.COLUMN / product.lanes();
        CallSequence calls = new CallSequence(owner, kernel, "look_up" + streams.suffix() + "_parts" + count + "_",
                "row", "top", "left", "column");
        for (int part = 0; part < parts.size(); part++) {
            String name = "look_up" + streams.suffix() + (parts.size() > 1 ? "$" + part : "");
            Callee callee = routines.get(name);
            if (callee == null) {
                callee = emit(name, parts.get(part), part > 0, streams);
                routines.put(name, callee);
            }
            Callee sums = callee;
            for (int i = 0; i * product.lanes() < count; i++) {
                int panel = i;
                calls.add(caller -> caller.call(sums, caller.get("row"), caller.get("top"), caller.get("left"),
                        caller.get("column").times(panels).plus(panel), Value.of(panel * product.lanes())));
            }
        }
        calls.addTo(scope, scope.body());
    }

    /** All runs of a window, divided so that the look-ups of each part fit an unsigned short. */
    private List<List<Run>> parts() {
        List<List<Run>> parts = new ArrayList<>();
        List<Run> part = new ArrayList<>();
        int lookUps = 0;
        for (Run run : runs()) {
            if (lookUps + run.groups > form.lookUpsPerShort()) {
                parts.add(part);
                part = new ArrayList<>();
                lookUps = 0;
            }
            part.add(run);
            lookUps += run.groups;
        }
        parts.add(part);
        return parts;
    }

    private List<Run> runs() {
        Geometry g = window.geometry();
        boolean wide = g.dilationWidth() == 1 && g.kernelWidth() * groups <= form.lookUpsPerShort();
        List<Run> runs = new ArrayList<>();
        int most = form.lookUpsPerShort() / 2 * 2;
        for (int ky = 0; ky < g.kernelHeight(); ky++) {
            if (wide) {
                runs.add(new Run(ky, 0, 0, g.kernelWidth() * groups));
                continue;
            }
            for (int kx = 0; kx < g.kernelWidth(); kx++) {
                for (int group = 0; group < groups; group += most) {
                    runs.add(new Run(ky, kx, group, Math.min(most, groups - group)));
                }
            }
        }
        return runs;
    }

    /** A routine of {@code row}, {@code top}, {@code left}, {@code panel} and {@code accumulator}. */
    private Callee emit(String name, List<Run> runs, boolean adds, Streams streams) {
        RoutineScope scope = owner.routine(kernel, name, "row", "top", "left", "panel", "accumulator");
        Block body = scope.body();
        Local indices = scope.segment(product.weights());
        int last = (product.channels() - 1) / product.lanes() - (streams.rows ? 0 : streams.count - 1);
        Value panel = manyRegisters()
                ? MathFunction.MIN_INT.of(scope.get("panel").and(Value.of(Integer.MAX_VALUE)), Value.of(last))
                : scope.get("panel");
        Local first = body.declare("first", panel.to(ValueType.LONG).times(Value.of(panelBytes())));
        VectorOf shorts = bytes.as(ValueType.Primitive.SHORT);
        Sums sums = new Sums(scope, indices, streams, new Local[streams.count][form.digits()],
                new Local[streams.count][form.digits()]);
        for (int stream = 0; stream < streams.count; stream++) {
            for (int digit = 0; digit < form.digits(); digit++) {
                sums.even[stream][digit] = body.declare("even" + stream + digit,
                        VectorValue.broadcast(shorts, Value.of(0)));
                sums.odd[stream][digit] = body.declare("odd" + stream + digit,
                        VectorValue.broadcast(shorts, Value.of(0)));
            }
        }
        Run one = runs.getFirst();
        boolean alike = runs.stream().allMatch(run -> run.groups == one.groups && run.group == one.group);
        if (runs.size() == 1) {
            run(sums, body, one.groups, tables(scope, body, Value.of(one.kernelRow), Value.of(one.tap),
                    one.group),
                    first.plus(Value.of(lookUp(one) * (long) product.lanes())));
        } else if (alike) {
            loop(sums, body, first, runs);
        } else {
            throw new IllegalStateException("runs of different lengths: " + runs);
        }
        for (int stream = 0; stream < streams.count; stream++) {
            List<Local> even = new ArrayList<>();
            List<Local> odd = new ArrayList<>();
            for (int digit = 0; digit < form.digits(); digit++) {
                Local upper = sums.odd[stream][digit];
                even.add(body.declare(scope.fresh("ints"), VectorValue.reinterpret(sums.even[stream][digit].minus(upper
                        .shiftLeft(8)), ValueType.INT)));
                odd.add(body.declare(scope.fresh("ints"), VectorValue.reinterpret(upper, ValueType.INT)));
            }
            for (int quarter = 0; quarter < 4; quarter++) {
                store(scope, quarter % 2 == 0 ? even : odd, stream, quarter, adds);
            }
        }
        return scope.end();
    }

    /**
     * Whether the loads of a round find room in registers. Where they do, the bounds of their indices are shown to C2,
     * which leaves out the checks, but then makes all loads of a round first. Where they do not, that is 1.6 times as
     * slow as with a check before each load of indices, which keeps it where it is: ternary weights by 4 bits, 1024 to
     * 1024, took 8.4 microseconds of 256 bits without checks and takes 5.3 with them.
     */
    private boolean manyRegisters() {
        return owner.program().target().vectorBits() > 256;
    }

    private long panelBytes() {
        return (long) product.lookUps() * product.lanes();
    }

    /** Runs of one length, which lie at equal distances. */
    private void loop(Sums sums, Block body, Local first, List<Run> runs) {
        Run one = runs.getFirst();
        int width = window.geometry().kernelWidth();
        boolean rows = one.groups > groups || width == 1;
        int from = rows ? one.kernelRow : one.kernelRow * width + one.tap;
        body.loop("run", from, from + runs.size(), (block, run) -> {
            Value ky = rows || width == 1 ? run : block.declare("ky", run.dividedBy(Value.of(width)));
            Value kx = rows ? Value.of(0) : block.declare("kx", run.minus(ky.times(width)));
            Value tables = tables(sums.scope, block, ky, kx, one.group);
            int distance = (rows ? width : 1) * groups;
            Local start = block.declare("start", first.plus(run.to(ValueType.LONG)
                    .times(Value.of((long) distance * product.lanes()))
                    .plus(Value.of((long) one.group * product.lanes()))));
            run(sums, block, one.groups, tables, start);
        });
    }

    private int lookUp(Run run) {
        return (run.kernelRow * window.geometry().kernelWidth() + run.tap) * groups + run.group;
    }

    /** The index in the i8 bank of the first table of a tap. */
    private Value tables(RoutineScope scope, Block block, Value ky, Value kx, int group) {
        Geometry g = window.geometry();
        int rowBytes = form.rowBytes(product.inputChannels());
        int start = owner.program().buffer(product.input()).offset() + form.offset(group, 0);
        if (window.direct()) {
            return block.declare("tables", scope.get("row").times(rowBytes).plus(start));
        }
        Value y = scope.get("top").plus(ky.times(g.dilationHeight()));
        Value x = scope.get("left").plus(kx.times(g.dilationWidth()));
        PaddedImage image = product.image();
        Value pixel = y.times(image.paddedWidth()).plus(x).plus(image.row(0, 0));
        return block.declare("tables", pixel.times(rowBytes).plus(start));
    }

    /** The accumulators of a routine under construction, [stream][digit]. */
    private record Sums(RoutineScope scope, Local indices, Streams streams, Local[][] even, Local[][] odd) {
    }

    /** Look-ups one after the other, an even number. @param start in bytes, of the first index */
    private void run(Sums sums, Block block, int count, Value tables, Value start) {
        int whole = count - count % step;
        looped(sums, block, 0, whole, step, tables, start);
        boolean room = (step + count - whole) * form.digits() <= MOST_IN_METHOD;
        looped(sums, block, whole, count, sums.streams.count == 1 && room ? count - whole : 2, tables, start);
    }

    private void looped(Sums sums, Block block, int from, int to, int round, Value tables, Value start) {
        if (to - from == round) {
            lookUps(sums, block, round, tables.plus(form.offset(from, 0)),
                    start.plus(Value.of((long) from * product.lanes())));
        } else if (to > from) {
            int tableBytes = round * form.digits() * LookUpForm.TABLE;
            block.loop(sums.scope.fresh("round"), 0, (to - from) / round, (loop, number) -> {
                Local table = loop.declare(sums.scope.fresh("table"),
                        tables.plus(number.times(tableBytes).plus(form.offset(from, 0))));
                Local index = loop.declare(sums.scope.fresh("index"), start.plus(number.to(ValueType.LONG)
                        .times(Value.of((long) round * product.lanes()))
                        .plus(Value.of((long) from * product.lanes()))));
                lookUps(sums, loop, round, table, index);
            });
        }
    }

    /** Some look-ups, added in bytes as long as these have room, then taken into the shorts. */
    private void lookUps(Sums sums, Block block, int count, Value table, Value index) {
        Local[][] tables = new Local[sums.streams.count][form.digits()];
        for (int from = 0; from < count; from += chunk) {
            chunk(sums, block, from, Math.min(chunk, count - from), table, index, tables);
        }
    }

    /** @param tables those at hand, [stream][digit] */
    private void chunk(Sums sums, Block block, int from, int count, Value table, Value index, Local[][] tables) {
        Streams streams = sums.streams;
        Local[][] total = new Local[streams.count][form.digits()];
        for (int i = from; i < from + count; i++) {
            if (LookUpIndices.inVector(i, product.lanes()) == 0) {
                load(sums, block, table, i, tables);
            }
            Value at = index.plus(Value.of((long) i * product.lanes()));
            Local[] weights = new Local[streams.count];
            for (int stream = 0; stream < streams.count; stream++) {
                weights[stream] = streams.rows && stream > 0
                        ? weights[0]
                        : block.declare(sums.scope.fresh("weights"), VectorValue.loadFromMemory(bytes, sums.indices,
                                at.plus(Value.of(stream * panelBytes()))));
                for (int digit = 0; digit < form.digits(); digit++) {
                    Value found = VectorValue.lookUp(weights[stream], tables[stream][digit]);
                    if (total[stream][digit] == null) {
                        total[stream][digit] = block.declare(sums.scope.fresh("total"), found);
                    } else {
                        block.assign(total[stream][digit], total[stream][digit].plus(found));
                    }
                }
            }
        }
        for (int stream = 0; stream < streams.count; stream++) {
            for (int digit = 0; digit < form.digits(); digit++) {
                widen(sums, block, total[stream][digit], stream, digit);
            }
        }
    }

    /** Loads the tables of group i, and of those that fill its vectors with it. */
    private void load(Sums sums, Block block, Value table, int i, Local[][] tables) {
        Streams streams = sums.streams;
        int rowBytes = form.rowBytes(product.inputChannels()) * window.geometry().strideWidth();
        for (int stream = 0; stream < streams.count; stream++) {
            for (int digit = 0; digit < form.digits(); digit++) {
                int distance = streams.rows ? stream * rowBytes : 0;
                tables[stream][digit] = stream > 0 && !streams.rows
                        ? tables[0][digit]
                        : block.declare(sums.scope.fresh("entries"), VectorValue.load(bytes,
                                sums.scope.bank(Bank.I8), table.plus(form.offset(i, digit) + distance)));
            }
        }
    }

    private void widen(Sums sums, Block block, Local total, int stream, int digit) {
        Local wide = block.declare(sums.scope.fresh("wide"),
                VectorValue.reinterpret(total, ValueType.Primitive.SHORT));
        Local even = sums.even[stream][digit];
        Local odd = sums.odd[stream][digit];
        block.assign(even, even.plus(wide));
        block.assign(odd, odd.plus(Value.binary(Operator.SHIFT_RIGHT_UNSIGNED, wide, Value.of(8))));
    }

    /** A quarter of a panel's channels: every fourth byte, as ints. @param shorts two in an int, of each digit */
    private void store(RoutineScope scope, List<Local> shorts, int stream, int quarter, boolean adds) {
        Value sum = null;
        for (int digit = 0; digit < form.digits(); digit++) {
            Value part = quarter < 2
                    ? shorts.get(digit).and(Value.of(SHORT_MASK))
                    : Value.binary(Operator.SHIFT_RIGHT_UNSIGNED, shorts.get(digit), Value.of(16));
            sum = digit == 0 ? part : sum.plus(part.shiftLeft(4 * digit));
        }
        Value.ArrayElement target = scope.element(product.accumulator(),
                scope.get("accumulator").plus(stream * Producer.COLUMN + quarter * product.lanes() / 4));
        Lanes lanes = owner.lanes();
        lanes.write(scope.body(), target, adds ? lanes.read(target).plus(sum) : sum);
    }
}
