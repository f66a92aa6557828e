package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.kernel.ChannelParts;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.Producer.MultiplyProduct;
import dev.tern.compiler.kernel.Window;
import dev.tern.compiler.kernel.schedule.ProductSchedule.ChannelsFirst;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Products in plain loops along rows, see {@link ChannelParts} for what lies where.
 *
 * <pre>
 * for part of the output:
 *     for channel of the input: lay out its values in int or f32, with their padding
 *     for group of channels of the output:
 *         for four values of a window: copy what the taps see of all positions to where the loops read it
 *             for two channels:
 *                 for n in positions: sums[n] += v0[n] * w00 + ... + v3[n] * w03
 *                                     sums'[n] += v0[n] * w10 + ... + v3[n] * w13
 *         for channel, position: rows[position][channel] = sums[channel][position]
 *     for row: epilogue
 * </pre>
 *
 * C2 makes vector code of a loop over elements of one type where what is read and what is written begin at distances
 * that are literals; hence the copies, and loops of their own for each two channels of a group. Loops over the channels
 * of a row are too short where these are few: of 64 elements C2 takes eight one by one.
 */
final class ChannelKernels implements RowsGenerator {
    private static final int VALUES = ChannelsFirst.VALUES;
    /** Channels of the output in a loop: eight products, and of more C2 makes no vector code. */
    private static final int TOGETHER = 2;

    private final ProgramScope owner;
    private final PixelKernel kernel;
    private final MultiplyProduct product;
    private final Geometry geometry;
    private final ChannelParts parts;
    private final ValueType.Primitive factors;
    private final Epilogues epilogues;

    ChannelKernels(ProgramScope owner, PixelKernel kernel, MultiplyProduct product) {
        this.owner = owner;
        this.kernel = kernel;
        this.product = product;
        this.geometry = product.window().geometry();
        this.parts = ChannelParts.of(product);
        this.factors = product.floating() ? ValueType.FLOAT : ValueType.INT;
        this.epilogues = new Epilogues(owner, kernel, new Sums());
    }

    /** The sums of a row; where they begin is the epilogue's {@code left}. */
    private final class Sums implements RowProducer {
        @Override
        public Window window() {
            return product.window();
        }

        @Override
        public void addTo(RoutineScope scope) {
            throw new IllegalStateException("lines are computed before their rows");
        }

        @Override
        public Value value(RoutineScope scope, Value n, Value i, Lanes lanes) {
            return lanes.read(scope.element(product.accumulator(), scope.get("left").plus(n)));
        }
    }

    /** Its units of work are parts. */
    @Override
    public KernelRoutines routines() {
        Callee some = someRows(parts.rows());
        RoutineScope scope = owner.routine(kernel, "");
        beginnings().forEach(beginning -> scope.body().call(scope.call(beginning)));
        scope.body().call(scope.call(some, Value.of(0), Value.of(parts.count())));
        return new KernelRoutines(scope.end(), Optional.of(some).filter(p -> parts.count() > 1 && rowsAreApart()),
                parts.count());
    }

    @Override
    public List<Callee> beginnings() {
        return epilogues.beginnings();
    }

    @Override
    public boolean rowsAreApart() {
        return epilogues.rowsAreApart();
    }

    /** Rows may begin and end within a part: it is computed, and some of its rows go on. */
    @Override
    public Callee someRows(int unit) {
        Callee part = part();
        Callee finish = finish();
        RoutineScope scope = owner.routine(kernel, "rows", "from", "to");
        Units rows = Units.of(scope, unit, product.rows());
        Local begins = scope.body().declare("begins", rows.from().dividedBy(Value.of(parts.rows())));
        Local ends = scope.body().declare("ends", rows.to().plus(parts.rows() - 1).dividedBy(Value.of(parts.rows())));
        scope.body().loop("part", begins, ends, 1, (loop, number) -> {
            Local first = loop.declare("first", number.times(parts.rows()));
            loop.call(scope.call(part, number));
            loop.call(scope.call(finish, first, MathFunction.MAX_INT.of(first, rows.from()), MathFunction.MIN_INT.of(
                    first.plus(parts.rows()), rows.to())));
        });
        return scope.end();
    }

