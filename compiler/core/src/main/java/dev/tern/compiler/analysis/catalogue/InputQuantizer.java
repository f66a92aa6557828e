package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.value.ActivationScheme;
import dev.tern.compiler.analysis.value.ActivationScheme.Dynamic.RangeChoice;
import dev.tern.compiler.analysis.value.Operand;
import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.build.ActivationCodes;
import dev.tern.compiler.graph.build.Codes;
import dev.tern.compiler.graph.meaning.RangeArithmetic;
import java.util.Optional;

/**
 * Turns a tensor into codes under an activation scheme.
 *
 * <p>A tensor that cannot be negative by construction gets an unsigned grid without a zero point, so that no code is
 * spent on a sign that cannot occur. The codes of an 8-bit integer input stand for the range of the static scheme that
 * reads them: {@code static(8, lo..hi)} takes them as they are, other widths convert them by that range first. A
 * static scheme with a scale takes codes of its own type as they are. Under any other scheme a u8 input is a pixel, its
 * codes divided by 255.
 */
final class InputQuantizer {
    private static final int INPUT_BITS = 8;

    private final OpCall call;
    private final Operand operand;
    private final String prefix;
    private final ActivationCodes quantizers;

    private InputQuantizer(OpCall call, Operand operand, String prefix) {
        this.call = call;
        this.operand = operand;
        this.prefix = prefix;
        this.quantizers = new ActivationCodes(call);
    }

    /**
     * The codes, or what stands for them where the scheme leaves the tensor f32.
     *
     * @return empty if an error was reported
     */
    static Optional<Codes> quantize(OpCall call, Operand operand, ActivationScheme scheme) {
        return quantize(call, operand, scheme, "");
    }

    /** The same of an op that quantizes several operands. @param prefix of the names of the scheme's parameters */
    static Optional<Codes> quantize(OpCall call, Operand operand, ActivationScheme scheme, String prefix) {
        return new InputQuantizer(call, operand, prefix).ofOneScale(scheme);
    }

    /** The same for an op that takes each channel by itself, so that each may have a scale of its own. */
    static Optional<Codes> quantizeChannels(OpCall call, Operand operand, ActivationScheme scheme) {
        return new InputQuantizer(call, operand, "").under(scheme);
    }

    /** Sums of several channels have no scale where each of these has its own. */
    private Optional<Codes> ofOneScale(ActivationScheme scheme) {
        boolean given = scheme instanceof ActivationScheme.Floating
                && operand.value().codes().flatMap(Codes::channelScale).isPresent();
        if (!given && !(scheme instanceof ActivationScheme.Calibrated calibrated && calibrated.perChannel())) {
            return under(scheme);
        }
        Diagnostic refused = Diagnostic.error(DiagnosticCode.BAD_SCHEME,
                "`" + call.name() + "` adds up products of several channels, which needs one scale for all of them",
                scheme instanceof ActivationScheme.Calibrated calibrated ? calibrated.span() : call.span(), "");
        call.report().accept(given
                ? refused.alsoAt(operand.span(), "each channel of this has its own")
                        .help("give `" + call.name() + "` activations of its own, or quantize per tensor")
                : refused.help("`per: channel` is for `depthwise` and `quantize`; write `" + scheme.describe().replace(
                        ", per: channel", "") + "`"));
        return Optional.empty();
    }

    private Optional<Codes> under(ActivationScheme scheme) {
        return switch (scheme) {
            case ActivationScheme.Floating _ -> operand.value().codes()
                    .or(() -> call.real(operand).map(Codes::plain));
            case ActivationScheme.Sign _ -> call.real(operand).map(quantizers::sign);
            case ActivationScheme.Ternary(float threshold) ->
                call.real(operand).map(x -> quantizers.ternary(x, threshold));
            case ActivationScheme.Dynamic dynamic -> dynamic(dynamic);
            case ActivationScheme.Static fixed -> fixed(fixed);
            case ActivationScheme.Scaled scaled -> scaled(scaled);
            case ActivationScheme.Calibrated calibrated when calibrated.perChannel() -> channels(calibrated);
            case ActivationScheme.Calibrated(int bits, _, _) -> call.real(operand).map(x -> {
                ValueId range = call.parameter(prefix + "range", Shape.of(2));
                return quantizers.ranged(x, range, minmax(bits));
            });
            case ActivationScheme.StepTable table -> stepped(table);
        };
    }

    /** A range for each channel: symmetric codes, or those from 0 up where nothing is negative. */
    private Optional<Codes> channels(ActivationScheme.Calibrated scheme) {
        boolean positive = call.draft().nonNegative(operand.value().id());
        if (operand.value().type().shape().rank() == 0) {
            call.report().accept(Diagnostic.error(DiagnosticCode.BAD_SCHEME, "`per: channel` needs an axis of channels",
                    scheme.span(), "").alsoAt(operand.span(), "this is one number"));
            return Optional.empty();
        }
        if (scheme.bits() == 1 && !positive) {
            call.report().accept(Diagnostic
                    .error(DiagnosticCode.BITS_OUT_OF_RANGE,
                            "the signed grid of `" + scheme.describe() + "` has no code above zero", scheme.span(), "")
                    .alsoAt(operand.span(), "this may be negative")
                    .help("write `sign` for -1 and +1, or 2 bits"));
            return Optional.empty();
        }
        Grid grid = new Grid(new ElementType.Code(scheme.bits(), !positive), Grid.Rule.ABSMAX);
        return call.real(operand).map(x -> quantizers.perChannel(x,
                call.parameter("ranges", Shape.of(call.type(x).shape().channels(), 2)), grid));
    }

