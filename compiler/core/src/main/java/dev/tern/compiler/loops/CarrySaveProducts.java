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

/**
 * Products of signs by binary or ternary weights in panels, their bits counted by carry-save adders (R. Harley's and
 * D. Seal's method; W. Mula, N. Kurz and D. Lemire, "Faster population counts using AVX2 instructions", 2018), a vector
 * at a time:
 *
 * <pre>
 * for four words: d0..d3 = a ^ w, of ternary weights those that are not zero; ones, t0 = ones + d0 + d1; ones, t1 =
 * ones + d2 + d3; twos, f = twos + t0 + t1
 *     fours += popcount(f)
 * count = 4 fours + 2 popcount(twos) + popcount(ones)
 * </pre>
 *
 * Twice as many words, or a second vector, in one round are more than the JIT compiler inlines, at a fifth of the
 * speed.
 */
final class CarrySaveProducts implements ColumnProducer {
    private static final int ROUND = 4;

    private record Pass(int vector, boolean rest) {
        String name() {
            return "carry" + vector + (rest ? "rest" : "");
        }
    }

    private final ProgramScope owner;
    private final PixelKernel kernel;
    private final PopcountProduct product;
    private final WeightLayout layout;
    private final VectorOf longs;
    private final GatheredRows gathered;
    private final Map<Pass, Callee> passes = new HashMap<>();

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
            for (int vector = 0; vector < layout.panelVectors(); vector++) {
                Callee pass = passes.computeIfAbsent(new Pass(vector, rest), this::emit);
                calls.add(caller -> caller.call(pass, gathered.start(caller),
                        caller.get("column").times(panelsPerColumn).plus(panel),
                        Value.of(panel * layout.panelChannels())));
            }
        }
        calls.addTo(scope, scope.body());
    }

    /** A routine of {@code start}, {@code panel} and {@code accumulator}, the panel's first channel in its column. */
    private Callee emit(Pass pass) {
        RoutineScope scope = owner.routine(kernel, pass.name(), "start", "panel", "accumulator");
        Block body = scope.body();
        Local weights = scope.segment(product.weights());
        long panelBytes = (long) layout.panelLength() * Long.BYTES;
        int whole = layout.channels() / layout.panelChannels();
        Value first = pass.rest()
                ? Value.of(whole * panelBytes)
                : body.declare("first", MathFunction.MIN_INT.of(scope.get("panel").and(Value.of(Integer.MAX_VALUE)),
                        Value.of(whole - 1)).to(ValueType.LONG).times(Value.of(panelBytes)));
        long vectorBytes = (long) layout.lanes() * Long.BYTES;
        long step = layout.planes() * layout.panelVectors() * vectorBytes;
        Local ones = body.declare("ones", VectorValue.broadcast(longs, Value.of(0L)));
        Local twos = body.declare("twos", VectorValue.broadcast(longs, Value.of(0L)));
        Local fours = body.declare("fours", VectorValue.broadcast(longs, Value.of(0L)));
        int rounds = product.words() / ROUND * ROUND;
        if (rounds > 0) {
            body.loop("word", Value.of(0), Value.of(rounds), ROUND, (loop, word) -> {
                Local at = loop.declare("at", first.plus(word.to(ValueType.LONG).times(Value.of(step))));
                List<Local> bits = new ArrayList<>();
                for (int i = 0; i < ROUND; i++) {
                    bits.add(loop.declare("d" + i, differences(weights, at.plus(Value.of(i * step + pass.vector()
                            * vectorBytes)), scope.absolute(product.source(), scope.get("start").plus(word).plus(i)))));
                }
                Local t0 = add(loop, "t0", ones, bits.get(0), bits.get(1));
                Local t1 = add(loop, "t1", ones, bits.get(2), bits.get(3));
                Local f = add(loop, "f", twos, t0, t1);
                loop.assign(fours, fours.plus(VectorValue.bitCount(f)));
            });
        }
        Local count = body.declare("count", fours.shiftLeft(2).plus(VectorValue.bitCount(twos).shiftLeft(1))
                .plus(VectorValue.bitCount(ones)));
        if (rounds < product.words()) {
            body.loop("rest", Value.of(rounds), Value.of(product.words()), 1, (loop, word) -> {
                Local bits = loop.declare("bits", differences(weights, first.plus(word.to(ValueType.LONG)
                        .times(Value.of(step))).plus(Value.of(pass.vector() * vectorBytes)),
                        scope.absolute(product.source(), scope.get("start").plus(word))));
                loop.assign(count, count.plus(VectorValue.bitCount(bits)));
            });
        }
        // Counts of even channels lie in the lower halves of longs, those of odd ones go to the upper.
        Value inPlace = pass.vector() == 0 ? count : count.shiftLeft(Integer.SIZE);
        Value twice = VectorValue.reinterpret(inPlace, ValueType.INT).shiftLeft(1);
        Value.ArrayElement target = scope.element(product.accumulator(), scope.get("accumulator"));
        Lanes lanes = owner.lanes();
        lanes.write(body, target, (pass.vector() == 0 ? Value.of(0) : lanes.read(target)).minus(twice));
        return scope.end();
    }

    /** Where weights and a word of signs differ, of ternary ones those that are not zero. @param at of the weights */
    private Value differences(Local weights, Value at, Value word) {
        Value x = VectorValue.broadcast(longs, word);
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
