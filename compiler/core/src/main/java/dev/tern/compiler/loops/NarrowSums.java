package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.code.ValueType.Primitive;
import dev.tern.compiler.code.ValueType.VectorOf;
import dev.tern.compiler.code.VectorValue;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.TileProduct;
import dev.tern.compiler.kernel.TileBlock;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles.Lane;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What becomes of the sums of a tile in lanes of 16 bits, in routines of their own, for what C2 inlines into one method
 * has a limit. They lie behind the accumulators, those of one tile alone.
 *
 * <p>Two sums of a channel in 16 bits each are added to its accumulator. Sums of two channels in the bytes of 16 bits,
 * {@code s = 128 + low + 256 high}, go into shorts first, and after many passes into the accumulators:
 *
 * <pre>
 * highs += s >> 8; all += s; ...; low = all - 256 highs - 128 passes (modulo 2^16)
 * </pre>
 *
 * As a sum starts at 128 the lower byte borrows nothing from the upper.
 */
final class NarrowSums {
    /**
     * Vectors of shorts that one routine takes into the accumulators. With twice as many C2 comes to as many nodes as
     * it inlines into one method at once, in a JVM that has noted many classes of vectors, and what it inlines later
     * are objects.
     */
    private static final int MOST_FINISHED = 4;
    /** The same where sums begin with numbers of their own. */
    private static final int MOST_STARTED = 2;

    private final ProgramScope owner;
    private final PixelKernel kernel;
    private final TileProduct product;
    private final Tiles tiles;
    private final Lanes lanes;
    private final Map<String, Callee> routines = new HashMap<>();

    NarrowSums(ProgramScope owner, PixelKernel kernel, TileProduct product) {
        this.owner = owner;
        this.kernel = kernel;
        this.product = product;
        this.tiles = (Tiles) kernel.schedule();
        this.lanes = new Lanes(product.lanes());
    }

    /** What a sum of 16 bits starts with. */
    static int start(TileProduct product) {
        return product.lane() == Lane.I8 ? 1 << Byte.SIZE - 1 : 0;
    }

    /** What lies behind the accumulators, each of as many vectors as a tile has; of bytes the sums of each pass. */
    private enum Part {
        HIGHS, ALL, SUMS
    }

    private Value.ArrayElement at(RoutineScope scope, Part part, int vectors, Value row, int vector) {
        int parts = product.lane() == Lane.I8 ? part.ordinal() : 0;
        return scope.element(product.accumulator(), row.times(vectors * product.lanes()).plus(TileBlock.of(
                product.shape()).count() * Producer.COLUMN + parts * tileLength() + vector * product.lanes()));
    }

    /** Elements of all vectors of a tile. */
    private int tileLength() {
        return tiles.rows() * tiles.vectors() * product.lanes();
    }

    private Value shorts(RoutineScope scope, Part part, int vectors, Value row, int vector) {
        return VectorValue.reinterpret(lanes.read(at(scope, part, vectors, row, vector)), Primitive.SHORT);
    }

    /** Leaves a sum of a tile for the routines of this class. @param pass of those that wait */
    void store(RoutineScope scope, Block block, Value pass, int vectors, int row, int vector, Value sum) {
        store(block, waiting(scope, pass, vectors, Value.of(row), vector), sum);
    }

    private void store(Block block, Value.ArrayElement target, Value shorts) {
        lanes.write(block, target, VectorValue.reinterpret(shorts, ValueType.INT));
    }

    private Value.ArrayElement waiting(RoutineScope scope, Value pass, int vectors, Value row, int vector) {
        Value.ArrayElement first = at(scope, Part.SUMS, vectors, row, vector);
        return new Value.ArrayElement(first.array(), first.index().plus(pass.times(tileLength())));
    }

    /** Puts sums into the accumulators of neighbouring channels. @param first whether nothing is there yet */
    private void store(RoutineScope scope, Value sum, Value index, boolean first) {
        Value.ArrayElement target = scope.element(product.accumulator(), index);
        lanes.write(scope.body(), target, first ? sum : lanes.read(target).plus(sum));
    }

    /** A routine of {@code accumulator} that takes sums of 16 bits into it, those of a channel together. */
    Callee widening(int rows, int vectors, boolean adds) {
        return routines.computeIfAbsent("widen" + rows + "x" + vectors + (adds ? "add" : ""), name -> {
            RoutineScope scope = owner.routine(kernel, name, "accumulator");
            for (int row = 0; row < rows; row++) {
                for (int i = 0; i < vectors; i++) {
                    Local both = scope.body().declare("both" + row + "_" + i, lanes.read(at(scope, Part.SUMS, vectors,
                            Value.of(
                                    row), i)));
                    store(scope, first(both).plus(second(both)), accumulator(scope, row, i),
                            !adds);
                }
            }
            return scope.end();
        });
    }

