package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.value.ActivationScheme;
import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.meaning.RangeArithmetic;
import dev.tern.compiler.syntax.Argument;
import dev.tern.compiler.syntax.Expression;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The activation schemes as they are written. */
public final class ActivationSchemes {
    private static final int MOST_BITS = 8;
    private static final int LOWEST_ZERO = Short.MIN_VALUE;
    private static final int HIGHEST_ZERO = 0xffff;

    private static final OpParameter<Long> BITS = OpParameter.required("bits", BitWidth.kind(),
            "1 to 8; beside a scale 16, too");
    private static final OpParameter<Float> THRESHOLD = OpParameter.required("threshold",
            Kinds.decimal("a number of at least 0", 0, Float.MAX_VALUE), "inputs no further from zero become 0");
    private static final OpParameter<ActivationScheme.Dynamic.RangeChoice> RULE = OpParameter.optional("rule",
            new Keyword<>(Map.of("minmax", ActivationScheme.Dynamic.RangeChoice.MINMAX, "absmax",
                    ActivationScheme.Dynamic.RangeChoice.ABSMAX)),
            ActivationScheme.Dynamic.RangeChoice.MINMAX, "how the measured range becomes a scale: minmax or absmax");
    private static final OpParameter<Boolean> PER = OpParameter.optional("per",
            new Keyword<>(Map.of("tensor", false, "row", true)), false,
            "one scale per tensor, or per row of the last axis");
    private static final OpParameter<Optional<Kinds.FloatRange>> RANGE = OpParameter.optional("range", new RangeKind(),
            "lowest..highest, or calibrated");
    private static final OpParameter<Float> SCALE = OpParameter.optional("scale",
            Kinds.decimal("a number above 0 in f32", Float.MIN_VALUE, Float.MAX_VALUE),
            "in the place of a range: the distance of neighbouring codes");
    private static final OpParameter<Integer> ZERO = OpParameter.optional("zero",
            Kinds.whole(LOWEST_ZERO, HIGHEST_ZERO), 0, "beside a scale: the code that stands for 0");
    private static final OpParameter<Boolean> UNSIGNED = OpParameter.optional("unsigned", Kinds.truth(), false,
            "beside a scale: codes 0..2^bits - 1 rather than -2^(bits - 1)..2^(bits - 1) - 1");
    private static final OpParameter<Boolean> NARROW = OpParameter.optional("narrow", Kinds.truth(), false,
            "beside a scale: without the lowest code, so that signed codes are symmetric");
    private static final OpParameter<Boolean> CHANNELS = OpParameter.optional("per",
            new Keyword<>(Map.of("tensor", false, "channel", true)), false,
            "beside calibrated: one range per tensor, or per channel of what `depthwise` and `quantize` read");
    private static final OpParameter<TensorValue> STEP = OpParameter.required("step", Kinds.tensor(),
            "the step input that indexes the table of scales");
    private static final OpParameter<Integer> LEVELS = OpParameter.optional("levels",
            Kinds.whole(2, 1 << MOST_BITS), 0,
            "how many codes there are, where not all that the bits have room for");

    /** What {@code activations:} and {@code quantize} take. */
    public static final Kind<ActivationScheme> KIND = new SchemeKind<>("activation scheme",
            List.of(new SchemeKind.Option<>(OpSignature.of("sign", 0),
                    (_, _, _) -> Optional.of(new ActivationScheme.Sign())),
                    new SchemeKind.Option<>(OpSignature.of("ternary", 1, THRESHOLD),
                            (arguments, _, _) -> Optional.of(new ActivationScheme.Ternary(arguments.get(THRESHOLD)))),
                    new SchemeKind.Option<>(OpSignature.of("dynamic", 2, BITS, RULE, PER), ActivationSchemes::dynamic),
                    new SchemeKind.Option<>(OpSignature.of("static", 2, BITS, RANGE, SCALE, ZERO, UNSIGNED, NARROW,
                            CHANNELS),
                            ActivationSchemes::fixed),
                    new SchemeKind.Option<>(OpSignature.of("tdq", 1, BITS, STEP, LEVELS), ActivationSchemes::table),
                    new SchemeKind.Option<>(OpSignature.of("float", 0), (_, _, _) -> Optional.of(
                            ActivationScheme.FLOAT))));

    private ActivationSchemes() {
    }