    /** A routine of {@code first}, {@code begin} and {@code stop}: the epilogue of some rows of a part. */
    private Callee finish() {
        Callee epilogue = epilogues.row();
        RoutineScope scope = owner.routine(kernel, "finish", "first", "begin", "stop");
        scope.body().loop("row", scope.get("begin"), scope.get("stop"), 1, (loop, row) -> {
            Local place = loop.declare("place", row.minus(scope.get("first")));
            Value width = Value.of(parts.lineRows());
            Value position = parts.oneLine()
                    ? place
                    : place.dividedBy(width).times(parts.pitch()).plus(Value.binary(Operator.REMAINDER, place, width));
            loop.call(scope.call(epilogue, row, Value.of(0), position.times(parts.channels()).plus(parts.rowSums())));
        });
        return scope.end();
    }

    /** A routine of {@code number}: all sums of a part. */
    private Callee part() {
        int depth = product.shape().depth();
        int channels = parts.channels();
        Callee layOut = layOut();
        Callee take = take();
        Callee clear = clear();
        Callee keep = keep();
        List<Callee> sums = sums();
        RoutineScope group = owner.routine(kernel, "group", "channel");
        group.body().call(group.call(clear));
        group.body().loop("k", Value.of(0), Value.of(depth), VALUES, (loop, k) -> {
            // Of what is left the last values are taken; those that were taken before count as nothing.
            Value first = depth % VALUES == 0
                    ? k
                    : loop.declare("from", MathFunction.MIN_INT.of(k, Value.of(depth - VALUES)));
            loop.call(depth % VALUES == 0
                    ? group.call(take, first)
                    : group.call(take, first, k.minus(first)));
            Local weights = loop.declare("weights", first.times(channels).plus(group.get("channel")));
            for (int i = 0; i < sums.size(); i++) {
                loop.call(group.call(sums.get(i), weights.plus(i * ChannelsFirst.CHANNELS)));
            }
        });
        group.body().call(group.call(keep, group.get("channel")));
        Callee each = group.end();
        RoutineScope scope = owner.routine(kernel, "part", "number");
        scope.body().call(scope.call(layOut, scope.get("number")));
        // The last channels of all are a group, whether or not some of them were in the one before.
        scope.body().loop("channel", Value.of(0), Value.of(channels), parts.group(), (loop, channel) -> loop.call(scope
                .call(each, channels % parts.group() == 0
                        ? channel
                        : MathFunction.MIN_INT.of(channel, Value.of(channels - parts.group())))));
        return scope.end();
    }

    /** A routine that begins the sums of a group. */
    private Callee clear() {
        RoutineScope scope = owner.routine(kernel, "clear");
        Value nothing = Value.of(0).to(factors);
        scope.body().loop("n", parts.sums(), parts.rowSums(), (loop, n) -> loop.store(element(scope, n), nothing));
        return scope.end();
    }

    /** A routine of {@code channel}: the sums of a group, from that channel on, to where the epilogue reads them. */
    private Callee keep() {
        RoutineScope scope = owner.routine(kernel, "keep", "channel");
        scope.body().loop("i", 0, parts.group(), (outer, i) -> {
            Local from = outer.declare("from", i.times(parts.positions()).plus(parts.sums()));
            Local to = outer.declare("to", scope.get("channel").plus(i).plus(parts.rowSums()));
            outer.loop("n", 0, parts.positions(), (loop, n) -> loop.store(element(scope, to.plus(n.times(parts
                    .channels()))), element(scope, from.plus(n))));
        });
        return scope.end();
    }

    /**
     * A routine of {@code first} and, if some values may be left over, {@code skipped}: values of the window, from the
     * first on, of all positions to where the loops read them, and zeros for those that are skipped.
     */
    private Callee take() {
        int depth = product.shape().depth();
        boolean skips = depth % VALUES != 0;
        Callee nothing = skips ? nothing() : null;
        RoutineScope scope = skips
                ? owner.routine(kernel, "take", "first", "skipped")
                : owner.routine(kernel, "take", "first");
        scope.body().loop("i", 0, VALUES, (loop, i) -> {
            Local target = loop.declare("target", i.times(parts.positions()));
            if (skips) {
                loop.when(i.lessThan(scope.get("skipped")), block -> block.call(scope.call(nothing, target)),
                        block -> copy(scope, block, scope.get("first").plus(i), target));
            } else {
                copy(scope, loop, scope.get("first").plus(i), target);
            }
        });
        return scope.end();
    }

