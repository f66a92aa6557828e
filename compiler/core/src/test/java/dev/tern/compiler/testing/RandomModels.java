package dev.tern.compiler.testing;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.expansion.ConvTranspose;
import dev.tern.compiler.testing.RandomLayers.Value;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/**
 * Well-typed models with parameters: every weight and activation scheme that is compiled, sizes around the words and
 * lanes of packed code, odd planes, strides, paddings, groups, residual sums, concatenations, pools, normalizations
 * with gammas of every sign, and values that tie on purpose. The same seed gives the same model.
 */
public final class RandomModels {
    private static final int[] SIZES = {1, 2, 3, 5, 16, 63, 64, 65, 127, 128, 129, 511, 513};
    private static final int[] CHANNELS = {1, 2, 3, 5, 8, 16, 17, 63, 64, 65};
    /** Products of one model, so that the oracle takes milliseconds. */
    private static final long WORK = 300_000;

    private final Random random;
    private final RandomLayers layers;
    private long work;

    private RandomModels(long seed) {
        random = new Random(seed);
        layers = new RandomLayers(random);
    }

    /** The model of a seed. */
    public static Graph model(long seed) {
        return new RandomModels(seed).build();
    }

    /** Seeds of models; a failing one is found again with {@link #model}. */
    public static Arbitrary<Long> seeds() {
        return Arbitraries.longs().between(0, Long.MAX_VALUE - 1).withoutEdgeCases();
    }

    private Graph build() {
        Value x = input();
        int steps = 1 + random.nextInt(6);
        for (int i = 0; i < steps; i++) {
            x = block(x);
        }
        x = layers.real(x);
        layers.graph.output("y", head(x).id(), List.of());
        if (random.nextInt(5) == 0) {
            layers.graph.output("before", x.id(), List.of());
        }
        return layers.build();
    }

    private Value input() {
        Shape shape = switch (random.nextInt(5)) {
            case 0, 1 -> Shape.of(layers.pick(SIZES));
            case 2 -> Shape.of(1 + random.nextInt(4), layers.pick(SIZES));
            default -> Shape.of(1 + random.nextInt(9), 1 + random.nextInt(9), layers.pick(CHANNELS));
        };
        ElementType element = switch (random.nextInt(8)) {
            case 0 -> new ElementType.Code(8, false);
            case 1 -> new ElementType.Code(8, true);
            default -> ElementType.F32;
        };
        Value x = new Value(layers.graph.input("x", new TensorType(element, shape)),
                element instanceof ElementType.Code code && !code.signed());
        if (random.nextInt(6) == 0) {
            layers.stepInput(7);
        }
        return x;
    }

    /** One product, mostly with what follows a product, or something between products. */
    private Value block(Value x) {
        return switch (random.nextInt(12)) {
            case 10 -> layers.normalized(layers.real(x));
            case 11 -> widened(layers.real(x));
            case 0 -> residual(layers.real(x));
            case 1 -> concatenated(x);
            case 2 -> moved(layers.real(x));
            case 3 -> layers.quantized(layers.real(x));
            case 4 -> pooled(layers.real(x));
            default -> layer(x);
        };
    }

    private Value layer(Value x) {
        Value y = product(x, layers.pick(layers.shape(x).rank() == 3 ? CHANNELS : SIZES));
        if (random.nextInt(3) > 0) {
            y = layers.batchNorm(y);
        }
        while (random.nextBoolean()) {
            y = layers.elementwise(y);
        }
        return random.nextInt(3) == 0 ? pooled(y) : y;
    }

    /** A product of this many channels, fewer where it would take too long; at the end of the allowance, x. */
    private Value product(Value x, int wanted) {
        Shape shape = layers.shape(x);
        if (shape.rank() != 3) {
            int channels = affordable(wanted, shape.elements());
            return channels == 0 ? layers.real(x) : layers.dense(x, channels);
        }
        Geometry geometry = geometry(shape);
        int outputs = geometry.outputHeight(shape.dimension(0)) * geometry.outputWidth(shape.dimension(1));
        int groups = random.nextInt(3) == 0 ? groups(shape.channels()) : 1;
        long each = (long) outputs * geometry.taps() * shape.channels() / groups;
        int channels = affordable(groups == 1 ? wanted : groups * (1 + random.nextInt(2)), each);
        return channels == 0 || channels % groups != 0
                ? layers.real(x)
                : layers.conv(x, channels, groups, geometry);
    }

    private int affordable(int wanted, long each) {
        int channels = (int) Math.min(wanted, (WORK - work) / Math.max(1, each));
        work += channels * each;
        return channels;
    }

    /** The channels themselves (depthwise), or a divisor of them. */
    private int groups(int channels) {
        int divisor = layers.pick(channels, channels, 2, 3, 4);
        return channels % divisor == 0 ? divisor : 1;
    }

    /** A window that fits: any size up to 3, stride and dilation up to 2, padding under the kernel's reach. */
    private Geometry geometry(Shape shape) {
        while (true) {
            int kh = 1 + random.nextInt(3);
            int kw = 1 + random.nextInt(3);
            int dilation = random.nextInt(4) == 0 ? 2 : 1;
            Geometry geometry = new Geometry(kh, kw, 1 + random.nextInt(2), 1 + random.nextInt(2), dilation, dilation,
                    random.nextInt(kh), random.nextInt(kw), random.nextInt(kh), random.nextInt(kw));
            if (geometry.outputHeight(shape.dimension(0)) >= 1 && geometry.outputWidth(shape.dimension(1)) >= 1) {
                return geometry;
            }
        }
    }