    private static Optional<ActivationScheme> dynamic(Arguments arguments, SourceSpan span, ArgumentReader reader) {
        SourceSpan at = arguments.written(BITS).map(Argument::span).orElse(span);
        return bits(arguments, "dynamic activations", span, reader).map(
                bits -> new ActivationScheme.Dynamic(bits, arguments.get(RULE), arguments.get(PER), at));
    }

    private static Optional<ActivationScheme> fixed(Arguments arguments, SourceSpan span, ArgumentReader reader) {
        boolean given = arguments.find(SCALE).isPresent() && arguments.find(RANGE).isEmpty();
        if (given && arguments.get(BITS) == ActivationScheme.Scaled.WIDE_BITS) {
            return scaled(ActivationScheme.Scaled.WIDE_BITS, arguments, span, reader);
        }
        Optional<Integer> bits = bits(arguments, given
                ? "static activations that are not of 16 bits"
                : "static activations", span, reader);
        if (bits.isEmpty()) {
            return Optional.empty();
        }
        boolean calibrated = arguments.find(RANGE).filter(Optional::isEmpty).isPresent();
        if (arguments.get(CHANNELS) && (!calibrated || arguments.find(SCALE).isPresent())) {
            reader.report(Diagnostic
                    .error(DiagnosticCode.BAD_SCHEME, "`per: channel` goes with `calibrated`: each channel's range is a"
                            + " parameter", arguments.written(CHANNELS).map(Argument::span).orElse(span), "")
                    .help("write `static(" + bits.get() + ", calibrated, per: channel)`"));
            return Optional.empty();
        }
        if (arguments.find(SCALE).isPresent() || arguments.find(RANGE).isEmpty()) {
            return scaled(bits.get(), arguments, span, reader);
        }
        Optional<Argument> beside = Stream.of(ZERO, UNSIGNED, NARROW).map(arguments::written)
                .flatMap(Optional::stream).findFirst();
        if (beside.isPresent()) {
            reader.report(Diagnostic
                    .error(DiagnosticCode.BAD_SCHEME, "this goes with a `scale`, not with a range",
                            beside.get().span(), "")
                    .alsoAt(arguments.written(RANGE).map(Argument::span).orElse(span), "the range says it all"));
            return Optional.empty();
        }
        Optional<Kinds.FloatRange> range = arguments.get(RANGE);
        if (range.isEmpty()) {
            return Optional.of(new ActivationScheme.Calibrated(bits.get(), arguments.get(CHANNELS), span));
        }
        var scheme = new ActivationScheme.Static(bits.get(), range.get().low(), range.get().high());
        Optional<Diagnostic> unfit = unfit(scheme, scheme.bits(),
                arguments.written(RANGE).map(Argument::span).orElse(span));
        unfit.ifPresent(reader::report);
        return unfit.isEmpty() ? Optional.of(scheme) : Optional.empty();
    }

    private static Optional<ActivationScheme> scaled(int bits, Arguments arguments, SourceSpan span,
            ArgumentReader reader) {
        Optional<Float> scale = arguments.find(SCALE);
        boolean unsigned = arguments.get(UNSIGNED);
        boolean narrow = arguments.get(NARROW);
        int zero = arguments.get(ZERO);
        Optional<Diagnostic> wrong = Optional.empty();
        if (scale.isEmpty()) {
            wrong = Optional.of(Diagnostic
                    .error(DiagnosticCode.MISSING_ARGUMENT, "`static` needs a range or a `scale`", span, "")
                    .help("it is written `static(8, 0..1)`, `static(8, calibrated)` or "
                            + "`static(8, scale: 0.05, zero: 0)`"));
        } else if (arguments.written(RANGE).isPresent()) {
            wrong = Optional.of(Diagnostic
                    .error(DiagnosticCode.BAD_SCHEME, "a `scale` takes the place of a range", arguments.written(SCALE)
                            .get().span(), "")
                    .alsoAt(arguments.written(RANGE).get().span(), "the range is given here"));
        } else if (bits == 1 && !unsigned) {
            wrong = Optional.of(Diagnostic
                    .error(DiagnosticCode.BITS_OUT_OF_RANGE, "one signed bit has no code above zero", span, "")
                    .help("write `sign` for -1 and +1, `unsigned: true` for 0 and 1, or 2 bits"));
        } else if (narrow && unsigned) {
            wrong = Optional.of(Diagnostic
                    .error(DiagnosticCode.BAD_SCHEME, "only signed codes are made narrow: their lowest one has no "
                            + "counterpart", arguments.written(NARROW).get().span(), "")
                    .alsoAt(arguments.written(UNSIGNED).get().span(), "these are unsigned"));
        } else {
            var scheme = new ActivationScheme.Scaled(bits, scale.get(), zero, unsigned, narrow, span);
            if (zero >= scheme.lowest() && zero <= scheme.highest()) {
                return Optional.of(scheme);
            }
            wrong = Optional.of(Diagnostic.error(DiagnosticCode.BAD_ARGUMENT,
                    "`zero` is one of the codes, " + scheme.lowest() + " to " + scheme.highest() + ", not " + zero,
                    arguments.written(ZERO).map(Argument::span).orElse(span), ""));
        }
        wrong.ifPresent(reader::report);
        return Optional.empty();
    }