    /** A routine of {@code target}: zeros where the loops read values. */
    private Callee nothing() {
        RoutineScope scope = owner.routine(kernel, "nothing", "target");
        scope.body().loop("n", 0, parts.positions(), (loop, n) -> loop.store(element(scope, scope.get("target").plus(
                n)), Value.of(0).to(factors)));
        return scope.end();
    }

    /** What all positions see of a value of the window. @param value tap * input channels + channel */
    private void copy(RoutineScope scope, Block block, Value value, Local target) {
        Geometry g = geometry;
        Local number = block.declare("value", value);
        Local tap = block.declare("tap", number.dividedBy(Value.of(parts.inputChannels())));
        Value channel = number.minus(tap.times(parts.inputChannels()));
        Local line = block.declare("tapLine", tap.dividedBy(Value.of(g.kernelWidth())));
        Value column = tap.minus(line.times(g.kernelWidth()));
        Local y = block.declare("down", line.times(g.dilationHeight()));
        Local x = block.declare("right", column.times(g.dilationWidth()));
        Value image = channel.times(parts.phases()).plus(phase(y, g.strideHeight()).times(parts.horizontalPhases()))
                .plus(phase(x, g.strideWidth()));
        Value source = image.times(parts.slot()).plus(parts.images()).plus(whole(y, g.strideHeight()).times(parts
                .pitch())).plus(whole(x, g.strideWidth()));
        block.copy(element(scope, source), element(scope, target), Value.of(parts.positions()));
    }

    private static Value phase(Value distance, int stride) {
        return stride == 1 ? Value.of(0) : Value.binary(Operator.REMAINDER, distance, Value.of(stride));
    }

    private static Value whole(Value distance, int stride) {
        return stride == 1 ? distance : distance.dividedBy(Value.of(stride));
    }

    /** Routines of {@code weights}, where those of the first value and channel lie: eight channels of a group each. */
    private List<Callee> sums() {
        List<Callee> routines = new ArrayList<>();
        for (int from = 0; from < parts.group(); from += ChannelsFirst.CHANNELS) {
            RoutineScope scope = owner.routine(kernel, "sums" + from, "weights");
            for (int channel = 0; channel < ChannelsFirst.CHANNELS; channel += TOGETHER) {
                loop(scope, from, channel);
            }
            routines.add(scope.end());
        }
        return routines;
    }

    /** The loop of two channels. @param from the routine's first channel in the group, @param channel in the routine */
    private void loop(RoutineScope scope, int from, int channel) {
        Local weights = scope.constant(product.weights());
        Value[][] factor = new Value[TOGETHER][VALUES];
        for (int i = 0; i < TOGETHER; i++) {
            for (int k = 0; k < VALUES; k++) {
                factor[i][k] = scope.body().declare("w" + (channel + i) + "_" + k, weights.at(scope.get("weights").plus(
                        k * parts.channels() + channel + i)).to(factors));
            }
        }
        scope.body().loop(scope.fresh("n"), 0, parts.positions(), (loop, n) -> {
            for (int i = 0; i < TOGETHER; i++) {
                Value.ArrayElement accumulator = element(scope, n.plus(parts.sums() + (from + channel + i) * parts
                        .positions()));
                Value sum = accumulator;
                for (int k = 0; k < VALUES; k++) {
                    sum = sum.plus(element(scope, n.plus(k * parts.positions())).times(factor[i][k]));
                }
                loop.store(accumulator, sum);
            }
        });
    }

    /** A routine of {@code number}: what the taps of a part see, channel by channel. */
    private Callee layOut() {
        Callee line = line();
        RoutineScope scope = owner.routine(kernel, "lay_out", "number");
        Local begin = scope.body().declare("begin", scope.get("number").times(parts.step()));
        Value pitch = Value.of(parts.pitch());
        Local last = scope.body().declare("last", begin.plus(parts.slot() - 1).dividedBy(pitch));
        scope.body().loop("line", begin.dividedBy(pitch), last.plus(1), 1, (loop, number) -> {
            Local at = loop.declare("at", number.times(parts.pitch()).minus(begin));
            loop.loop("down", 0, parts.verticalPhases(), (rows, down) -> rows.loop("right", 0, parts.horizontalPhases(),
                    (inner, right) -> inner.call(scope.call(line, number.times(geometry.strideHeight()).plus(down)
                            .plus(-geometry.padTop()), right, at, down.times(parts.horizontalPhases()).plus(right)
                                    .times(parts.slot()).plus(parts.images())))));
        });
        return scope.end();
    }

