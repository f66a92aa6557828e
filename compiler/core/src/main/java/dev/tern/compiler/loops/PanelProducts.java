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
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.PopcountProduct;
import dev.tern.compiler.kernel.Producer.WeightForm;
import dev.tern.compiler.kernel.Window;
import dev.tern.compiler.kernel.schedule.ProductSchedule.PopcountPanels;
import dev.tern.compiler.loops.PlaneProduct.Meeting;
import dev.tern.runtime.layout.WeightLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Products of packed codes by weights in panels, see {@link WeightLayout}. The accumulators of a panel, some vectors of
 * longs, stay in registers while a loop runs over the words:
 *
 * <pre>
 * for word: x = broadcast(a[word]); for v in vectors: accumulator[v] += popcount(x ^ w[panel][word][v])
 * </pre>
 *
 * Many accumulators hide the latency of the additions, and each broadcast word serves as many vectors. The indices of
 * the weights are bounded by constants, so that no check of bounds is left in the loop: those would take the ports of
 * the vector instructions. Planes of several bits run one after the other, from the most significant, and double what
 * is there.
 */
final class PanelProducts implements ColumnProducer {
    /** @param weight which plane of INTEGER weights */
    private record Pass(int groups, int rows, boolean rest, int weight, Meeting meeting, boolean negative) {
        String name() {
            String verb = switch (meeting) {
                case REPLACES -> "";
                case DOUBLES -> "double";
                case ADDS -> "add";
            };
            return "panel" + groups + (rows > 1 ? "x" + rows : "") + (rest ? "rest" : "") + verb
                    + (negative ? "negative" : "") + (weight > 0 ? "plane" + weight : "");
        }
    }

    private final ProgramScope owner;
    private final PixelKernel kernel;
    private final PopcountProduct product;
    private final WeightLayout layout;
    private final VectorOf longs;
    private final GatheredRows gathered;
    private final Map<Pass, Callee> passes = new HashMap<>();

    PanelProducts(ProgramScope owner, PixelKernel kernel, PopcountProduct product) {
        this.owner = owner;
        this.kernel = kernel;
        this.product = product;
        this.gathered = new GatheredRows(owner, kernel, product);
        this.layout = product.bits().layout();
        this.longs = new VectorOf(ValueType.LONG, layout.lanes());
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
        return ((PopcountPanels) kernel.schedule()).rows();
    }

    @Override
    public Optional<GatheredRows> gathered() {
        return Optional.of(gathered);
    }

    @Override
    public void addTo(RoutineScope scope, int count, int rows, int columns) {
        if (columns != 1) {
            throw new IllegalArgumentException(columns + " columns of panels at once");
        }
        int panelsPerColumn = Producer.COLUMN / layout.panelChannels();
        CallSequence calls = new CallSequence(owner, kernel, "panels" + count + "x" + rows + "_", "row", "top", "left",
                "column");
        for (int i = 0; i * layout.panelChannels() < count; i++) {
            int channels = Math.min(layout.panelChannels(), count - i * layout.panelChannels());
            boolean rest = channels < layout.panelChannels();
            int groups = (channels + 2 * layout.lanes() - 1) / (2 * layout.lanes());
            int panel = i;
            for (PlaneProduct part : PlaneProduct.of(product)) {
                Callee pass = pass(new Pass(groups, rows, rest, part.weight(), part.meeting(), part.negative()));
                int firstWord = part.activation() * product.words();
                calls.add(caller -> caller.call(pass, gathered.start(caller).plus(firstWord),
                        caller.get("column").times(panelsPerColumn).plus(panel),
                        Value.of(panel * layout.panelChannels())));
            }
        }
        calls.addTo(scope, scope.body());
    }

    private Callee pass(Pass pass) {
        Callee known = passes.get(pass);
        if (known == null) {
            known = emit(pass);
            passes.put(pass, known);
        }
        return known;
    }