    /** The codes of a scheme whose scale is given. */
    static Grid grid(int bits, boolean unsigned, boolean narrow) {
        return new Grid(new ElementType.Code(bits, !unsigned), Grid.Rule.GIVEN, narrow);
    }

    /**
     * What is wrong with a range, if its step is no number that can be divided by.
     *
     * @param bits those of the scheme, or of stored codes that are read by its range
     */
    static Optional<Diagnostic> unfit(ActivationScheme.Static scheme, int bits, SourceSpan span) {
        Grid grid = new Grid(new ElementType.Code(bits, false), Grid.Rule.MINMAX);
        if (RangeArithmetic.fits(grid, scheme.low(), scheme.high())) {
            return Optional.empty();
        }
        float step = RangeArithmetic.step(grid, scheme.low(), scheme.high());
        return Optional.of(Diagnostic
                .error(DiagnosticCode.BAD_ARGUMENT,
                        "the range " + scheme.low() + ".." + scheme.high() + " has the step " + step + " at " + bits
                                + " bits; it must be a finite number above 0",
                        span, "")
                .help(step == 0
                        ? "the step is the width of the range by " + ((1 << bits) - 1)
                                + ", rounded to f32: widen the range"
                        : "the width of the range is beyond the greatest f32, " + Float.MAX_VALUE
                                + ": narrow the range"));
    }

    private static Optional<ActivationScheme> table(Arguments arguments, SourceSpan span, ArgumentReader reader) {
        TensorValue step = arguments.get(STEP);
        if (!(step.type().element() instanceof ElementType.StepIndex) || step.type().shape().rank() > 0) {
            reader.report(Diagnostic.error(DiagnosticCode.ELEMENT_MISMATCH,
                    "`step` of `tdq` must be a step input, not " + TypeNames.of(step.type()),
                    arguments.written(STEP).map(Argument::span).orElse(span), "")
                    .help("a step input is declared as in `t: step[100]`"));
            return Optional.empty();
        }
        int levels = arguments.get(LEVELS);
        return bits(arguments, "tdq activations", span, reader).filter(bits -> {
            if (levels > 1 << bits) {
                reader.report(Diagnostic.error(DiagnosticCode.BAD_ARGUMENT,
                        bits + " bits have " + (1 << bits) + " codes, and `levels` is " + levels,
                        arguments.written(LEVELS).map(Argument::span).orElse(span), ""));
            }
            return levels <= 1 << bits;
        }).map(bits -> new ActivationScheme.StepTable(bits, levels, step, span));
    }

    private static Optional<Integer> bits(Arguments arguments, String what, SourceSpan span, ArgumentReader reader) {
        return BitWidth.of(arguments, BITS, 1, MOST_BITS, what, span, reader);
    }

    /** {@code 0..1}, or the word {@code calibrated}, read as empty. */
    private static final class RangeKind implements Kind<Optional<Kinds.FloatRange>> {
        private static final String WORD = "calibrated";
        private final Kind<Kinds.FloatRange> interval = Kinds.interval();

        @Override
        public String expects() {
            return interval.expects() + ", or `" + WORD + "`";
        }

        @Override
        public List<OpSignature> words() {
            return List.of(OpSignature.of(WORD, 0));
        }

        @Override
        public void check(Expression argument, NameChecker names) {
            if (!calibrated(argument)) {
                names.constant(argument);
            }
        }

        @Override
        public Optional<Optional<Kinds.FloatRange>> read(Expression argument, String title, ArgumentReader reader) {
            if (calibrated(argument)) {
                return Optional.of(Optional.empty());
            }
            return interval.read(argument, title, reader).map(Optional::of);
        }

        private static boolean calibrated(Expression argument) {
            return argument instanceof Expression.Name name && name.identifier().text().equals(WORD);
        }
    }
}
