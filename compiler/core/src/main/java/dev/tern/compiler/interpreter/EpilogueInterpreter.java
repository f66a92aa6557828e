package dev.tern.compiler.interpreter;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.FixedPoint;
import dev.tern.compiler.graph.meaning.RangeArithmetic;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.ConstantArray;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Layout;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.Step.ScaleSource;
import dev.tern.compiler.kernel.Step.ZeroSource;
import dev.tern.compiler.kernel.ValueKind;
import java.util.Arrays;

/** Applies one step of an epilogue to the channels of one row. */
final class EpilogueInterpreter {
    private final KernelProgram program;
    private final KernelArena arena;

    EpilogueInterpreter(KernelProgram program, KernelArena arena) {
        this.program = program;
        this.arena = arena;
    }

    /** The values after the step; a store gives back what it was given. */
    RowValues apply(Step step, RowValues values, ValueKind kind, int row) {
        return switch (step) {
            case Step.ToFloat s -> toFloats(ints(values));
            case Step.SubtractZero s -> {
                int[] codes = ints(values).clone();
                for (int c = 0; c < codes.length; c++) {
                    codes[c] -= zero(s.zero(), row);
                }
                yield new RowValues.Ints(codes);
            }
            case Step.Multiply s -> map(values, (c, v) -> constant(s.factors(), c) * v);
            case Step.Rescale s -> {
                float scale = arena.f32(s.scale(), s.perRow() ? row : 0);
                yield map(values, (c, v) -> s.weightScale().map(id -> scale * constant(id, c)).orElse(scale) * v);
            }
            case Step.Affine s -> map(values, (c, v) -> constant(s.scale(), c) * v + constant(s.shift(), c));
            case Step.Mean s -> means(s, ((RowValues.Sums) values).values());
            case Step.WithConstant s -> map(values,
                    (c, v) -> combine(s.function(), v, constant(s.constants(), c), s.constantFirst()));
            case Step.WithBuffer s -> {
                int start = row * channels(values);
                yield map(values, (c, v) -> combine(s.function(), v, arena.f32(s.other(), switch (s.spread()) {
                    case NONE -> start + c;
                    case OVER_ROWS -> c;
                    case OVER_CHANNELS -> row;
                }), s.otherFirst()));
            }
            case Step.WithCodes s -> {
                int start = row * channels(values);
                yield map(values, (c, v) -> combine(s.function(), v,
                        s.scale() * (float) (arena.code(s.codes(), start + c, s.code()) - s.zero()), s.codesFirst()));
            }
            case Step.Activation s -> map(values, (c, v) -> s.function().apply(v));
            case Step.Clip s -> map(values, (c, v) -> v < s.low() ? s.low() : v > s.high() ? s.high() : v);
            case Step.PRelu s -> map(values, (c, v) -> v >= 0 ? v : constant(s.slope(), c) * v);
            case Step.Threshold s -> new RowValues.Ints(threshold(s, values));
            case Step.Quantize s -> new RowValues.Ints(codes(s.scale(), s.zero(), s.grid(), values, row));
            case Step.QuantizeToReal s -> {
                int[] codes = codes(s.scale(), s.zero(), s.grid(), values, row);
                int zero = zero(s.zero(), row);
                yield map(values, (c, v) -> (float) (codes[c] - zero));
            }
            case Step.Sign s -> toInts(values, v -> v >= 0 ? 1 : -1);
            case Step.Ternarize s -> toInts(values, v -> v > s.threshold() ? 1 : v < -s.threshold() ? -1 : 0);
            case Step.Requantize s -> new RowValues.Ints(requantize(s, ints(values)));
            case Step.LookUp s -> new RowValues.Ints(Arrays.stream(ints(values))
                    .map(v -> intConstants(s.table())[v - s.first()]).toArray());
            case Step.WithLookUp s -> new RowValues.Ints(withLookUp(s, ints(values), row));
            case Step.AddShifted s -> {
                int start = row * channels(values);
                int[] sums = ints(values).clone();
                for (int c = 0; c < sums.length; c++) {
                    sums[c] = (sums[c] << s.left()) + (arena.code(s.other(), start + c, s.of()) << s.otherLeft())
                            + s.offset();
                }
                yield new RowValues.Ints(sums);
            }
            case Step.AddInts s -> {
                int start = row * channels(values);
                int[] sums = ints(values).clone();
                for (int c = 0; c < sums.length; c++) {
                    sums[c] += arena.i32(s.other(), start + c);
                }
                yield new RowValues.Ints(sums);
            }
            case Step.Saturate s -> toCodes(ints(values), s);
            case Step.StorePlain s -> {
                store(s, values, kind, row);
                yield values;
            }
            case Step.Fold s -> {
                if (s.kind() == Step.FoldKind.INT_SUM) {
                    int[] ints = ints(values);
                    for (int c = 0; c < ints.length; c++) {
                        arena.i32(s.output(), c, arena.i32(s.output(), c) + ints[c]);
                    }
                } else {
                    fold(s, ((RowValues.Floats) values).values());
                }
                yield values;
            }
            case Step.Peaks s -> {
                int slot = row / s.rows() * program.buffer(s.output()).layout().channels();
                for (float value : ((RowValues.Floats) values).values()) {
                    arena.f32(s.output(), slot, Math.max(arena.f32(s.output(), slot), value));
                }
                yield values;
            }
            case Step.StorePlanes s -> {
                pack(s, ints(values), row);
                yield values;
            }
        };
    }