    /** A routine of {@code start}, {@code panel} and {@code accumulator}, the panel's first channel in its column. */
    private Callee emit(Pass pass) {
        RoutineScope scope = owner.routine(kernel, pass.name(), "start", "panel", "accumulator");
        Block body = scope.body();
        Local weights = scope.segment(product.weights());
        int vectors = 2 * pass.groups();
        long panelBytes = (long) layout.panelLength() * Long.BYTES;
        int whole = layout.channels() / layout.panelChannels();
        Value first = pass.rest()
                ? Value.of(whole * panelBytes)
                : body.declare("first", MathFunction.MIN_INT.of(scope.get("panel").and(Value.of(Integer.MAX_VALUE)),
                        Value.of(whole - 1)).to(ValueType.LONG).times(Value.of(panelBytes)));
        List<Row> rows = IntStream.range(0, pass.rows()).mapToObj(row -> row(body, row, vectors)).toList();
        long step = (long) layout.planes() * vectors * layout.lanes() * Long.BYTES;
        int rowWords = product.activation().bits() * product.words();
        body.loop("word", 0, product.words(), (loop, word) -> {
            List<Local> x = new ArrayList<>();
            for (int row = 0; row < pass.rows(); row++) {
                Local bits = loop.declare("bits" + row,
                        scope.absolute(product.source(), scope.get("start").plus(word).plus(row * rowWords)));
                x.add(loop.declare("x" + row, VectorValue.broadcast(longs, bits)));
                if (rows.get(row).ones != null) {
                    loop.update(rows.get(row).ones, Operator.ADD, MathFunction.BIT_COUNT_LONG.of(bits));
                }
            }
            Local at = loop.declare("at", first.plus(word.to(ValueType.LONG).times(Value.of(step))));
            for (int i = 0; i < vectors; i++) {
                accumulate(loop, rows, x, weights, at, pass.weight(), i, vectors);
            }
        });
        for (int row = 0; row < pass.rows(); row++) {
            List<Local> sums = rows.get(row).sums;
            for (int group = 0; group < pass.groups(); group++) {
                Value ints = ints(sums.get(2 * group), sums.get(2 * group + 1));
                Local ones = rows.get(row).ones;
                store(scope, pass, row, group, ones != null ? ints.shiftLeft(1).minus(ones) : ints);
            }
        }
        return scope.end();
    }

    /** The accumulators of a row. @param ones the number of its one-bits where it is wanted, else null */
    private record Row(List<Local> sums, Local ones) {
    }

    private Row row(Block body, int number, int vectors) {
        List<Local> sums = new ArrayList<>();
        for (int i = 0; i < vectors; i++) {
            sums.add(body.declare("sum" + number + "_" + i, VectorValue.broadcast(longs, Value.of(0L))));
        }
        boolean counted = product.form() == WeightForm.BINARY && !product.activation().bipolar();
        return new Row(sums, counted ? body.declare("ones" + number, Value.of(0)) : null);
    }

    /** Adds what one vector of weights gives for a word to each row's sum. */
    private void accumulate(Block loop, List<Row> rows, List<Local> x, Local weights, Local at, int weight,
            int vector, int vectors) {
        boolean several = rows.size() > 1;
        Value one = plane(weights, at, vector, weight, vectors);
        Value two = product.form() == WeightForm.TERNARY ? plane(weights, at, vector, 1, vectors) : null;
        Value first = several ? loop.declare("one" + vector, one) : one;
        Value second = several && two != null ? loop.declare("two" + vector, two) : two;
        boolean bipolar = product.activation().bipolar();
        for (int row = 0; row < rows.size(); row++) {
            Local sum = rows.get(row).sums.get(vector);
            Local bits = x.get(row);
            loop.assign(sum, switch (product.form()) {
                case BINARY -> sum.plus(VectorValue.bitCount(bipolar ? first.xor(bits) : first.and(bits)));
                case INTEGER -> sum.plus(VectorValue.bitCount(first.and(bits)));
                case TERNARY -> bipolar
                        ? sum.plus(VectorValue.bitCount(second.xor(bits).and(first)))
                        : sum.plus(VectorValue.bitCount(first.and(bits))).minus(VectorValue.bitCount(second.and(bits)));
            });
        }
    }

    private Value plane(Local weights, Local at, int vector, int plane, int vectors) {
        long offset = ((long) plane * vectors + vector) * layout.lanes() * Long.BYTES;
        return VectorValue.loadFromMemory(longs, weights, at.plus(Value.of(offset)));
    }

    /** Two sums, of the even and of the odd channels, as ints in the channels' order. */
    private Value ints(Local even, Local odd) {
        boolean negative = product.form() == WeightForm.TERNARY && !product.activation().bipolar();
        Value low = negative ? even.and(Value.of(0xffff_ffffL)) : even;
        return VectorValue.reinterpret(low.or(odd.shiftLeft(32)), ValueType.INT);
    }

    private void store(RoutineScope scope, Pass pass, int row, int group, Value sum) {
        Value.ArrayElement target = scope.element(product.accumulator(),
                scope.get("accumulator").plus(row * Producer.COLUMN + group * 2 * layout.lanes()));
        boolean bipolar = product.activation().bipolar();
        Value counted = bipolar ? sum.shiftLeft(1) : sum;
        boolean minus = product.differences() != pass.negative();
        Lanes lanes = owner.lanes();
        Value before = switch (pass.meeting()) {
            case REPLACES -> Value.of(0);
            case DOUBLES -> lanes.read(target).shiftLeft(1);
            case ADDS -> lanes.read(target);
        };
        lanes.write(scope.body(), target, minus
                ? before.minus(counted)
                : pass.meeting() == Meeting.REPLACES ? counted : before.plus(counted));
    }
}
