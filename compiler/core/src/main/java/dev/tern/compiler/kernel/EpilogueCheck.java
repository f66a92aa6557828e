package dev.tern.compiler.kernel;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Grid;

/** What the verifier asks of epilogues: follows the kind of the value from step to step. */
final class EpilogueCheck {
    private final KernelCheck check;

    EpilogueCheck(KernelCheck check) {
        this.check = check;
    }

    void check(Kernel.PixelKernel kernel) {
        int rows = kernel.producer().rows();
        int channels = kernel.producer().channels();
        ValueKind kind = ValueKind.of(kernel.producer());
        for (Step step : kernel.epilogue()) {
            check(step, kind, rows, channels);
            kind = kind.after(step);
        }
        check.that(!kernel.epilogue().isEmpty() && kernel.epilogue().getLast() instanceof Step.Store,
                "the epilogue does not end in a store");
    }

    private void check(Step step, ValueKind kind, int rows, int channels) {
        switch (step) {
            case Step.ToFloat s -> check.that(!kind.floating() && !kind.equals(ValueKind.SUM), "ToFloat of " + kind);
            case Step.SubtractZero s -> {
                check.that(kind.coded(), "zero point of " + kind);
                zero(s.zero(), rows);
            }
            case Step.Multiply s -> {
                floating(step, kind);
                check.perChannel(s.factors(), ConstantArray.Floats.class, channels);
            }
            case Step.Rescale s -> {
                floating(step, kind);
                check.plain(s.scale(), Bank.F32, s.perRow() ? rows : 1);
                s.weightScale().ifPresent(id -> check.perChannel(id, ConstantArray.Floats.class, channels));
            }
            case Step.Affine s -> {
                floating(step, kind);
                check.perChannel(s.scale(), ConstantArray.Floats.class, channels);
                check.perChannel(s.shift(), ConstantArray.Floats.class, channels);
            }
            case Step.Mean s -> check.that(kind.equals(ValueKind.SUM) && s.count() > 0, step + " of " + kind);
            case Step.WithConstant s -> {
                floating(step, kind);
                check.perChannel(s.constants(), ConstantArray.Floats.class, channels);
            }
            case Step.WithBuffer s -> {
                floating(step, kind);
                check.plain(s.other(), Bank.F32, switch (s.spread()) {
                    case NONE -> rows * channels;
                    case OVER_ROWS -> channels;
                    case OVER_CHANNELS -> rows;
                });
            }
            case Step.WithCodes s -> {
                floating(step, kind);
                check.plain(s.codes(), Bank.I8, rows * channels);
            }
            case Step.Activation s -> floating(step, kind);
            case Step.Clip s -> floating(step, kind);
            case Step.PRelu s -> {
                floating(step, kind);
                check.perChannel(s.slope(), ConstantArray.Floats.class, channels);
            }
            case Step.Requantize s -> {
                check.that(kind.equals(ValueKind.INT) || kind.coded(), "requantize of " + kind);
                s.bias().ifPresent(id -> check.perChannel(id, ConstantArray.Ints.class, channels));
                check.perChannel(s.mantissas(), ConstantArray.Ints.class, channels);
                check.perChannel(s.shifts(), ConstantArray.Ints.class, channels);
                check.that(s.result().equals(ValueKind.INT) || s.result().coded() && s.lowest() >= s.result().code()
                        .lowest() && s.lowest() <= s.highest() && s.highest() <= s.result().code().highest(),
                        s.result() + " " + s.lowest() + ".." + s.highest());
            }
            case Step.LookUp s -> {
                check.that(kind.coded() && s.first() == kind.code().lowest(), "look up of " + kind);
                check.constant(s.table(), ConstantArray.Ints.class, codes(kind));
            }
            case Step.WithLookUp s -> {
                check.that(kind.equals(ValueKind.INT), "codes combined with " + kind);
                check.plain(s.other(), Bank.I8, rows * channels);
                check.constant(s.table(), ConstantArray.Ints.class, codes(ValueKind.of(s.of())));
            }
            case Step.AddShifted s -> {
                check.that(kind.equals(ValueKind.INT) || kind.coded(), "codes added to " + kind);
                check.plain(s.other(), Bank.I8, rows * channels);
            }
            case Step.AddInts s -> {
                check.that(kind.equals(ValueKind.INT), "ints added to " + kind);
                check.plain(s.other(), Bank.I32, rows * channels);
            }
            case Step.Saturate s -> {
                check.that(kind.equals(ValueKind.INT), "saturates " + kind);
                check.that(s.lowest() >= s.code().lowest() && s.lowest() <= s.highest()
                        && s.highest() <= s.code().highest(), "codes " + s.lowest() + ".." + s.highest());
            }
            case Step.Threshold s -> checkThreshold(s, kind, channels);
            case Step.Quantize s -> {
                floating(step, kind);
                quantizer(s.grid(), s.scale(), s.zero(), rows);
            }
            case Step.QuantizeToReal s -> {
                floating(step, kind);
                quantizer(s.grid(), s.scale(), s.zero(), rows);
            }
            case Step.Sign s -> floating(step, kind);
            case Step.Ternarize s -> floating(step, kind);
            case Step.StorePlain s -> {
                Buffer output = check.buffer(s.output());
                check.that(!kind.equals(ValueKind.SUM), "stores a sum that is no mean yet");
                check.plain(s.output(), kind.bank(), output.length());
                check.that(strip(s, output, rows, channels) ||
                        s.channelOffset() >= 0 && (rows - 1L) * s.rowStride() + s.channelOffset() + channels <= output
                                .length() && (rows == 1 || s.rowStride() >= channels || overwritten(s)),
                        "stores to outside of " + s.output());
            }
            case Step.Fold s -> {
                switch (s.kind()) {
                    case SUM -> {
                        floating(step, kind);
                        check.plain(s.output(), Bank.I64, channels);
                    }
                    case INT_SUM -> {
                        check.that(kind.equals(ValueKind.INT), "sum of ints of " + kind);
                        check.plain(s.output(), Bank.I32, channels);
                    }
                    case RANGE -> {
                        floating(step, kind);
                        check.plain(s.output(), Bank.F32, 2 * channels);
                    }
                }
            }
            case Step.Peaks s -> {
                floating(step, kind);
                Layout layout = check.buffer(s.output()).layout();
                check.that(s.rows() > 0 && layout.rows() == (rows + s.rows() - 1) / s.rows(), layout.rows()
                        + " peaks of " + s.rows() + " of " + rows + " rows");
                check.plain(s.output(), Bank.F32, layout.rows() * layout.channels());
            }
            case Step.StorePlanes s -> {
                check.planes(s.output(), s.flattened() ? 1 : rows, s.flattened() ? rows * channels : channels);
                if (check.buffer(s.output()).layout() instanceof Layout.Planes planes) {
                    check.that(ValueKind.of(planes.code()).equals(kind),
                            s.output() + " holds " + planes.code() + ", stored " + kind);
                }
            }
        }
    }

