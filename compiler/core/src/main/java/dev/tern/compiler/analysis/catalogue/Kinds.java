package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.value.Function;
import dev.tern.compiler.analysis.value.KnownValue;
import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.syntax.Expression;
import java.util.List;
import java.util.Optional;

/** The kinds of argument that many ops share. */
public final class Kinds {
    /** No kernel, stride or padding is wider; sums of products of two of these fit an int. */
    public static final int WIDEST = 32_767;

    private Kinds() {
    }

    /** A height and a width. */
    public record Extent(int height, int width) {
    }

    /** A closed range of reals. */
    public record FloatRange(float low, float high) {
    }

    /** A whole number in a range, both ends in it. */
    public static Kind<Integer> whole(int lowest, int highest) {
        String expects = highest == Integer.MAX_VALUE
                ? "a whole number of at least " + lowest
                : "a whole number from " + lowest + " to " + highest;
        return constant(expects,
                c -> c instanceof KnownValue.Whole(long value) && value >= lowest && value <= highest
                        ? Optional.of((int) value)
                        : Optional.empty());
    }

    /** A finite number in a range of f32, both ends in it. */
    public static Kind<Float> decimal(String expects, float lowest, float highest) {
        return constant(expects, c -> c.number().filter(v -> v >= lowest && v <= highest).map(Double::floatValue));
    }

    /** A number of at least 0 kept as a double. */
    public static Kind<Double> notNegative() {
        return constant("a number of at least 0", c -> c.number().filter(v -> v >= 0 && v <= Float.MAX_VALUE));
    }

    public static Kind<Boolean> truth() {
        return constant("`true` or `false`", List.of(OpSignature.of("true", 0), OpSignature.of("false", 0)),
                c -> c instanceof KnownValue.Truth(boolean value) ? Optional.of(value) : Optional.empty());
    }

    /** {@code 3x3}, or one number for both directions. */
    public static Kind<Extent> extent() {
        return constant("a number or a size like 3x3, each side from 1 to " + WIDEST, Kinds::toExtent);
    }

    private static Optional<Extent> toExtent(KnownValue constant) {
        if (constant instanceof KnownValue.Whole(long value)) {
            return toExtent(new KnownValue.Extents(List.of(value, value)));
        }
        if (constant instanceof KnownValue.Extents(List<Long> sides) && sides.size() == 2
                && sides.stream().allMatch(side -> side >= 1 && side <= WIDEST)) {
            return Optional.of(new Extent(sides.get(0).intValue(), sides.get(1).intValue()));
        }
        return Optional.empty();
    }

    /** {@code 0..6}. */
    public static Kind<FloatRange> interval() {
        return constant("a range like 0..1 with its lower end first",
                c -> c instanceof KnownValue.Bounds(double low, double high) && low < high
                        && Float.isFinite((float) low) && Float.isFinite((float) high) && (float) low < (float) high
                                ? Optional.of(new FloatRange((float) low, (float) high))
                                : Optional.empty());
    }

    /** {@code [7, _, 32]}; an inferred entry is empty. {@code 7x7x32} is the same without inference. */
    public static Kind<List<Optional<Long>>> entries() {
        return constant("a list of whole numbers like [7, 7, 32]", Kinds::toEntries);
    }

    static Optional<List<Optional<Long>>> toEntries(KnownValue constant) {
        if (constant instanceof KnownValue.Whole(long value)) {
            return Optional.of(List.of(Optional.of(value)));
        }
        if (constant instanceof KnownValue.Extents(List<Long> sides)) {
            return Optional.of(sides.stream().map(Optional::of).toList());
        }
        if (constant instanceof KnownValue.Elements(List<Optional<KnownValue>> values)
                && values.stream().allMatch(v -> v.isEmpty() || v.get() instanceof KnownValue.Whole)) {
            return Optional.of(values.stream().map(v -> v.map(c -> ((KnownValue.Whole) c).value())).toList());
        }
        return Optional.empty();
    }

    /** An op, a block or a pipeline without a head. */
    public static Kind<Function> function() {
        return new Kind<>() {
            @Override
            public String expects() {
                return "an op, a block or a pipeline without a head";
            }

            @Override
            public void check(Expression argument, NameChecker names) {
                names.function(argument);
            }

            @Override
            public Optional<Function> read(Expression argument, String title, ArgumentReader reader) {
                return reader.function(argument);
            }
        };
    }

    /** A value of the model. */
    public static Kind<TensorValue> tensor() {
        return new Kind<>() {
            @Override
            public String expects() {
                return "a value of the model";
            }

            @Override
            public void check(Expression argument, NameChecker names) {
                names.tensor(argument);
            }

            @Override
            public Optional<TensorValue> read(Expression argument, String title, ArgumentReader reader) {
                return reader.tensor(argument);
            }
        };
    }

    /** Anything that follows from one constant. @param convert gives empty for what does not fit */
    public static <T> Kind<T> constant(String expects, java.util.function.Function<KnownValue, Optional<T>> convert) {
        return constant(expects, List.of(), convert);
    }

    private static <T> Kind<T> constant(String expects, List<OpSignature> words,
            java.util.function.Function<KnownValue, Optional<T>> convert) {
        return new Kind<>() {
            @Override
            public String expects() {
                return expects;
            }

            @Override
            public List<OpSignature> words() {
                return words;
            }

            @Override
            public Optional<T> read(Expression argument, String title, ArgumentReader reader) {
                Optional<KnownValue> constant = reader.constant(argument);
                if (constant.isEmpty()) {
                    return Optional.empty();
                }
                Optional<T> value = convert.apply(constant.get());
                if (value.isEmpty()) {
                    reader.report(Diagnostic.error(DiagnosticCode.BAD_ARGUMENT,
                            title + " must be " + expects + ", not " + constant.get().describe(), argument.span(),
                            ""));
                }
                return value;
            }
        };
    }
}
