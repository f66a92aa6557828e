package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.graph.WeightScheme;
import dev.tern.compiler.graph.WeightScheme.ScaleGranularity;
import dev.tern.compiler.graph.WeightScheme.TernaryRule;
import dev.tern.compiler.syntax.Argument;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The weight schemes as they are written. */
public final class WeightSchemes {
    /** {@code ternary(ttq)} without a number: the threshold of the paper (Zhu et al. 2016). */
    private static final float TTQ_THRESHOLD = 0.05f;

    private enum Rule {
        TWN, ABSMEAN, TTQ
    }

    private enum Form {
        SYMMETRIC, ASYMMETRIC
    }

    private static final OpParameter<Integer> GROUP = OpParameter.required("size", Kinds.whole(1, Integer.MAX_VALUE),
            "how many weights share a scale");
    private static final Kind<ScaleGranularity> GRANULARITY = new SchemeKind<>("scale",
            List.of(word("channel", ScaleGranularity.CHANNEL), word("tensor", ScaleGranularity.TENSOR),
                    word("none", ScaleGranularity.NONE),
                    new SchemeKind.Option<>(OpSignature.of("group", 1, GROUP), (arguments, _, _) -> Optional
                            .of(new ScaleGranularity.Group(arguments.get(GROUP))))));
    private static final OpParameter<ScaleGranularity> SCALE = OpParameter.optional("scale", GRANULARITY,
            "over which weights one scale is shared: channel, tensor, none or group(n)");
    private static final OpParameter<Rule> RULE = OpParameter.optional("rule",
            new Keyword<>(Map.of("twn", Rule.TWN, "absmean", Rule.ABSMEAN, "ttq", Rule.TTQ)),
            "where zero begins: twn, absmean or ttq");
    private static final Kind<Float> FRACTION = Kinds.decimal("a number from 0 to 1", 0, 1);
    private static final OpParameter<Float> P = OpParameter.optional("p", FRACTION,
            "of ttq: the threshold as a part of the greatest weight");
    private static final OpParameter<Float> THRESHOLD = OpParameter.optional("threshold", FRACTION,
            "the threshold as a part of the greatest weight, in the place of a rule");
    private static final OpParameter<Long> BITS = OpParameter.required("bits", BitWidth.kind(), "2 to 8");
    private static final OpParameter<Form> FORM = OpParameter.optional("form",
            new Keyword<>(Map.of("symmetric", Form.SYMMETRIC, "asymmetric", Form.ASYMMETRIC)), Form.SYMMETRIC,
            "symmetric, or asymmetric: with a zero point");

    /** What {@code weights:} takes. */
    public static final Kind<WeightScheme> KIND = new SchemeKind<>("weight scheme",
            List.of(new SchemeKind.Option<>(OpSignature.of("binary", 0, SCALE), WeightSchemes::binary),
                    new SchemeKind.Option<>(OpSignature.of("ternary", 2, RULE, P, THRESHOLD, SCALE),
                            WeightSchemes::ternary),
                    new SchemeKind.Option<>(OpSignature.of("int", 2, BITS, FORM, SCALE), WeightSchemes::integer),
                    new SchemeKind.Option<>(OpSignature.of("float", 0),
                            (_, _, _) -> Optional.of(new WeightScheme.Floating()))));

    private WeightSchemes() {
    }

    private static SchemeKind.Option<ScaleGranularity> word(String name, ScaleGranularity granularity) {
        return new SchemeKind.Option<>(OpSignature.of(name, 0), (_, _, _) -> Optional.of(granularity));
    }

    private static Optional<WeightScheme> binary(Arguments arguments, SourceSpan span, ArgumentReader reader) {
        return Optional.of(new WeightScheme.Binary(arguments.find(SCALE).orElse(ScaleGranularity.CHANNEL)));
    }

