package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.code.ValueType.VectorOf;
import dev.tern.compiler.code.VectorValue;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.PopcountProduct;
import dev.tern.compiler.kernel.Producer.WeightForm;
import dev.tern.compiler.kernel.Window;
import dev.tern.runtime.layout.WeightLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Products of signs by binary or ternary weights in panels, their bits counted by carry-save adders (R. Harley's and
 * D. Seal's method; W. Mula, N. Kurz and D. Lemire, "Faster population counts using AVX2 instructions", 2018), two
 * vectors of channels at a time, which share the words of signs:
 *
 * <pre>
 * for four words: d0..d3 = a ^ w, of ternary weights those that are not zero; ones, t0 = ones + d0 + d1; ones, t1 =
 * ones + d2 + d3; twos, f = twos + t0 + t1
 *     fours += popcount(f)
 * count = 4 fours + 2 popcount(twos) + popcount(ones)
 * </pre>
 *
 * Of two vectors one's additions hide the latency of the other's. Twice as many words in one round are slower.
 */
final class CarrySaveProducts implements ColumnProducer {
    private static final int ROUND = 4;

    /** Of a vector of channels so far: each bit of ones counts one, of twos two; fours are numbers. */
    private record Counters(Local ones, Local twos, Local fours) {
    }

    private final ProgramScope owner;
    private final PixelKernel kernel;
    private final PopcountProduct product;
    private final WeightLayout layout;
    private final VectorOf longs;
    private final GatheredRows gathered;
    private final Map<Boolean, Callee> passes = new HashMap<>();

    CarrySaveProducts(ProgramScope owner, PixelKernel kernel, PopcountProduct product) {
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
        return product.corrections().tapSums().map(_ -> new PaddingSums(owner, kernel, product));
    }

    @Override
    public Optional<GatheredRows> gathered() {
        return Optional.of(gathered);
    }

    @Override
    public void addTo(RoutineScope scope, int count, int rows, int columns) {
        if (rows != 1 || columns != 1) {
            throw new IllegalArgumentException(rows + " rows, " + columns + " columns of carry-save panels at once");
        }
        int panelsPerColumn = Producer.COLUMN / layout.panelChannels();
        CallSequence calls = new CallSequence(owner, kernel, "panels" + count + "_", "row", "top", "left", "column");
        for (int i = 0; i * layout.panelChannels() < count; i++) {
            boolean rest = count - i * layout.panelChannels() < layout.panelChannels();
            int panel = i;
            Callee pass = passes.computeIfAbsent(rest, this::emit);
            calls.add(caller -> caller.call(pass, gathered.start(caller),
                    caller.get("column").times(panelsPerColumn).plus(panel),
                    Value.of(panel * layout.panelChannels())));
        }
        calls.addTo(scope, scope.body());
    }

    /**
     * A routine of {@code start}, {@code panel} and {@code accumulator}, the panel's first channel in its column.
     *
     * @param rest whether the panel is the last one, which is not full
     */
    private Callee emit(boolean rest) {
        RoutineScope scope = owner.routine(kernel, rest ? "carryrest" : "carry", "start", "panel", "accumulator");
        Block body = scope.body();
        Local weights = scope.segment(product.weights());
        long panelBytes = (long) layout.panelLength() * Long.BYTES;
        int whole = layout.channels() / layout.panelChannels();
        Value first = rest
                ? Value.of(whole * panelBytes)
                : body.declare("first", MathFunction.MIN_INT.of(scope.get("panel").and(Value.of(Integer.MAX_VALUE)),
                        Value.of(whole - 1)).to(ValueType.LONG).times(Value.of(panelBytes)));
        long step = layout.planes() * layout.panelVectors() * vectorBytes();
        List<Counters> counters = IntStream.range(0, layout.panelVectors()).mapToObj(i -> new Counters(zero(body,
                "ones" + i), zero(body, "twos" + i), zero(body, "fours" + i))).toList();
        int rounds = product.words() / ROUND * ROUND;
        if (rounds > 0) {
            body.loop("word", Value.of(0), Value.of(rounds), ROUND, (loop, word) -> {
                Local at = loop.declare("at", first.plus(word.to(ValueType.LONG).times(Value.of(step))));
                List<Local> x = IntStream.range(0, ROUND).mapToObj(i -> loop.declare("x" + i, word(scope, word.plus(
                        i)))).toList();
                for (int i = 0; i < counters.size(); i++) {
                    round(loop, counters.get(i), i, weights, at, x);
                }
            });
        }
        List<Local> counts = new ArrayList<>();
        for (int i = 0; i < counters.size(); i++) {
            Counters of = counters.get(i);
            counts.add(body.declare("count" + i, of.fours.shiftLeft(2).plus(VectorValue.bitCount(of.twos).shiftLeft(
                    1)).plus(VectorValue.bitCount(of.ones))));
        }
        if (rounds < product.words()) {
            body.loop("rest", Value.of(rounds), Value.of(product.words()), 1, (loop, word) -> {
                Local at = loop.declare("at", first.plus(word.to(ValueType.LONG).times(Value.of(step))));
                Local x = loop.declare("x", word(scope, word));
                for (int i = 0; i < counts.size(); i++) {
                    Value bits = differences(weights, at.plus(Value.of(i * vectorBytes())), x);
                    loop.assign(counts.get(i), counts.get(i).plus(VectorValue.bitCount(bits)));
                }
            });
        }
        // Counts of even channels lie in the lower halves of longs, those of odd ones go to the upper.
        Value both = VectorValue.reinterpret(counts.get(0).or(counts.get(1).shiftLeft(Integer.SIZE)), ValueType.INT);
        owner.lanes().write(body, scope.element(product.accumulator(), scope.get("accumulator")), Value.of(0).minus(
                both.shiftLeft(1)));
        return scope.end();
    }

    private Local zero(Block body, String name) {
        return body.declare(name, VectorValue.broadcast(longs, Value.of(0L)));
    }

    private long vectorBytes() {
        return (long) layout.lanes() * Long.BYTES;
    }

    private Value word(RoutineScope scope, Value number) {
        return VectorValue.broadcast(longs, scope.absolute(product.source(), scope.get("start").plus(number)));
    }

    /** Some words of a vector of channels. @param at where the weights of the first word begin */
    private void round(Block loop, Counters counters, int vector, Local weights, Local at, List<Local> x) {
        long step = layout.planes() * layout.panelVectors() * vectorBytes();
        List<Local> bits = new ArrayList<>();
        for (int i = 0; i < ROUND; i++) {
            bits.add(loop.declare("d" + vector + "_" + i, differences(weights, at.plus(Value.of(i * step + vector
                    * vectorBytes())), x.get(i))));
        }
        Local low = add(loop, "low" + vector, counters.ones, bits.get(0), bits.get(1));
        Local high = add(loop, "high" + vector, counters.ones, bits.get(2), bits.get(3));
        Local four = add(loop, "four" + vector, counters.twos, low, high);
        loop.assign(counters.fours, counters.fours.plus(VectorValue.bitCount(four)));
    }

    /** Where weights and a word of signs differ, of ternary ones those that are not zero. @param at of the weights */
    private Value differences(Local weights, Value at, Value x) {
        Value first = VectorValue.loadFromMemory(longs, weights, at);
        if (product.form() == WeightForm.BINARY) {
            return first.xor(x);
        }
        long plane = (long) layout.panelVectors() * layout.lanes() * Long.BYTES;
        return VectorValue.loadFromMemory(longs, weights, at.plus(Value.of(plane))).xor(x).and(first);
    }

    /** Adds two words to a third, bit by bit: leaves the sums' lower bits there. @return the upper bits */
    private static Local add(Block block, String name, Local sum, Local a, Local b) {
        Local either = block.declare(name + "x", a.xor(b));
        Local carry = block.declare(name, VectorValue.select(either, sum, a));
        block.assign(sum, sum.xor(either));
        return carry;
    }
}
