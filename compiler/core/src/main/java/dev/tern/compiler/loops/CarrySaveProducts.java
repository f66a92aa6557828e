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
 * The first words, one to four, are what ones and twos begin with, so that none is left after the rounds. Of two
 * vectors one's additions hide the latency of the other's. Twice as many words in one round are slower.
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
        return product.corrections().borderSums().map(_ -> new PaddingSums(owner, kernel, product));
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
        long step = offset(1, 0);
        List<Counters> counters = counters(scope, weights, first);
        int begun = begun();
        if (begun < product.words()) {
            body.loop("word", Value.of(begun), Value.of(product.words()), ROUND, (loop, word) -> {
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
        // Counts of even channels lie in the lower halves of longs, those of odd ones go to the upper.
        Value both = VectorValue.reinterpret(counts.get(0).or(counts.get(1).shiftLeft(Integer.SIZE)), ValueType.INT);
        owner.lanes().write(body, scope.element(product.accumulator(), scope.get("accumulator")), Value.of(0).minus(
                both.shiftLeft(1)));
        return scope.end();
    }

    /** Words before the rounds, one to four. */
    private int begun() {
        return (product.words() - 1) % ROUND + 1;
    }

    /** Counters of each vector of a panel, with the words before the rounds. @param first its weights */
    private List<Counters> counters(RoutineScope scope, Local weights, Value first) {
        Block body = scope.body();
        List<Local> x = IntStream.range(0, begun()).mapToObj(i -> body.declare("begun" + i, word(scope,
                Value.of(i)))).toList();
        List<Counters> counters = new ArrayList<>();
        for (int vector = 0; vector < layout.panelVectors(); vector++) {
            List<Local> bits = new ArrayList<>();
            for (int i = 0; i < x.size(); i++) {
                bits.add(body.declare("b" + vector + "_" + i, differences(weights, first.plus(Value.of(offset(i,
                        vector))), x.get(i))));
            }
            counters.add(begun(body, vector, bits));
        }
        return counters;
    }

    /** One to four words of a vector. */
    private Counters begun(Block body, int vector, List<Local> bits) {
        Local ones = bits.getFirst();
        Local fours = zero(body, "fours" + vector);
        if (bits.size() == 1) {
            return new Counters(ones, zero(body, "twos" + vector), fours);
        }
        Local twos = bits.size() == 2
                ? add(body, ones, bits.get(1))
                : add(body, "twos" + vector, ones, bits.get(1),
                        bits.get(2));
        if (bits.size() == ROUND) {
            Local four = add(body, twos, add(body, ones, bits.get(3)));
            body.assign(fours, VectorValue.bitCount(four));
        }
        return new Counters(ones, twos, fours);
    }

    /** Bytes from a panel's first weights to those of a word and vector. */
    private long offset(int word, int vector) {
        return (word * layout.planes() * layout.panelVectors() + vector) * vectorBytes();
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
        List<Local> bits = new ArrayList<>();
        for (int i = 0; i < ROUND; i++) {
            bits.add(loop.declare("d" + vector + "_" + i, differences(weights, at.plus(Value.of(offset(i, vector))),
                    x.get(i))));
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

    /** Adds a word to another, bit by bit. @return the upper bits */
    private static Local add(Block block, Local sum, Local a) {
        Local carry = block.declare(sum.name() + "c", sum.and(a));
        block.assign(sum, sum.xor(a));
        return carry;
    }

    /** Adds two words to a third, bit by bit: leaves the sums' lower bits there. @return the upper bits */
    private static Local add(Block block, String name, Local sum, Local a, Local b) {
        Local either = block.declare(name + "x", a.xor(b));
        Local carry = block.declare(name, VectorValue.select(either, sum, a));
        block.assign(sum, sum.xor(either));
        return carry;
    }
}
