package dev.tern.compiler.bytecode.program;

import dev.tern.compiler.bytecode.Block;
import dev.tern.compiler.bytecode.Callee;
import dev.tern.compiler.bytecode.Constant;
import dev.tern.compiler.bytecode.JavaMath;
import dev.tern.compiler.bytecode.Local;
import dev.tern.compiler.bytecode.Value;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The loop over a row's channels that takes each value from the producer through the epilogue's steps to its stores.
 * With a store of planes the loop runs by words of 64 channels.
 */
final class Epilogues {
    private final ClassScope owner;
    private final PixelKernel kernel;
    private final int channels;

    Epilogues(ClassScope owner, PixelKernel kernel) {
        this.owner = owner;
        this.kernel = kernel;
        this.channels = kernel.producer().channels();
    }

    /** A method of {@code row}, {@code top} and {@code left}. */
    Callee method() {
        MethodScope scope = owner.method(kernel, "epilogue", "row", "top", "left");
        Producer producer = kernel.producer();
        List<PlaneStore> planes = kernel.epilogue().stream().filter(Step.StorePlanes.class::isInstance)
                .map(step -> new PlaneStore(scope, (Step.StorePlanes) step, owner.program(), producer)).toList();
        EpilogueSteps steps = new EpilogueSteps(scope, owner.program(), kernel, planes);
        BiConsumer<Block, Value> channel = (block, n) -> {
            EpilogueSteps.Flow flow = new EpilogueSteps.Flow(produced(scope, n));
            for (Step step : kernel.epilogue()) {
                flow = steps.apply(block, step, flow, n);
            }
        };
        if (planes.isEmpty()) {
            scope.body().loop("n", 0, channels, channel::accept);
        } else if (channels <= 64) {
            word(scope, scope.body(), Value.of(0), Value.of(channels), planes, channel);
        } else {
            scope.body().loop("word", 0, channels + 63 >>> 6, (block, word) -> {
                Value left = Value.of(channels).minus(word.shiftLeft(6));
                Value count = channels % 64 == 0
                        ? Value.of(64)
                        : block.declare("count", JavaMath.MIN_INT.of(Value.of(64), left));
                word(scope, block, word, count, planes, channel);
            });
        }
        return scope.end();
    }

    /** The channels of one word. Codes of several planes are taken eight at a time, see {@link PlaneStore}. */
    private void word(MethodScope scope, Block block, Value word, Value count, List<PlaneStore> planes,
            BiConsumer<Block, Value> channel) {
        planes.forEach(store -> store.begin(block));
        boolean first = word instanceof Constant;
        Value start = first ? word : block.declare("start", word.shiftLeft(6));
        if (planes.stream().noneMatch(PlaneStore::byEights)) {
            block.loop("bit", Value.of(0), count, 1, (loop, bit) -> {
                planes.forEach(store -> store.at(bit, bit));
                channel.accept(loop, first ? bit : loop.declare("n", start.plus(bit)));
            });
        } else {
            block.loop("eighth", Value.of(0), count, 8, (outer, eighth) -> {
                planes.forEach(store -> store.beginEight(outer));
                outer.loop("i", Value.of(0), upToEight(outer, count, eighth), 1, (loop, i) -> {
                    Local bit = loop.declare("bit", eighth.plus(i));
                    planes.forEach(store -> store.at(bit, i));
                    channel.accept(loop, first ? bit : loop.declare("n", start.plus(bit)));
                });
                planes.forEach(store -> store.endEight(outer, eighth));
            });
        }
        planes.forEach(store -> store.end(block, word, count));
    }

    private static Value upToEight(Block block, Value count, Local eighth) {
        boolean whole = count instanceof Constant constant && (Integer) constant.literal() % 8 == 0;
        return whole ? Value.of(8) : block.declare("end", JavaMath.MIN_INT.of(Value.of(8), count.minus(eighth)));
    }

    /** The producer's value for a channel of the row. */
    private Value produced(MethodScope scope, Value n) {
        return switch (kernel.producer()) {
            case Producer.Load load -> scope.loaded(load.input(), inRow(scope, n), load.code());
            case Producer.LoadConstant load ->
                MethodScope.code(scope.constant(load.constant()).at(inRow(scope, n)), load.code());
            case Producer.PopcountProduct product -> {
                Value sum = scope.element(product.accumulator(), n).plus(scope.perChannel(product.sums(), n));
                yield product.weightSums().<Value>map(sums -> sum
                        .minus(measuredZero(scope, product).times(scope.constant(sums).at(n)))).orElse(sum);
            }
            case Producer.MultiplyProduct product -> scope.element(product.accumulator(), n);
            case Producer.Pool pool -> Pools.direct(pool)
                    ? Pools.value(scope, pool, n)
                    : scope.element(pool.accumulator(), n);
        };
    }

    private Value measuredZero(MethodScope scope, Producer.PopcountProduct product) {
        return scope.beforeLoops("zero", zero(scope, product, owner.program().buffer(product.zero().orElseThrow())));
    }

    /** The zero point of a row: one for all, or one for each. */
    static Value zero(MethodScope scope, Producer.PopcountProduct product, Buffer zeros) {
        BufferId id = product.zero().orElseThrow();
        return scope.element(id, zeros.length() == 1 ? Value.of(0) : scope.get("row"));
    }

    private Value inRow(MethodScope scope, Value n) {
        return kernel.producer().rows() == 1
                ? n
                : scope.beforeLoops("input", scope.get("row").times(channels)).plus(n);
    }

    /** Whether the kernel must clear a flattened output before its first row, because rows share words. */
    static boolean sharesWords(Producer producer, Step.StorePlanes store) {
        return store.flattened() && producer.rows() > 1 && producer.channels() % 64 != 0;
    }

    /** A method without parameters that prepares a buffer in which rows are gathered, if the store is of that kind. */
    Optional<Callee> beginning(Step.Store store) {
        return switch (store) {
            case Step.StorePlain plain -> Optional.empty();
            case Step.StorePlanes planes when !sharesWords(kernel.producer(), planes) -> Optional.empty();
            case Step.StorePlanes planes -> Optional.of(filled(planes.output(), Value.of(0L)));
            case Step.Fold(var kind, var output) -> Optional.of(switch (kind) {
                case SUM -> filled(output, Value.of(0f));
                case RANGE -> filled(output, Value.of(Float.POSITIVE_INFINITY),
                        Value.of(Float.NEGATIVE_INFINITY));
            });
        };
    }

    /** A method that fills equal parts of a buffer with these values. */
    private Callee filled(BufferId output, Value... values) {
        MethodScope scope = owner.method(kernel, "begin" + output.index());
        int part = owner.program().buffer(output).length() / values.length;
        for (int i = 0; i < values.length; i++) {
            Value value = values[i];
            scope.body().loop(scope.fresh("i"), i * part, (i + 1) * part,
                    (loop, element) -> loop.store(scope.element(output, element), value));
        }
        return scope.end();
    }
}