    private Value residual(Value x) {
        int rank = layers.shape(x).rank();
        long each = (long) layers.shape(x).elements() * (rank == 3 ? 9 : 1);
        if (affordable(layers.shape(x).channels(), each) < layers.shape(x).channels()) {
            return x;
        }
        Geometry same = new Geometry(3, 3, 1, 1, 1, 1, 1, 1, 1, 1);
        Value y = rank == 3
                ? layers.conv(x, layers.shape(x).channels(), 1, same)
                : layers.dense(x, layers.shape(x).channels());
        return layers.relu(layers.add(layers.batchNorm(y), x));
    }

    /** Two products of one value side by side: their quantizers may be equal. */
    private Value concatenated(Value x) {
        Shape shape = layers.shape(x);
        int channels = affordable(layers.pick(1, 3, 64), 2L * shape.elements());
        if (channels == 0) {
            return layers.real(x);
        }
        Value a = shape.rank() == 3
                ? layers.conv(x, channels, 1, Geometry.valid(1, 1, 1))
                : layers.dense(x, channels);
        Value b = random.nextBoolean()
                ? layers.real(x)
                : shape.rank() == 3
                        ? layers.conv(x, channels, 1, Geometry.valid(1, 1, 1))
                        : layers.dense(x, channels);
        return new Value(layers.graph.add(new Operation.Concat(List.of(a.id(), b.id()), shape.rank() - 1)), false);
    }

    private Value moved(Value x) {
        layers.nextLayer("move");
        Shape shape = layers.shape(x);
        return switch (random.nextInt(5)) {
            case 4 -> {
                int axis = random.nextInt(shape.rank());
                int size = shape.dimension(axis);
                List<Integer> indices = random.ints(1 + random.nextInt(Math.min(2 * size, 40)), 0, size).boxed()
                        .toList();
                yield layers.apply(x, id -> layers.graph.add(new Operation.Gather(id, axis, indices)));
            }
            case 0 -> layers.apply(x, id -> layers.graph.reshape(id, Shape.of(shape.elements())));
            case 1 -> layers.apply(x, id -> layers.graph
                    .reshape(layers.graph.reshape(id, Shape.of(shape.elements())), shape));
            case 2 -> shape.rank() < 2
                    ? x
                    : layers.apply(x, id -> layers.graph.add(new Operation.Transpose(id,
                            shape.rank() == 2 ? List.of(1, 0) : List.of(2, 0, 1))));
            default -> {
                int axis = random.nextInt(shape.rank());
                int start = random.nextInt(shape.dimension(axis));
                int end = start + 1 + random.nextInt(shape.dimension(axis) - start);
                yield layers.apply(x, id -> layers.graph.add(new Operation.Slice(id, axis, start, end)));
            }
        };
    }

    /** A transposed convolution, or every row and column repeated. */
    private Value widened(Value x) {
        Shape shape = layers.shape(x);
        if (shape.rank() != 3) {
            return x;
        }
        int factor = 1 + random.nextInt(3);
        int kh = 1 + random.nextInt(4);
        int kw = 1 + random.nextInt(4);
        int channels = affordable(layers.pick(1, 3, 17), (long) shape.elements() * kh * kw * 4);
        if (channels == 0 || shape.dimension(0) * shape.dimension(1) > 60) {
            return x;
        }
        if (random.nextInt(3) == 0) {
            return layers.apply(x, id -> layers.graph.add(new Operation.Gather(id, 0,
                    IntStream.range(0, factor * shape.dimension(0)).mapToObj(i -> i / factor).toList())));
        }
        int stride = 1 + random.nextInt(3);
        int groups = random.nextInt(3) == 0 && channels % shape.channels() == 0 ? shape.channels() : 1;
        return layers.convTranspose(x, channels, kh, kw, new ConvTranspose(stride, factor,
                layers.pick(1, 1, 2, 3), layers.pick(1, 1, 2, 4), random.nextInt(kh), random.nextInt(kw), 1 + random
                        .nextInt(shape.dimension(0) * stride + 2),
                1 + random.nextInt(shape.dimension(1) * factor + 2), groups));
    }

    private Value pooled(Value x) {
        Shape shape = layers.shape(x);
        if (shape.rank() >= 2 && shape.elements() * shape.dimension(shape.rank() - 2) < 20_000
                && random.nextInt(4) == 0) {
            return layers.matMul(x);
        }
        if (shape.rank() != 3) {
            return x;
        }
        layers.nextLayer("pool");
        if (random.nextInt(5) == 0) {
            Geometry all = Geometry.valid(shape.dimension(0), shape.dimension(1), 1);
            return layers.apply(x, id -> layers.graph.add(new Operation.AvgPool(id, all)));
        }
        int kh = Math.min(shape.dimension(0), 1 + random.nextInt(3));
        int kw = Math.min(shape.dimension(1), 1 + random.nextInt(3));
        Geometry geometry = new Geometry(kh, kw, 1 + random.nextInt(2), 1 + random.nextInt(2), 1, 1,
                random.nextInt(kh), random.nextInt(kw), random.nextInt(kh), random.nextInt(kw));
        if (random.nextInt(6) == 0) {
            return layers.summed(x, Geometry.valid(kh, kw, 1 + random.nextInt(2)));
        }
        return layers.apply(x, id -> layers.graph.add(random.nextInt(4) == 0
                ? new Operation.AvgPool(id, geometry)
                : new Operation.MaxPool(id, geometry)));
    }

    private Value head(Value x) {
        return switch (random.nextInt(5)) {
            case 0 -> layers.apply(x, id -> layers.graph.add(new Operation.Softmax(id)));
            case 1 -> layers.apply(x, id -> layers.graph.add(new Operation.ArgMax(id)));
            default -> x;
        };
    }
}