    private static float combine(BinaryFunction function, float value, float other, boolean otherFirst) {
        return otherFirst ? function.apply(other, value) : function.apply(value, other);
    }

    private int[] threshold(Step.Threshold step, RowValues values) {
        int[] codes = new int[channels(values)];
        int length = program.constant(step.thresholds()).length();
        for (int c = 0; c < codes.length; c++) {
            int channel = c;
            boolean shared = length == step.levels();
            int start = shared ? 0 : step.byLevel() ? c : c * step.levels();
            int distance = step.byLevel() && !shared ? length / step.levels() : 1;
            int direction = step.directions().map(id -> element(id, channel)).orElse(1);
            int reached = 0;
            for (int number = 0; number < step.levels(); number++) {
                int level = start + number * distance;
                boolean above = switch (values) {
                    case RowValues.Floats f -> direction * f.values()[c] >= floatConstants(step.thresholds())[level];
                    case RowValues.Sums s -> throw new IllegalStateException("thresholds of sums");
                    case RowValues.Ints i -> (long) direction * i.values()[c] >= intConstants(
                            step.thresholds())[level];
                };
                reached += above ? 1 : 0;
            }
            codes[c] = step.base() + step.step() * reached;
        }
        return codes;
    }

    private int[] codes(ScaleSource source, ZeroSource zeroSource, Grid grid, RowValues values, int row) {
        float[] floats = ((RowValues.Floats) values).values();
        float scale = switch (source) {
            case ScaleSource.Fixed fixed -> fixed.value();
            case ScaleSource.Measured measured -> arena.f32(measured.buffer(), measured.perRow() ? row : 0);
        };
        int zero = zero(zeroSource, row);
        int[] codes = new int[floats.length];
        for (int c = 0; c < codes.length; c++) {
            codes[c] = RangeArithmetic.code(floats[c], scale, zero, grid);
        }
        return codes;
    }

    private int[] requantize(Step.Requantize step, int[] values) {
        int[] codes = new int[values.length];
        for (int c = 0; c < codes.length; c++) {
            int channel = c;
            int biased = values[c] + step.bias().map(id -> element(id, channel)).orElse(0);
            int scaled = new FixedPoint(element(step.mantissas(), c), element(step.shifts(), c)).times(biased,
                    step.rounding());
            codes[c] = Math.max(step.lowest() - step.zero(), Math.min(step.highest() - step.zero(), scaled))
                    + step.zero();
        }
        return codes;
    }

    private static RowValues toCodes(int[] values, Step.Saturate step) {
        return new RowValues.Ints(Arrays.stream(values)
                .map(v -> Math.max(step.lowest(), Math.min(step.highest(), v + step.zero()))).toArray());
    }

    private int[] withLookUp(Step.WithLookUp step, int[] values, int row) {
        int[] results = new int[values.length];
        for (int c = 0; c < results.length; c++) {
            int other = intConstants(step.table())[arena.code(step.other(), row * values.length + c, step.of())
                    - step.first()];
            results[c] = step.product() ? values[c] * other : values[c] + other;
        }
        return results;
    }

    private int zero(ZeroSource source, int row) {
        return switch (source) {
            case ZeroSource.Fixed fixed -> fixed.value();
            case ZeroSource.Measured measured -> arena.i32(measured.buffer(), measured.perRow() ? row : 0);
        };
    }

    private void store(Step.StorePlain step, RowValues values, ValueKind kind, int row) {
        Buffer output = program.buffer(step.output());
        int place = output.role() == Buffer.Role.SCRATCH ? row % output.layout().rows() : row;
        int start = place * step.rowStride() + step.channelOffset();
        for (int c = 0; c < channels(values); c++) {
            switch (values) {
                case RowValues.Floats f -> arena.f32(step.output(), start + c, f.values()[c]);
                case RowValues.Sums s -> throw new IllegalStateException("sums are folded, not stored");
                case RowValues.Ints i when kind.coded() -> arena.code(step.output(), start + c, i.values()[c]);
                case RowValues.Ints i -> arena.i32(step.output(), start + c, i.values()[c]);
            }
        }
    }