    private static Grid minmax(int bits) {
        return new Grid(new ElementType.Code(bits, false), Grid.Rule.MINMAX);
    }

    /** By the scale of a step: symmetric codes, or those from 0 up where nothing is negative. */
    private Optional<Codes> stepped(ActivationScheme.StepTable scheme) {
        boolean positive = call.draft().nonNegative(operand.value().id());
        if (scheme.bits() == 1 && !positive) {
            call.report().accept(Diagnostic
                    .error(DiagnosticCode.BITS_OUT_OF_RANGE, "the signed grid of `tdq(1)` has no code above zero",
                            scheme.span(), "")
                    .alsoAt(operand.span(), "this may be negative")
                    .help("write `sign` for -1 and +1, or 2 bits"));
            return Optional.empty();
        }
        if (!positive && scheme.levels() != 0 && scheme.levels() % 2 == 0) {
            call.report().accept(Diagnostic
                    .error(DiagnosticCode.BAD_SCHEME, "codes on both sides of 0 are symmetric, so that `levels` is odd",
                            scheme.span(), "")
                    .alsoAt(operand.span(), "this may be negative")
                    .help("write `levels: " + (scheme.levels() - 1) + "`"));
            return Optional.empty();
        }
        int steps = ((ElementType.StepIndex) scheme.step().type().element()).count();
        return call.real(operand).map(x -> quantizers.stepped(x, levels(scheme, positive), scheme.step().id(),
                call.parameter(prefix + "steps", Shape.of(steps))));
    }

    private static Grid levels(ActivationScheme.StepTable scheme, boolean positive) {
        Grid all = ActivationSchemes.grid(scheme.bits(), positive, !positive);
        if (scheme.levels() == 0) {
            return all;
        }
        return positive
                ? new Grid(all.code(), all.rule(), 0, scheme.levels() - 1)
                : new Grid(all.code(), all.rule(), -(scheme.levels() / 2), scheme.levels() / 2);
    }

    private Optional<Codes> dynamic(ActivationScheme.Dynamic scheme) {
        boolean positive = call.draft().nonNegative(operand.value().id());
        if (scheme.rule() == RangeChoice.ABSMAX && scheme.bits() == 1 && !positive) {
            call.report().accept(Diagnostic
                    .error(DiagnosticCode.BITS_OUT_OF_RANGE,
                            "the signed grid of `dynamic(1, absmax)` has no code above zero", scheme.span(), "")
                    .alsoAt(operand.span(), "this may be negative")
                    .help("write `sign` for -1 and +1, `dynamic(1, minmax)` for a grid with a zero point, or 2 bits"));
            return Optional.empty();
        }
        Grid grid = scheme.rule() == RangeChoice.MINMAX
                ? minmax(scheme.bits())
                : new Grid(new ElementType.Code(scheme.bits(), !positive), Grid.Rule.ABSMAX);
        return call.real(operand).map(x -> quantizers.measured(x, grid, scheme.perRow()));
    }

    private Optional<Codes> fixed(ActivationScheme.Static scheme) {
        TensorValue x = operand.value();
        if (!(x.type().element() instanceof ElementType.Code code)) {
            return call.real(operand).map(real -> onGrid(real, scheme));
        }
        Optional<Diagnostic> unfit = ActivationSchemes.unfit(scheme, INPUT_BITS, call.span());
        if (unfit.isPresent()) {
            call.report().accept(unfit.get());
            return Optional.empty();
        }
        StaticGrid stored = StaticGrid.of(scheme, INPUT_BITS);
        // The grid counts from 0; the codes of an i8 input count from -128.
        int zero = stored.zero() + code.lowest();
        Codes codes = quantizers.stored(x.id(), stored.scale(), zero);
        return Optional.of(scheme.bits() == INPUT_BITS ? codes : onGrid(quantizers.reals(codes), scheme));
    }

    private Codes onGrid(ValueId x, ActivationScheme.Static scheme) {
        StaticGrid grid = StaticGrid.of(scheme, scheme.bits());
        return quantizers.fixed(x, minmax(scheme.bits()), grid.scale(), grid.zero());
    }

    /** Stored codes of the scheme's own type are taken as they are. */
    private Optional<Codes> scaled(ActivationScheme.Scaled scheme) {
        if (scheme.wide()) {
            return call.real(operand).map(real -> quantizers.twoParts(real, scheme.lowest(), scheme.highest(),
                    scheme.scale(), scheme.zero()));
        }
        Grid grid = ActivationSchemes.grid(scheme.bits(), scheme.unsigned(), scheme.narrow());
        TensorValue x = operand.value();
        return x.type().element().equals(grid.code()) && !scheme.narrow()
                ? Optional.of(quantizers.stored(x.id(), scheme.scale(), scheme.zero()))
                : call.real(operand).map(real -> quantizers.fixed(real, grid, scheme.scale(), scheme.zero()));
    }

    /** A range known at compile time on a grid. */
    private record StaticGrid(float scale, int zero) {
        static StaticGrid of(ActivationScheme.Static scheme, int bits) {
            Grid grid = minmax(bits);
            float scale = RangeArithmetic.scale(grid, scheme.low(), scheme.high());
            return new StaticGrid(scale, RangeArithmetic.zero(grid, scheme.low(), scale));
        }
    }
}