    /**
     * A routine of {@code y}, {@code right}, {@code at} and {@code base}: a line of the images of a phase, the first of
     * which begins at the base, from a place on that may lie before or behind it.
     */
    private Callee line() {
        Callee padding = padding();
        Callee values = values();
        int stride = geometry.strideWidth();
        RoutineScope scope = owner.routine(kernel, "line", "y", "right", "at", "base");
        Block body = scope.body();
        Local at = scope.get("at");
        Local base = scope.get("base");
        Value right = scope.get("right");
        Value inFront = Value.of(geometry.padLeft() + stride - 1).minus(right).dividedBy(Value.of(stride));
        Value behind = Value.of(parts.inputWidth() - 1 + geometry.padLeft() + stride).minus(right).dividedBy(Value.of(
                stride));
        Local begin = body.declare("begin", clamped(at));
        Local end = body.declare("end", clamped(at.plus(parts.pitch())));
        Local from = body.declare("from", clamped(at.plus(inFront)));
        Local to = body.declare("to", MathFunction.MAX_INT.of(from, MathFunction.MIN_INT.of(end, clamped(at.plus(
                behind)))));
        body.when(WindowTaps.within(scope.get("y"), parts.inputHeight()), block -> {
            Local pixel = block.declare("pixel", scope.get("y").times(parts.inputWidth()).plus(from.minus(at).times(
                    stride)).plus(right).plus(-geometry.padLeft()));
            block.call(scope.call(padding, base.plus(begin), from.minus(begin)));
            block.call(scope.call(values, pixel, base.plus(from), to.minus(from)));
            block.call(scope.call(padding, base.plus(to), end.minus(to)));
        }, block -> block.call(scope.call(padding, base.plus(begin), end.minus(begin))));
        return scope.end();
    }

    /** A place in an image, or one of its ends. */
    private Value clamped(Value place) {
        return MathFunction.MAX_INT.of(Value.of(0), MathFunction.MIN_INT.of(Value.of(parts.slot()), place));
    }

    /** A routine of {@code target} and {@code count}: what the padding counts as, in the images of all channels. */
    private Callee padding() {
        RoutineScope scope = owner.routine(kernel, "padding", "target", "count");
        Value padding = Value.of(switch (product.padding()) {
            case ZERO -> 0;
            case PLUS_ONE -> 1;
            case MINUS_ONE -> -1;
        }).to(factors);
        eachImage(scope, (loop, channel, to, n) -> loop.store(element(scope, to.plus(n)), padding));
        return scope.end();
    }

    /** A routine of {@code pixel}, {@code target} and {@code count}: pixels of a line to the images of all channels. */
    private Callee values() {
        RoutineScope scope = owner.routine(kernel, "values", "pixel", "target", "count");
        boolean perRow = product.zero().filter(Scales::perRow).isPresent();
        Value same = product.zero().filter(source -> !Scales.perRow(source)).map(source -> Scales.zeroBeforeLoops(scope,
                source)).orElse(Value.of(0));
        eachImage(scope, (loop, channel, to, n) -> {
            Value pixel = scope.get("pixel").plus(n.times(geometry.strideWidth()));
            Value value = scope.loaded(product.input(), pixel.times(parts.inputChannels()).plus(channel), product
                    .elements());
            Value zero = perRow ? Scales.zero(scope, product.zero().get(), pixel) : same;
            Value real = product.zero().isPresent() ? value.minus(zero) : value;
            loop.store(element(scope, to.plus(n)), real.to(factors));
        });
        return scope.end();
    }

    private interface Pixel {
        void accept(Block block, Value channel, Value target, Value n);
    }

    /** Loops over channels and {@code count} elements of their images from {@code target} on. */
    private void eachImage(RoutineScope scope, Pixel each) {
        scope.body().loop("channel", 0, parts.inputChannels(), (outer, channel) -> {
            Local to = outer.declare("to", channel.times(parts.phases() * parts.slot()).plus(scope.get("target")));
            outer.loop("n", Value.of(0), scope.get("count"), 1, (loop, n) -> each.accept(loop, channel, to, n));
        });
    }

    private Value.ArrayElement element(RoutineScope scope, Value index) {
        return scope.element(product.accumulator(), index);
    }
}
