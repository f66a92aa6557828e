package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.code.ValueType.VectorOf;
import dev.tern.compiler.code.VectorValue;
import dev.tern.compiler.kernel.Kernel.WidenImage;
import dev.tern.compiler.kernel.PaddedImage;
import dev.tern.compiler.kernel.Step.ZeroSource;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles.Lane;

/**
 * Codes or f32 as f32, or codes as shorts, in pairs or each twice, with their padding around them: line by line, a
 * vector at a time, then the rest one by one. Where pixels lie as close in the output as in the input a line is one run
 * of values.
 */
final class Images implements KernelGenerator {
    private final ProgramScope owner;
    private final WidenImage kernel;
    private final PaddedImage image;
    private final boolean rowByRow;
    /** Elements of the output from one pixel to the next. */
    private final int pixel;
    /** How many of them the channels of a pixel take. */
    private final int taken;

    Images(ProgramScope owner, WidenImage kernel) {
        this.owner = owner;
        this.kernel = kernel;
        this.image = kernel.image();
        this.pixel = kernel.pixelElements();
        this.taken = kernel.lane() == Lane.I16 ? (kernel.channels() + 1) / 2 : kernel.channels();
        boolean zeroPerRow = kernel.zero().isPresent() && kernel.zero().get() instanceof ZeroSource.Measured measured
                && measured.perRow();
        this.rowByRow = zeroPerRow || kernel.pitch() > kernel.channels();
    }

    /** Its units of work are lines of the output, or rows where each is taken by itself. */
    @Override
    public KernelRoutines routines() {
        boolean single = !image.padded() && (rowByRow || image.height() == 1);
        int lines = single ? image.inside() : image.top() + image.height() + image.bottom();
        Callee run = run(rowByRow || single ? kernel.channels() : image.width() * kernel.channels());
        Callee fill = image.padded() || taken < pixel ? fill() : null;
        RoutineScope scope = owner.routine(kernel, "lines", "from", "to");
        scope.body().loop("line", scope.get("from"), scope.get("to"), 1, (loop, line) -> {
            if (single) {
                row(scope, loop, run, fill, line, line);
                return;
            }
            int lineLength = image.paddedWidth() * pixel;
            Local first = loop.declare("first", line.times(lineLength));
            if (!image.padded()) {
                pixels(scope, loop, run, fill, line, first);
                return;
            }
            Local y = loop.declare("y", line.minus(Value.of(image.top())));
            loop.when(WindowTaps.within(y, image.height()), block -> {
                fill(scope, block, fill, first, image.left() * pixel, kernel.margin());
                pixels(scope, block, run, fill, y, first.plus(image.left() * pixel));
                fill(scope, block, fill, first.plus((image.left() + image.width()) * pixel),
                        image.right() * pixel, kernel.margin());
            }, block -> fill(scope, block, fill, first, lineLength, kernel.margin()));
        });
        return KernelRoutines.divided(owner, kernel, scope.end(), lines);
    }

    /** The pixels of a line. @param y of the input, @param target index of the first value */
    private void pixels(RoutineScope scope, Block block, Callee run, Callee fill, Value y, Value target) {
        if (!rowByRow) {
            block.call(scope.call(run, y.times(image.width() * kernel.channels()), target, Value.of(0)));
            return;
        }
        Local row = block.declare("row", y.times(image.width()));
        Local start = block.declare("start", target);
        block.loop("x", 0, image.width(), (loop, x) -> pixel(scope, loop, run, fill, row.plus(x),
                start.plus(x.times(pixel))));
    }

    private void row(RoutineScope scope, Block block, Callee run, Callee fill, Value row, Value outputRow) {
        pixel(scope, block, run, fill, row, outputRow.times(pixel));
    }

    private void pixel(RoutineScope scope, Block block, Callee run, Callee fill, Value row, Value target) {
        block.call(scope.call(run, row.times(kernel.channels()), target, row));
        fill(scope, block, fill, target.plus(taken), pixel - taken, 0);
    }

    private static void fill(RoutineScope scope, Block block, Callee fill, Value target, int count, int value) {
        if (count > 0) {
            block.call(scope.call(fill, target, Value.of(count), Value.of(value)));
        }
    }

    /** A routine of {@code target}, {@code count} and {@code value} that writes the same number so often. */
    private Callee fill() {
        RoutineScope scope = owner.routine(kernel, "fill", "target", "count", "value");
        Local value = scope.body().declare("number", kernel.lane() == Lane.F32
                ? scope.get("value").to(ValueType.FLOAT)
                : pair(scope.get("value"), scope.get("value")));
        scope.body().loop("i", scope.get("target"), scope.get("target").plus(scope.get("count")), 1,
                (loop, i) -> loop.store(scope.element(kernel.output(), i), value));
        return scope.end();
    }