    private static int codes(ValueKind kind) {
        return kind.coded() ? kind.code().highest() - kind.code().lowest() + 1 : 0;
    }

    private void checkThreshold(Step.Threshold s, ValueKind kind, int channels) {
        Class<? extends ConstantArray> type = kind.floating() ? ConstantArray.Floats.class : ConstantArray.Ints.class;
        check.that(s.levels() > 0, "no levels");
        int length = check.constant(s.thresholds()).length() == s.levels() ? s.levels() : channels * s.levels();
        check.constant(s.thresholds(), type, length);
        s.directions().ifPresent(id -> check.perChannel(id, ConstantArray.Ints.class, channels));
        ElementType.Code code = s.code();
        int last = s.base() + s.step() * s.levels();
        check.that(
                Math.min(s.base(), last) >= code.lowest() && Math.max(s.base(), last) <= code.highest(),
                "codes " + s.base() + ".." + last + " outside of " + code);
    }

    private void quantizer(Grid grid, Step.ScaleSource scale, Step.ZeroSource zero, int rows) {
        check.that(!grid.code().bipolar(), "uniform grid of bipolar codes");
        if (scale instanceof Step.ScaleSource.Measured measured) {
            check.plain(measured.buffer(), Bank.F32, measured.perRow() ? rows : 1);
        }
        zero(zero, rows);
    }

    private void zero(Step.ZeroSource zero, int rows) {
        if (zero instanceof Step.ZeroSource.Measured measured) {
            check.plain(measured.buffer(), Bank.I32, measured.perRow() ? rows : 1);
        }
    }

    /** Whether every row takes the place of the one before, in a {@link Kernel.RowByRow}. */
    private boolean overwritten(Step.StorePlain store) {
        return store.rowStride() == 0 && check.buffer(store.output()).role() == Buffer.Role.SCRATCH;
    }

    /** Whether the rows of a strip take the places of those of the one before, in a {@link Kernel.PoolByStrips}. */
    private static boolean strip(Step.StorePlain store, Buffer output, int rows, int channels) {
        return output.role() == Buffer.Role.SCRATCH && store.rowStride() == channels && store.channelOffset() == 0
                && output.length() < rows * channels && output.length() % channels == 0;
    }

    private void floating(Step step, ValueKind kind) {
        check.that(kind.floating(), step.getClass().getSimpleName() + " of " + kind);
    }
}