    /** What a buffer that rows are gathered in holds before the first of them. */
    void begin(Step.Store store) {
        int length = program.buffer(store.output()).length();
        for (int i = 0; i < length; i++) {
            switch (store) {
                case Step.StorePlanes planes when planes.flattened() -> arena.word(store.output(), i, 0);
                case Step.Fold(var kind, var output) -> {
                    switch (kind) {
                        case SUM -> arena.i64(output, i, 0);
                        case INT_SUM -> arena.i32(output, i, 0);
                        case RANGE ->
                            arena.f32(output, i, i < length / 2 ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY);
                    }
                }
                case Step.Peaks peaks -> arena.f32(peaks.output(), i, 0);
                case Step.StorePlanes planes -> {
                }
                case Step.StorePlain plain -> {
                }
            }
        }
    }

    private void fold(Step.Fold step, float[] values) {
        for (int c = 0; c < values.length; c++) {
            switch (step.kind()) {
                case SUM -> {
                    double sum = Double.longBitsToDouble(arena.i64(step.output(), c)) + values[c];
                    arena.i64(step.output(), c, Double.doubleToRawLongBits(sum));
                }
                case INT_SUM -> throw new IllegalStateException("a sum of ints of f32");
                case RANGE -> {
                    int high = values.length + c;
                    arena.f32(step.output(), c, Math.min(arena.f32(step.output(), c), values[c]));
                    arena.f32(step.output(), high, Math.max(arena.f32(step.output(), high), values[c]));
                }
            }
        }
    }

    private void pack(Step.StorePlanes step, int[] codes, int row) {
        Layout.Planes planes = (Layout.Planes) program.buffer(step.output()).layout();
        ElementType.Code code = planes.code();
        for (int plane = 0; plane < code.bits(); plane++) {
            int start = step.flattened()
                    ? plane * planes.wordsPerRow()
                    : (row * code.bits() + plane) * planes.wordsPerRow();
            for (int word = 0; !step.flattened() && word < planes.wordsPerRow(); word++) {
                arena.word(step.output(), start + word, 0);
            }
            for (int c = 0; c < codes.length; c++) {
                int channel = step.flattened() ? row * codes.length + c : c;
                long bit = code.bipolar() ? (codes[c] > 0 ? 1 : 0) : codes[c] >> plane & 1;
                int word = start + channel / planes.word().bits();
                arena.word(step.output(), word,
                        arena.word(step.output(), word) | bit << channel % planes.word().bits());
            }
        }
    }

    private interface FloatFunction {
        float apply(int channel, float value);
    }

    private interface Decision {
        int apply(float value);
    }

    private static RowValues map(RowValues values, FloatFunction function) {
        float[] from = ((RowValues.Floats) values).values();
        float[] to = new float[from.length];
        for (int c = 0; c < to.length; c++) {
            to[c] = function.apply(c, from[c]);
        }
        return new RowValues.Floats(to);
    }

    private static RowValues toInts(RowValues values, Decision decision) {
        float[] from = ((RowValues.Floats) values).values();
        int[] to = new int[from.length];
        for (int c = 0; c < to.length; c++) {
            to[c] = decision.apply(from[c]);
        }
        return new RowValues.Ints(to);
    }

    /** Integers as f32, rounded to nearest even. */
    private static RowValues toFloats(int[] from) {
        float[] to = new float[from.length];
        for (int c = 0; c < to.length; c++) {
            to[c] = from[c];
        }
        return new RowValues.Floats(to);
    }

    private static int[] ints(RowValues values) {
        return ((RowValues.Ints) values).values();
    }

    private static RowValues means(Step.Mean step, double[] sums) {
        float[] means = new float[sums.length];
        for (int c = 0; c < means.length; c++) {
            means[c] = (float) (sums[c] / step.count());
        }
        return new RowValues.Floats(means);
    }

    private static int channels(RowValues values) {
        return switch (values) {
            case RowValues.Floats f -> f.values().length;
            case RowValues.Ints i -> i.values().length;
            case RowValues.Sums s -> s.values().length;
        };
    }

    /** The channel's element of a constant that has one for each, or one for all. */
    private float constant(ConstantId id, int channel) {
        float[] values = floatConstants(id);
        return values[values.length == 1 ? 0 : channel];
    }

    private int element(ConstantId id, int channel) {
        int[] values = intConstants(id);
        return values[values.length == 1 ? 0 : channel];
    }

    private float[] floatConstants(ConstantId id) {
        return ((ConstantArray.Floats) program.constant(id)).values();
    }

    private int[] intConstants(ConstantId id) {
        return ((ConstantArray.Ints) program.constant(id)).values();
    }
}
