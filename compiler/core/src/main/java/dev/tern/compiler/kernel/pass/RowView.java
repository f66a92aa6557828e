package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step.Spread;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.Step.ScaleSource;
import dev.tern.compiler.kernel.Step.ZeroSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Steps written for one division of the same elements into rows and channels, as they read for another: the identity
 * where the divisions are equal; otherwise, as after a flatten, only steps survive that treat all channels and rows
 * alike, or whose elements can be counted through.
 */
final class RowView {
    private final KernelProgram program;
    private final int fromRows;
    private final int fromChannels;
    private final int toRows;
    private final int toChannels;

    /** @param from who gives the rows the steps were written for, @param to who is to give them */
    RowView(KernelProgram program, Producer from, Producer to) {
        this.program = program;
        fromRows = from.rows();
        fromChannels = from.channels();
        toRows = to.rows();
        toChannels = to.channels();
    }

    /** The steps for the new rows, or nothing if one of them cannot be written so. */
    Optional<List<Step>> of(List<Step> steps) {
        if (fromRows == toRows && fromChannels == toChannels) {
            return Optional.of(steps);
        }
        List<Step> result = new ArrayList<>();
        for (Step step : steps) {
            Optional<Step> viewed = of(step);
            if (viewed.isEmpty()) {
                return Optional.empty();
            }
            result.add(viewed.get());
        }
        return Optional.of(result);
    }

    private Optional<Step> of(Step step) {
        return switch (step) {
            case Step.ToFloat s -> Optional.of(s);
            case Step.SubtractZero s -> zero(s.zero()).map(Step.SubtractZero::new);
            case Step.Multiply s -> Optional.of((Step) s).filter(x -> forAll(s.factors()));
            case Step.Rescale s -> Optional
                    .of((Step) new Step.Rescale(s.scale(), false, s.weightScale()))
                    .filter(x -> alike(s.perRow()) && s.weightScale().map(this::forAll).orElse(true));
            case Step.Affine s -> Optional.of((Step) s).filter(x -> forAll(s.scale()) && forAll(s.shift()));
            case Step.Mean s -> Optional.of(s);
            case Step.WithConstant s -> Optional.of((Step) s).filter(x -> forAll(s.constants()));
            case Step.WithBuffer s -> Optional
                    .of((Step) new Step.WithBuffer(s.function(), s.other(), s.otherFirst(), Spread.NONE))
                    .filter(x -> switch (s.spread()) {
                        case NONE -> true;
                        case OVER_ROWS -> fromRows == 1;
                        case OVER_CHANNELS -> false;
                    });
            case Step.WithCodes s -> Optional.of(s);
            case Step.Activation s -> Optional.of(s);
            case Step.Clip s -> Optional.of(s);
            case Step.PRelu s -> Optional.of((Step) s).filter(x -> forAll(s.slope()));
            case Step.Requantize s -> Optional.of((Step) s)
                    .filter(x -> forAll(s.mantissas()) && forAll(s.shifts())
                            && s.bias().map(this::forAll).orElse(true));
            case Step.LookUp s -> Optional.of(s);
            case Step.WithLookUp s -> Optional.of(s);
            case Step.AddShifted s -> Optional.of(s);
            case Step.AddInts s -> Optional.of(s);
            case Step.Saturate s -> Optional.of(s);
            case Step.Threshold s -> Optional.of((Step) s)
                    .filter(x -> program.constant(s.thresholds()).length() == s.levels()
                            && s.directions().map(this::forAll).orElse(true));
            case Step.Quantize s ->
                scale(s.scale()).flatMap(scale -> zero(s.zero()).map(z -> new Step.Quantize(scale, z, s.grid())));
            case Step.QuantizeToReal s -> scale(s.scale()).flatMap(scale -> zero(s.zero()).map(
                    z -> new Step.QuantizeToReal((ScaleSource.Measured) scale, z, s.grid())));
            case Step.Sign s -> Optional.of(s);
            case Step.Ternarize s -> Optional.of(s);
            case Step.StorePlain s ->
                Optional.of((Step) new Step.StorePlain(s.output(), toChannels, s.channelOffset()))
                        .filter(x -> fromRows == 1 || s.rowStride() == fromChannels);
            case Step.Fold s -> Optional.empty();
            case Step.Peaks s -> Optional.empty();
            case Step.StorePlanes s -> Optional.of((Step) new Step.StorePlanes(s.output(), true))
                    .filter(x -> fromRows == 1 || s.flattened());
        };
    }

    private boolean forAll(ConstantId constant) {
        return program.constant(constant).length() == 1;
    }

    /** Whether something is the same for all rows; of one row it is, though it be kept per row. */
    private boolean alike(boolean perRow) {
        return !perRow || fromRows == 1;
    }

    private Optional<ScaleSource> scale(ScaleSource source) {
        return switch (source) {
            case ScaleSource.Fixed fixed -> Optional.of(fixed);
            case ScaleSource.Measured measured -> Optional
                    .of((ScaleSource) new ScaleSource.Measured(measured.buffer(), false))
                    .filter(x -> alike(measured.perRow()));
        };
    }

    private Optional<ZeroSource> zero(ZeroSource source) {
        return switch (source) {
            case ZeroSource.Fixed fixed -> Optional.of(fixed);
            case ZeroSource.Measured measured -> Optional
                    .of((ZeroSource) new ZeroSource.Measured(measured.buffer(), false))
                    .filter(x -> alike(measured.perRow()));
        };
    }
}