    /** A routine of {@code source}, {@code target} and {@code row}: so many neighbouring values. */
    private Callee run(int length) {
        RoutineScope scope = owner.routine(kernel, "run", "source", "target", "row");
        Local zero = kernel.zero().map(source -> scope.body().declare("zero", zero(scope, source))).orElse(null);
        Lanes lanes = owner.lanes();
        if (kernel.lane() == Lane.I16) {
            pairs(scope, length, zero, lanes);
            return scope.end();
        }
        // Of bytes there is no vector shorter than eight: it is taken in parts.
        int step = !kernel.elements().coded() ? lanes.count() : Math.max(lanes.count(), ProgramScope.LEAST_BYTES);
        int whole = lanes.many() ? length - length % step : 0;
        if (whole > 0) {
            scope.body().loop("i", Value.of(0), Value.of(whole), step, (loop, i) -> {
                if (step == lanes.count()) {
                    widen(scope, loop, i, zero, lanes);
                } else {
                    widenInParts(scope, loop, i, zero, lanes, step);
                }
            });
        }
        if (whole < length) {
            scope.body().loop("n", Value.of(whole), Value.of(length), 1, (loop, i) -> widen(scope, loop, i, zero,
                    Lanes.ONE));
        }
        return scope.end();
    }

    /** Neighbouring values as shorts, a vector of them at a time; the last of an odd number has a 0 beside it. */
    private void pairs(RoutineScope scope, int length, Local zero, Lanes lanes) {
        int step = 2 * lanes.count();
        int whole = length - length % step;
        if (whole > 0) {
            scope.body().loop("i", Value.of(0), Value.of(whole), step, (loop, i) -> {
                Value.ArrayElement first = scope.element(kernel.input(), scope.get("source").plus(i));
                Value bytes = VectorValue.load(new VectorOf(ValueType.Primitive.BYTE, step), first.array(),
                        first.index());
                Value shorts = RoutineScope.code(bytes.to(ValueType.Primitive.SHORT), kernel.elements());
                Value real = zero == null ? shorts : shorts.minus(zero);
                lanes.write(loop, scope.element(kernel.output(), scope.get("target").plus(i.shiftRight(1))),
                        VectorValue.reinterpret(real, ValueType.INT));
            });
        }
        int even = length - length % 2;
        if (whole < even) {
            scope.body().loop("n", Value.of(whole), Value.of(even), 2, (loop, i) -> pair(scope, loop, i,
                    pair(real(scope, i, zero), real(scope, i.plus(1), zero))));
        }
        if (even < length) {
            pair(scope, scope.body(), Value.of(even), real(scope, Value.of(even), zero).and(Value.of(0xffff)));
        }
    }

    private void pair(RoutineScope scope, Block block, Value i, Value pair) {
        block.store(scope.element(kernel.output(), scope.get("target").plus(i.shiftRight(1))), pair);
    }

    private static Value pair(Value lower, Value upper) {
        return lower.and(Value.of(0xffff)).or(upper.shiftLeft(16));
    }

    private Value inLane(Value real) {
        return kernel.lane() == Lane.I8 ? pair(real, real) : real.to(ValueType.FLOAT);
    }

    private Value real(RoutineScope scope, Value i, Local zero) {
        Value code = scope.loaded(kernel.input(), scope.get("source").plus(i), kernel.elements(), Lanes.ONE);
        return zero == null ? code : code.minus(zero);
    }

    private void widen(RoutineScope scope, Block block, Value i, Local zero, Lanes lanes) {
        Value value = scope.loaded(kernel.input(), scope.get("source").plus(i), kernel.elements(), lanes);
        Value real = zero == null ? value : value.minus(zero);
        lanes.write(block, scope.element(kernel.output(), scope.get("target").plus(i)), inLane(real));
    }

    private void widenInParts(RoutineScope scope, Block block, Value i, Local zero, Lanes lanes, int step) {
        Value.ArrayElement first = scope.element(kernel.input(), scope.get("source").plus(i));
        Local bytes = block.declare("bytes", VectorValue.load(new VectorOf(ValueType.Primitive.BYTE, step), first
                .array(),
                first.index()));
        for (int part = 0; part * lanes.count() < step; part++) {
            Value codes = RoutineScope.code(VectorValue.part(bytes, new VectorOf(ValueType.INT, lanes.count()), part),
                    kernel.elements());
            Value real = zero == null ? codes : codes.minus(zero);
            lanes.write(block, scope.element(kernel.output(),
                    scope.get("target").plus(i).plus(part * lanes.count())), inLane(real));
        }
    }

    private Value zero(RoutineScope scope, ZeroSource source) {
        return switch (source) {
            case ZeroSource.Fixed fixed -> Value.of(fixed.value());
            case ZeroSource.Measured measured -> scope.element(measured.buffer(), measured.perRow()
                    ? scope.get("row")
                    : Value.of(0));
        };
    }
}
