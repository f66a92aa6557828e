package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.code.ValueType.Primitive;
import dev.tern.compiler.code.ValueType.VectorOf;
import dev.tern.compiler.code.VectorValue;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.PopcountProduct;
import dev.tern.compiler.kernel.Producer.WeightForm;
import dev.tern.compiler.kernel.Window;
import dev.tern.runtime.layout.WeightLayout;
import java.util.Optional;

/**
 * Products of signs by binary or ternary weights in panels of shorts: each lane of a vector is a channel, and takes the
 * signs 16 at a time.
 *
 * <pre>
 * for each 16 signs: x = broadcast(16 bits of a[word]); counts += popcount of each byte of (x ^ w[panel][piece])
 * count = lower byte + upper byte
 * </pre>
 *
 * Counts of bytes do without the sums of eight bytes that counts of longs end in, and a product of nine taps of 16
 * channels takes nine vectors of weights for 16 channels of 256 bits, where longs take twelve.
 */
final class ShortProducts implements ColumnProducer {
    private static final int PIECES = Long.SIZE / Short.SIZE;
    private static final int EVEN_BYTES = 0xff00ff;
    private static final int LOWER = 0xffff;

    private final ProgramScope owner;
    private final PixelKernel kernel;
    private final PopcountProduct product;
    private final WeightLayout layout;
    private final VectorOf shorts;
    private final GatheredRows gathered;
    private Optional<Callee> pass = Optional.empty();

    ShortProducts(ProgramScope owner, PixelKernel kernel, PopcountProduct product) {
        this.owner = owner;
        this.kernel = kernel;
        this.product = product;
        this.gathered = new GatheredRows(owner, kernel, product);
        this.layout = product.bits().layout();
        this.shorts = new VectorOf(Primitive.SHORT, PIECES * layout.lanes());
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
            throw new IllegalArgumentException(rows + " rows, " + columns + " columns of panels of shorts at once");
        }
        int panelsPerColumn = Producer.COLUMN / layout.panelChannels();
        CallSequence calls = new CallSequence(owner, kernel, "panels" + count + "_", "row", "top", "left", "column");
        for (int i = 0; i * layout.panelChannels() < count; i++) {
            int panel = i;
            calls.add(caller -> caller.call(pass(), gathered.start(caller),
                    caller.get("column").times(panelsPerColumn).plus(panel),
                    Value.of(panel * layout.panelChannels())));
        }
        calls.addTo(scope, scope.body());
    }

    private Callee pass() {
        if (pass.isEmpty()) {
            pass = Optional.of(emit());
        }
        return pass.get();
    }

    /** A routine of {@code start}, {@code panel} and {@code accumulator}, the panel's first channel in its column. */
    private Callee emit() {
        RoutineScope scope = owner.routine(kernel, "shorts", "start", "panel", "accumulator");
        Block body = scope.body();
        Local weights = scope.segment(product.weights());
        int panels = (layout.channels() + layout.panelChannels() - 1) / layout.panelChannels();
        Local first = body.declare("first", MathFunction.MIN_INT.of(scope.get("panel").and(Value.of(Integer.MAX_VALUE)),
                Value.of(panels - 1)).to(ValueType.LONG).times(Value.of((long) layout.panelLength() * Long.BYTES)));
        Local counts = body.declare("counts", VectorValue.broadcast(bytes(), Value.of(0)));
        Local signs = null;
        for (int piece = 0; piece < layout.words(); piece++) {
            if (piece % PIECES == 0) {
                signs = body.declare(scope.fresh("signs"), scope.absolute(product.source(), scope.get("start").plus(
                        piece / PIECES)));
            }
            Value bits = Value.binary(Operator.SHIFT_RIGHT_UNSIGNED, signs, Value.of(piece % PIECES * Short.SIZE));
            Local x = body.declare(scope.fresh("x"), VectorValue.broadcast(shorts, bits.to(ValueType.INT).to(
                    Primitive.SHORT)));
            Value differences = differences(weights, first.plus(Value.of(piece * pieceBytes())), x);
            body.assign(counts, counts.plus(VectorValue.bitCount(VectorValue.reinterpret(differences,
                    Primitive.BYTE))));
        }
        // An int holds the two bytes of one channel and the two of the channel half a panel further.
        Local ints = body.declare("ints", VectorValue.reinterpret(counts, Primitive.INT));
        Local sums = body.declare("sums", ints.and(Value.of(EVEN_BYTES)).plus(upper(ints, Byte.SIZE).and(
                Value.of(EVEN_BYTES))));
        store(scope, 0, sums.and(Value.of(LOWER)));
        store(scope, layout.panelChannels() / 2, upper(sums, Short.SIZE));
        return scope.end();
    }

    private static Value upper(Value ints, int bits) {
        return Value.binary(Operator.SHIFT_RIGHT_UNSIGNED, ints, Value.of(bits));
    }

    private void store(RoutineScope scope, int channel, Value count) {
        owner.lanes().write(scope.body(), scope.element(product.accumulator(), scope.get("accumulator").plus(channel)),
                Value.of(0).minus(count.shiftLeft(1)));
    }

    private VectorOf bytes() {
        return new VectorOf(Primitive.BYTE, Long.BYTES * layout.lanes());
    }

    /** Bytes of the weights of a panel for 16 signs. */
    private long pieceBytes() {
        return (long) layout.planes() * layout.lanes() * Long.BYTES;
    }

    /** Where weights and signs differ, of ternary ones those that are not zero. @param at of the weights */
    private Value differences(Local weights, Value at, Local x) {
        Value one = VectorValue.loadFromMemory(shorts, weights, at);
        return product.form() == WeightForm.BINARY
                ? one.xor(x)
                : VectorValue.loadFromMemory(shorts, weights, at.plus(Value.of((long) layout.lanes() * Long.BYTES)))
                        .xor(x).and(one);
    }
}
