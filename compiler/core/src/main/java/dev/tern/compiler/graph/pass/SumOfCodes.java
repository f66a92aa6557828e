package dev.tern.compiler.graph.pass;

import dev.tern.compiler.graph.CodeTerm;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.ElementType.Code;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Operation.Dequantize;
import dev.tern.compiler.graph.Operation.Elementwise;
import dev.tern.compiler.graph.Requantization;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.FixedPoint;
import dev.tern.compiler.graph.formula.FixedPoint.Rounding;
import dev.tern.compiler.graph.meaning.Meaning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A sum of two multiples of codes, whose scales are the same or differ by a power of two: what integers the codes add
 * up to, and between which f32 values the sums of each integer lie, found from all pairs of codes. Several pairs may
 * have one integer sum, and each of their three f32 operations rounds by itself.
 *
 * @param integers the sum in multiples of the smaller scale
 * @param scale the smaller scale; absent where codes stand for themselves
 * @param unit its number
 * @param least the least integer
 * @param low by integer, from the least on: the lowest f32 of its pairs
 * @param high the highest; lower than the lowest where an integer has no pair
 */
record SumOfCodes(Operation.CombineCodes integers, Optional<ValueId> scale, float unit, int least, float[] low,
        float[] high) {
    /** With more, no code of the one operand would matter beside the other. */
    private static final int MOST_SHIFT = 8;
    /** No multiple of a code overflows. */
    private static final float GREATEST_SCALE = 0x1p100f;

    /** One operand: codes, less a zero point, times a scale or as they are. */
    private record Term(Operation multiple, ValueId codes, Code code, Optional<ValueId> scaledBy, float scale,
            int zero) {
        static Optional<Term> of(ValueId id, Node sum, Definitions definitions) {
            Node node = definitions.of(id);
            if (!node.type().shape().equals(sum.type().shape())) {
                return Optional.empty();
            }
            return switch (node.operation()) {
                case Dequantize(ValueId codes, ValueId scale, Optional<ValueId> zero) ->
                    of(node.operation(), codes, Optional.of(scale), zero, definitions);
                case Operation.Rescale(ValueId codes, Optional<ValueId> scale, Optional<ValueId> weights) when weights
                        .isEmpty() ->
                    of(node.operation(), codes, scale, Optional.empty(), definitions);
                // Nothing else makes multiples of codes.
                default -> Optional.empty();
            };
        }

        private static Optional<Term> of(Operation multiple, ValueId codes, Optional<ValueId> scale,
                Optional<ValueId> zero, Definitions definitions) {
            if (!(definitions.of(codes).type().element() instanceof Code code)) {
                return Optional.empty();
            }
            Optional<Float> factor = scale.isEmpty()
                    ? Optional.of(1f)
                    : scale.flatMap(id -> scalar(id, definitions)).map(tensor -> ((Tensor.Floats) tensor).values()[0]);
            Optional<Integer> less = zero.isEmpty()
                    ? Optional.of(0)
                    : zero.flatMap(id -> scalar(id, definitions)).map(tensor -> ((Tensor.Integers) tensor).values()[0]);
            return factor.filter(number -> number > 0).flatMap(number -> less.map(z -> new Term(multiple, codes, code,
                    scale, number, z)));
        }

        private static Optional<Tensor> scalar(ValueId id, Definitions definitions) {
            return definitions.constant(id).filter(tensor -> tensor.shape().rank() == 0);
        }

        CodeTerm shifted(int left) {
            return new CodeTerm(zero, left, 1, Rounding.DOUBLE);
        }

        /** Codes that occur: of one signed bit not 0. */
        int[] occurring() {
            int[] codes = new int[1 << code.bits()];
            int step = code.bipolar() ? 2 : 1;
            Arrays.setAll(codes, i -> code.lowest() + step * i);
            return codes;
        }

        /** Their multiples. */
        float[] reals() {
            int[] codes = occurring();
            Shape shape = Shape.of(codes.length);
            List<Tensor> operands = new ArrayList<>(List.of(new Tensor.Integers(shape, codes)));
            scaledBy.ifPresent(_ -> operands.add(Tensor.scalar(scale)));
            if (multiple.operands().size() > operands.size()) {
                operands.add(Tensor.scalar(zero));
            }
            return ((Tensor.Floats) Meaning.evaluate(multiple, new TensorType(ElementType.F32, shape), operands))
                    .values();
        }
    }

    /** What a node adds, if it is such a sum. */
    static Optional<SumOfCodes> of(Node node, Definitions definitions) {
        if (!(node.operation() instanceof Elementwise(BinaryFunction function, ValueId left, ValueId right))
                || function != BinaryFunction.ADD) {
            return Optional.empty();
        }
        return Term.of(left, node, definitions).flatMap(a -> Term.of(right, node, definitions)
                .flatMap(b -> a.scale <= b.scale ? of(a, b) : of(b, a)));
    }

    /** @param a that of the smaller scale */
    private static Optional<SumOfCodes> of(Term a, Term b) {
        int shift = Math.getExponent(b.scale) - Math.getExponent(a.scale);
        if (b.scale > GREATEST_SCALE || shift > MOST_SHIFT || Math.scalb(a.scale, shift) != b.scale) {
            return Optional.empty();
        }
        CodeTerm first = a.shifted(0);
        CodeTerm second = b.shifted(shift);
        int least = first.of(a.code.lowest()) + second.of(b.code.lowest());
        int greatest = first.of(a.code.highest()) + second.of(b.code.highest());
        float[] low = new float[greatest - least + 1];
        float[] high = new float[low.length];
        Arrays.fill(low, Float.POSITIVE_INFINITY);
        Arrays.fill(high, Float.NEGATIVE_INFINITY);
        int[] lefts = a.occurring();
        int[] rights = b.occurring();
        float[] leftReals = a.reals();
        float[] rightReals = b.reals();
        for (int i = 0; i < lefts.length; i++) {
            for (int j = 0; j < rights.length; j++) {
                int at = first.of(lefts[i]) + second.of(rights[j]) - least;
                float sum = BinaryFunction.ADD.apply(leftReals[i], rightReals[j]);
                low[at] = Math.min(low[at], sum);
                high[at] = Math.max(high[at], sum);
            }
        }
        return Optional.of(new SumOfCodes(new Operation.CombineCodes(false, a.codes, b.codes, first, second),
                a.scaledBy, a.scale, least, low, high));
    }

    /** How many integers lie between the least and the greatest sum. */
    long count() {
        return low.length;
    }

    private boolean occurs(int at) {
        return low[at] <= high[at];
    }

    /** Whether every pair's sum is the product of the scale and its integer. */
    boolean exact() {
        for (int at = 0; at < low.length; at++) {
            if (occurs(at) && !(equal(low[at], high[at]) && equal(low[at], unit * (float) (least + at)))) {
                return false;
            }
        }
        return true;
    }

    private static boolean equal(float a, float b) {
        return Float.floatToRawIntBits(a) == Float.floatToRawIntBits(b);
    }

    /** The lowest reals of all integers, [count, channels]; of one that does not occur those of the one before. */
    Tensor leastReals(int channels) {
        return repeated(low, channels);
    }

    /** The highest, likewise. */
    Tensor greatestReals(int channels) {
        return repeated(high, channels);
    }

    private Tensor repeated(float[] reals, int channels) {
        float[] all = everywhere(reals);
        float[] values = new float[all.length * channels];
        for (int i = 0; i < values.length; i++) {
            values[i] = all[i / channels];
        }
        return new Tensor.Floats(Shape.of(all.length, channels), values);
    }

    /** The least integer occurs. */
    private float[] everywhere(float[] reals) {
        float[] all = reals.clone();
        for (int at = 1; at < all.length; at++) {
            all[at] = occurs(at) ? all[at] : all[at - 1];
        }
        return all;
    }

    /** Where thresholds on the integers are looked for. */
    ThresholdDomain domain() {
        return new ThresholdDomain.Sums(least, everywhere(low));
    }

    /** Whether a rule makes these codes of the integers. @param codes from that of the least on */
    boolean gives(Requantization rule, int[] codes) {
        if (!rule.expresses(new float[]{1})) {
            return false;
        }
        FixedPoint factor = rule.factors(Optional.empty())[0];
        for (int at = 0; at < codes.length; at++) {
            if (occurs(at) && rule.code(least + at, factor) != codes[at]) {
                return false;
            }
        }
        return true;
    }
}