    private static Optional<WeightScheme> integer(Arguments arguments, SourceSpan span, ArgumentReader reader) {
        ScaleGranularity scale = arguments.find(SCALE).orElse(ScaleGranularity.CHANNEL);
        if (arguments.get(FORM) == Form.SYMMETRIC) {
            return BitWidth.of(arguments, BITS, 2, 8, "int weights", span, reader)
                    .map(bits -> new WeightScheme.Integer(bits, scale));
        }
        if (scale instanceof ScaleGranularity.None) {
            reader.report(Diagnostic
                    .error(DiagnosticCode.BAD_SCHEME, "asymmetric weights have a scale", span, "")
                    .help("leave out `scale: none`, or `asymmetric`"));
            return Optional.empty();
        }
        return BitWidth.of(arguments, BITS, 2, 7, "asymmetric int weights", span, reader)
                .map(bits -> new WeightScheme.Asymmetric(bits, scale));
    }

    private static Optional<WeightScheme> ternary(Arguments arguments, SourceSpan span, ArgumentReader reader) {
        Optional<Argument> threshold = arguments.written(THRESHOLD);
        Optional<Argument> p = arguments.written(P);
        Rule rule = arguments.find(RULE).orElse(Rule.TWN);
        if (threshold.isPresent() && arguments.written(RULE).isPresent()) {
            reader.report(Diagnostic
                    .error(DiagnosticCode.BAD_SCHEME, "a `threshold` takes the place of a rule", threshold.get().span(),
                            "")
                    .alsoAt(arguments.written(RULE).get().span(), "the rule is given here"));
            return Optional.empty();
        }
        if (p.isPresent() && rule != Rule.TTQ) {
            reader.report(Diagnostic.error(DiagnosticCode.BAD_SCHEME, "only `ttq` takes a number", p.get().span(), "")
                    .help("a threshold of your own is written `ternary(threshold: 0.05)`"));
            return Optional.empty();
        }
        TernaryRule made = threshold.isPresent()
                ? new TernaryRule.Threshold(arguments.get(THRESHOLD))
                : switch (rule) {
                    case TWN -> new TernaryRule.Twn();
                    case ABSMEAN -> new TernaryRule.AbsMean();
                    case TTQ -> new TernaryRule.Ttq(arguments.find(P).orElse(TTQ_THRESHOLD));
                };
        ScaleGranularity usual = made instanceof TernaryRule.AbsMean
                ? ScaleGranularity.TENSOR
                : ScaleGranularity.CHANNEL;
        return Optional.of(new WeightScheme.Ternary(made, arguments.find(SCALE).orElse(usual)));
    }

    /** As it is written: {@code ternary(twn)}; a scale that the scheme has anyway is left out. */
    public static String describe(WeightScheme scheme) {
        return switch (scheme) {
            case WeightScheme.Binary(ScaleGranularity scale) -> scale.equals(ScaleGranularity.CHANNEL)
                    ? "binary"
                    : "binary(" + describe(scale) + ")";
            case WeightScheme.Ternary(TernaryRule rule, ScaleGranularity scale) -> {
                boolean usual = scale.equals(
                        rule instanceof TernaryRule.AbsMean ? ScaleGranularity.TENSOR : ScaleGranularity.CHANNEL);
                yield "ternary(" + describe(rule) + (usual ? ")" : ", " + describe(scale) + ")");
            }
            case WeightScheme.Integer(int bits, ScaleGranularity scale) -> "int(" + bits
                    + (scale.equals(ScaleGranularity.CHANNEL) ? ")" : ", " + describe(scale) + ")");
            case WeightScheme.Asymmetric(int bits, ScaleGranularity scale) -> "int(" + bits + ", asymmetric"
                    + (scale.equals(ScaleGranularity.CHANNEL) ? ")" : ", " + describe(scale) + ")");
            case WeightScheme.Floating() -> "float";
        };
    }

    private static String describe(TernaryRule rule) {
        return switch (rule) {
            case TernaryRule.Twn() -> "twn";
            case TernaryRule.AbsMean() -> "absmean";
            case TernaryRule.Ttq(float p) -> "ttq, " + p;
            case TernaryRule.Threshold(float v) -> "threshold: " + v;
        };
    }

    private static String describe(ScaleGranularity scale) {
        return "scale: " + switch (scale) {
            case ScaleGranularity.PerChannel() -> "channel";
            case ScaleGranularity.PerTensor() -> "tensor";
            case ScaleGranularity.None() -> "none";
            case ScaleGranularity.Group(int size) -> "group(" + size + ")";
        };
    }
}
