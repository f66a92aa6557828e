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

/** The activation schemes as they are written. */
public final class ActivationSchemes {
    private static final int MOST_BITS = 8;

    private static final Parameter<Long> BITS = Parameter.required("bits", BitWidth.kind(), "1 to 8");
    private static final Parameter<Float> THRESHOLD = Parameter.required("threshold",
            Kinds.decimal("a number of at least 0", 0, Float.MAX_VALUE), "inputs no further from zero become 0");
    private static final Parameter<ActivationScheme.Dynamic.Rule> RULE = Parameter.optional("rule",
            new Keyword<>(Map.of("minmax", ActivationScheme.Dynamic.Rule.MINMAX, "absmax",
                    ActivationScheme.Dynamic.Rule.ABSMAX)),
            ActivationScheme.Dynamic.Rule.MINMAX, "how the measured range becomes a scale: minmax or absmax");
    private static final Parameter<Boolean> PER = Parameter.optional("per",
            new Keyword<>(Map.of("tensor", false, "row", true)), false,
            "one scale per tensor, or per row of the last axis");
    private static final Parameter<Optional<Kinds.Interval>> RANGE = Parameter.required("range", new RangeKind(),
            "lowest..highest, or calibrated");
    private static final Parameter<TensorValue> STEP = Parameter.required("step", Kinds.tensor(),
            "the step input that indexes the table of scales");

    /** What {@code activations:} and {@code quantize} take. */
    public static final Kind<ActivationScheme> KIND = new SchemeKind<>("activation scheme",
            List.of(new SchemeKind.Option<>(Signature.of("sign", 0),
                    (_, _, _) -> Optional.of(new ActivationScheme.Sign())),
                    new SchemeKind.Option<>(Signature.of("ternary", 1, THRESHOLD),
                            (arguments, _, _) -> Optional.of(new ActivationScheme.Ternary(arguments.get(THRESHOLD)))),
                    new SchemeKind.Option<>(Signature.of("dynamic", 2, BITS, RULE, PER), ActivationSchemes::dynamic),
                    new SchemeKind.Option<>(Signature.of("static", 2, BITS, RANGE), ActivationSchemes::fixed),
                    new SchemeKind.Option<>(Signature.of("tdq", 1, BITS, STEP), ActivationSchemes::table),
                    new SchemeKind.Option<>(Signature.of("float", 0), (_, _, _) -> Optional.of(
                            ActivationScheme.FLOAT))));

    private ActivationSchemes() {
    }

    private static Optional<ActivationScheme> dynamic(Arguments arguments, SourceSpan span, ArgumentReader reader) {
        SourceSpan at = arguments.written(BITS).map(Argument::span).orElse(span);
        return bits(arguments, "dynamic activations", span, reader).map(
                bits -> new ActivationScheme.Dynamic(bits, arguments.get(RULE), arguments.get(PER), at));
    }

    private static Optional<ActivationScheme> fixed(Arguments arguments, SourceSpan span, ArgumentReader reader) {
        Optional<Integer> bits = bits(arguments, "static activations", span, reader);
        Optional<Kinds.Interval> range = arguments.get(RANGE);
        if (bits.isEmpty() || range.isEmpty()) {
            return bits.map(ActivationScheme.Calibrated::new);
        }
        var scheme = new ActivationScheme.Static(bits.get(), range.get().low(), range.get().high());
        Optional<Diagnostic> unfit = unfit(scheme, scheme.bits(),
                arguments.written(RANGE).map(Argument::span).orElse(span));
        unfit.ifPresent(reader::report);
        return unfit.isEmpty() ? Optional.of(scheme) : Optional.empty();
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
        if (!(step.type().element() instanceof ElementType.Step)) {
            reader.report(Diagnostic.error(DiagnosticCode.ELEMENT_MISMATCH,
                    "`step` of `tdq` must be a step input, not " + step.type(),
                    arguments.written(STEP).map(Argument::span).orElse(span), "")
                    .help("a step input is declared as in `t: step[100]`"));
            return Optional.empty();
        }
        return bits(arguments, "tdq activations", span, reader)
                .map(bits -> new ActivationScheme.StepTable(bits, step, span));
    }

    private static Optional<Integer> bits(Arguments arguments, String what, SourceSpan span, ArgumentReader reader) {
        return BitWidth.of(arguments, BITS, 1, MOST_BITS, what, span, reader);
    }

    /** {@code 0..1}, or the word {@code calibrated}, read as empty. */
    private static final class RangeKind implements Kind<Optional<Kinds.Interval>> {
        private static final String WORD = "calibrated";
        private final Kind<Kinds.Interval> interval = Kinds.interval();

        @Override
        public String expects() {
            return interval.expects() + ", or `" + WORD + "`";
        }

        @Override
        public void check(Expression argument, NameChecker names) {
            if (!calibrated(argument)) {
                names.constant(argument);
            }
        }

        @Override
        public Optional<Optional<Kinds.Interval>> read(Expression argument, String title, ArgumentReader reader) {
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
