package dev.tern.compiler.testing;

import dev.tern.compiler.graph.CodeTerm;
import dev.tern.compiler.graph.ElementType.Code;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Requantization;
import dev.tern.compiler.graph.ScaleRatio;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.FixedPoint.Rounding;
import java.util.Optional;
import java.util.stream.IntStream;

/** Codes made by integers alone. */
final class RandomIntegers {
    private final RandomLayers layers;

    RandomIntegers(RandomLayers layers) {
        this.layers = layers;
    }

    private Rounding rounding() {
        return Rounding.values()[layers.random.nextInt(2)];
    }

    /** A rule, some of whose factors are greater than 1, and some of which shift nothing. */
    private Requantization rule(double greatest) {
        int bits = 2 + layers.random.nextInt(7);
        Code code = new Code(bits, layers.random.nextBoolean());
        int zero = code.lowest() + layers.random.nextInt(1 << bits);
        int lowest = layers.random.nextInt(3) == 0 ? zero : code.lowest();
        int highest = layers.random.nextInt(3) == 0 ? Math.max(lowest, code.highest() - 1) : code.highest();
        double factor = layers.random.nextInt(4) == 0 ? 0.5 : greatest * layers.random.nextDouble();
        return new Requantization(factor, layers.random.nextBoolean() ? 1 : 0.75, rounding(), code, zero, lowest,
                highest);
    }

    private ValueId reals(ValueId codes, int zero) {
        return layers.graph.add(new Operation.Dequantize(codes, constant(0.5f + layers.random.nextFloat()),
                zero == 0 ? Optional.empty() : Optional.of(whole(zero))));
    }

    private ValueId constant(float value) {
        return layers.graph.constant(Tensor.scalar(value));
    }

    private ValueId whole(int value) {
        return layers.graph.add(new Operation.Constant(Tensor.scalar(value)));
    }

    /** Accumulators as codes, as reals. */
    ValueId requantized(ValueId sum, Optional<ValueId> weightScale) {
        int channels = layers.graph.type(sum).shape().channels();
        float[] biases = new float[channels];
        for (int i = 0; i < channels; i++) {
            biases[i] = layers.random.nextInt(201) - 100;
        }
        Optional<ValueId> bias = layers.random.nextBoolean()
                ? Optional.of(layers.graph.constant(Tensor.of(biases)))
                : Optional.empty();
        Requantization rule = rule(2);
        return reals(layers.graph.add(new Operation.Requantize(sum, weightScale, bias, rule)), rule.zero());
    }

    private record Term(ValueId codes, CodeTerm term) {
    }

    private Term term(RandomLayers.Value x, boolean product) {
        Code code = new Code(2 + layers.random.nextInt(7), layers.random.nextBoolean());
        int zero = code.lowest() + layers.random.nextInt(1 << code.bits());
        ValueId codes = layers.graph.add(new Operation.Quantize(x.id(), constant(0.1f + layers.random.nextFloat()),
                Optional.of(whole(zero)), new Grid(code, Grid.Rule.GIVEN)));
        return new Term(codes, product
                ? new CodeTerm(zero, 0, 1, rounding())
                : new CodeTerm(zero, 20, layers.random.nextDouble() - 0.5, rounding()));
    }

    /** A tensor with itself on other grids, or by a table, as reals. */
    ValueId combined(RandomLayers.Value x) {
        if (layers.random.nextInt(3) == 0) {
            Term one = term(x, true);
            Code from = (Code) layers.graph.type(one.codes).element();
            Code to = new Code(8, true);
            ValueId table = layers.graph.constant(Tensor.of(floats(IntStream.range(0, 1 << from.bits())
                    .map(_ -> layers.random.nextInt(256) - 128).toArray())));
            return reals(layers.graph.add(new Operation.CodeTable(one.codes, table, from, to)), 3);
        }
        boolean product = layers.random.nextBoolean();
        Term left = term(x, product);
        Term right = term(x, product);
        ValueId both = layers.graph.add(new Operation.CombineCodes(product, left.codes, right.codes, left.term,
                right.term));
        Requantization rule = rule(product ? 0.1 : 1e-5);
        return reals(layers.graph.add(new Operation.Requantize(both, Optional.empty(), Optional.empty(), rule)),
                rule.zero());
    }

    /** Sums of windows on another scale, as reals. @param whole all of whose taps lie inside */
    ValueId summed(RandomLayers.Value x, Geometry whole) {
        ValueId sums = layers.graph.add(new Operation.SumPool(term(x, true).codes, whole));
        float[] factors = new float[layers.graph.type(sums).shape().channels()];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = 2 * layers.random.nextFloat() - 0.5f;
        }
        Optional<ValueId> factor = layers.random.nextBoolean()
                ? Optional.of(layers.graph.constant(Tensor.of(factors)))
                : Optional.empty();
        Optional<ValueId> bias = layers.random.nextBoolean()
                ? Optional.of(constant(layers.random.nextInt(201) - 100))
                : Optional.empty();
        int lowest = -layers.random.nextInt(300);
        ValueId rescaled = layers.graph.add(new Operation.RescaleIntegers(sums, factor, bias,
                new ScaleRatio(0.1 + layers.random.nextDouble(), 0.2 + layers.random.nextDouble()), lowest,
                lowest + 1 + layers.random.nextInt(600)));
        Requantization rule = rule(1);
        return reals(layers.graph.add(new Operation.Requantize(rescaled, Optional.empty(), Optional.empty(), rule)),
                rule.zero());
    }

    private static float[] floats(int[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = values[i];
        }
        return floats;
    }
}