    /**
     * A routine that takes waiting sums of bytes into shorts.
     *
     * @param passes that wait
     * @param adds whether some are there
     */
    Callee shorts(int rows, int vectors, int passes, boolean adds) {
        return routines.computeIfAbsent("shorts" + rows + "x" + vectors + "of" + passes + (adds ? "add" : ""), name -> {
            RoutineScope scope = owner.routine(kernel, name);
            scope.body().loop("row", 0, rows, (block, row) -> {
                List<Local> highs = new ArrayList<>();
                List<Local> all = new ArrayList<>();
                for (int i = 0; i < vectors; i++) {
                    highs.add(block.declare("highs" + i, begun(scope, Part.HIGHS, vectors, row, i, adds)));
                    all.add(block.declare("all" + i, begun(scope, Part.ALL, vectors, row, i, adds)));
                }
                block.loop("pass", 0, passes, (loop, pass) -> {
                    for (int i = 0; i < vectors; i++) {
                        Local sum = loop.declare("sum" + i, VectorValue.reinterpret(lanes.read(waiting(scope, pass,
                                vectors,
                                row, i)), Primitive.SHORT));
                        loop.assign(highs.get(i), highs.get(i).plus(sum.shiftRight(Byte.SIZE)));
                        loop.assign(all.get(i), all.get(i).plus(sum));
                    }
                });
                for (int i = 0; i < vectors; i++) {
                    store(block, at(scope, Part.HIGHS, vectors, row, i), highs.get(i));
                    store(block, at(scope, Part.ALL, vectors, row, i), all.get(i));
                }
            });
            return scope.end();
        });
    }

    private Value begun(RoutineScope scope, Part part, int vectors, Value row, int vector, boolean adds) {
        return adds
                ? shorts(scope, part, vectors, row, vector)
                : VectorValue.broadcast(new VectorOf(Primitive.SHORT, 2 * product.lanes()), Value.of(0));
    }

    /**
     * Routines of {@code accumulator} and {@code channel}, its first one, that take shorts into it, each for some of
     * the rows: one alone may be too long.
     *
     * @param passes whose sums the shorts hold
     * @param adds whether the accumulators hold something
     */
    List<Callee> finish(int rows, int vectors, int passes, boolean adds) {
        int most = Math.max(1, (product.starts().isPresent() ? MOST_STARTED : MOST_FINISHED) / vectors);
        return IntStream.iterate(0, from -> from < rows, from -> from + most)
                .mapToObj(from -> finish(from, Math.min(rows, from + most), vectors, passes, adds)).toList();
    }

    private Callee finish(int from, int end, int vectors, int passes, boolean adds) {
        String name = "finish" + (from == 0 ? "" : from + "_") + end + "x" + vectors + "_" + passes + (adds
                ? "add"
                : "");
        return routines.computeIfAbsent(name, absent -> {
            RoutineScope scope = owner.routine(kernel, absent, "accumulator", "channel");
            Value starts = VectorValue.broadcast(new VectorOf(Primitive.SHORT, 2 * product.lanes()),
                    Value.of((int) (short) (start(product) * passes)));
            for (int row = from; row < end; row++) {
                for (int i = 0; i < vectors; i++) {
                    String suffix = row + "_" + i;
                    Local highs = scope.body().declare("highs" + suffix, shorts(scope, Part.HIGHS, vectors, Value.of(
                            row), i));
                    Local lows = scope.body().declare("lows" + suffix, VectorValue.reinterpret(shorts(scope, Part.ALL,
                            vectors, Value.of(row), i).minus(highs.shiftLeft(Byte.SIZE)).minus(starts), ValueType.INT));
                    Local upper = scope.body().declare("upper" + suffix, VectorValue.reinterpret(highs, ValueType.INT));
                    Value[] quarters = {first(lows), second(lows), first(upper), second(upper)};
                    for (int quarter = 0; quarter < quarters.length; quarter++) {
                        int part = quarters.length * i + quarter;
                        Value sum = quarters[quarter];
                        store(scope, adds ? sum : fromStart(scope, part, sum),
                                accumulator(scope, row, part), !adds);
                    }
                }
            }
            return scope.end();
        });
    }

    private Value fromStart(RoutineScope scope, int vector, Value sum) {
        return product.starts().map(starts -> sum.plus(lanes.read(scope.constant(starts).at(
                scope.get("channel").plus(vector * product.lanes()))))).orElse(sum);
    }

    /** Of the shorts in ints the lower one, with its sign. */
    private static Value first(Value ints) {
        return ints.shiftLeft(Short.SIZE).shiftRight(Short.SIZE);
    }

    private static Value second(Value ints) {
        return ints.shiftRight(Short.SIZE);
    }

    private Value accumulator(RoutineScope scope, int row, int vector) {
        return scope.get("accumulator").plus(row * Producer.COLUMN + vector * product.lanes());
    }
}
