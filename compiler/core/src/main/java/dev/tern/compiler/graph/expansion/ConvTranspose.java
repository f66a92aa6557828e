package dev.tern.compiler.graph.expansion;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Expansion;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.NodeSink;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.TypeInference;
import dev.tern.compiler.graph.TypeRuleException;
import dev.tern.compiler.graph.ValueId;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A transposed convolution of [h, w, c], weights [out, kh, kw, c / groups] and perhaps a scalar zero point: the input's
 * element at
 * row y meets output row {@code y * strideHeight - cutTop + ky * dilationHeight}, likewise for columns. Each output is
 * the sum of {@code (a - zero) * w} over the input's rows, columns and channels that meet it, in ascending order, in
 * the arithmetic
 * of {@link Operation.Dense}; where none does it is 0.
 *
 * <p>It is computed without a zero being multiplied, as Shi et al. (2016) show: outputs whose rows and columns leave
 * the same remainders by the strides are an ordinary convolution by every stride-th tap, turned round; the results of
 * all remainders are then put in their places. Where taps lie apart and the distance shares a divisor g with the
 * stride, it is every (stride / g)-th tap, at a distance of dilation / g.
 *
 * @param height rows of the result; those that no input meets are 0
 * @param groups output o reads the channels of group o / (out / groups)
 */
public record ConvTranspose(int strideHeight, int strideWidth, int dilationHeight, int dilationWidth, int cutTop,
        int cutLeft, int height, int width, int groups) implements Expansion {
    @Override
    public String name() {
        return "convtranspose";
    }

    @Override
    public String attributes() {
        boolean apart = dilationHeight > 1 || dilationWidth > 1;
        return "stride " + strideHeight + "x" + strideWidth
                + (apart ? " dilation " + dilationHeight + "x" + dilationWidth : "") + " cut " + cutTop + ", " + cutLeft
                + " to " + height + "x"
                + width + (groups == 1 ? "" : " groups " + groups);
    }

    @Override
    public TensorType type(List<TensorType> operands) {
        Shape a = operands.get(0).shape();
        Shape w = operands.get(1).shape();
        if (a.rank() != 3 || w.rank() != 4 || strideHeight < 1 || strideWidth < 1
                || dilationHeight < 1 || dilationWidth < 1 || height < 1 || width < 1 || groups < 1) {
            throw new TypeRuleException(name() + " of " + operands + " " + attributes());
        }
        int kh = w.dimension(1);
        int kw = w.dimension(2);
        Geometry full = new Geometry(kh, kw, 1, 1, 1, 1, kh - 1, kw - 1, kh - 1, kw - 1);
        List<ValueId> ids = IntStream.range(0, operands.size()).mapToObj(ValueId::new).toList();
        TensorType sums = TypeInference.of(conv(ids, full), operands);
        return new TensorType(sums.element(), Shape.of(height, width, w.dimension(0)));
    }

    private Operation.Conv conv(List<ValueId> operands, Geometry geometry) {
        return new Operation.Conv(operands.get(0),
                operands.size() > 2 ? Optional.of(operands.get(2)) : Optional.empty(), operands.get(1), geometry,
                groups,
                Operation.Padding.ZERO);
    }

    @Override
    public long multiplyAdds(List<Shape> operands) {
        long inputs = operands.get(0).elements();
        return inputs * (operands.get(1).elements() / operands.get(0).channels());
    }

    @Override
    public Operation.Composite inReals(List<ValueId> operands) {
        return new Operation.Composite(this, operands.subList(0, 2));
    }

    @Override
    public Tensor evaluate(List<Tensor> operands) {
        Shape result = Shape.of(height, width, operands.get(1).shape().dimension(0));
        boolean exact = operands.get(0) instanceof Tensor.Integers && operands.get(1) instanceof Tensor.Integers;
        int[] integers = new int[result.elements()];
        float[] floats = new float[result.elements()];
        for (int i = 0; i < result.elements(); i++) {
            if (exact) {
                integers[i] = Math.toIntExact(exactSum(operands, i / result.channels() / width,
                        i / result.channels() % width, i % result.channels()));
            } else {
                floats[i] = realSum(operands, i / result.channels() / width, i / result.channels() % width,
                        i % result.channels());
            }
        }
        return exact ? new Tensor.Integers(result, integers) : new Tensor.Floats(result, floats);
    }

    private long exactSum(List<Tensor> operands, int y, int x, int out) {
        long[] sum = {0};
        forEachTap(operands, y, x, out, (a, w) -> sum[0] += (long) code(operands, a) * integer(operands.get(1), w));
        return sum[0];
    }

    private float realSum(List<Tensor> operands, int y, int x, int out) {
        float[] sum = {0};
        forEachTap(operands, y, x, out, (a, w) -> {
            float left = operands.get(0) instanceof Tensor.Floats reals ? reals.values()[a] : code(operands, a);
            float right = operands.get(1) instanceof Tensor.Floats reals
                    ? reals.values()[w]
                    : integer(operands.get(1), w);
            float product = left * right;
            sum[0] += product;
        });
        return sum[0];
    }

    /** A code less the zero point. */
    private static int code(List<Tensor> operands, int index) {
        return integer(operands.get(0), index) - (operands.size() > 2 ? integer(operands.get(2), 0) : 0);
    }

    private static int integer(Tensor tensor, int index) {
        return ((Tensor.Integers) tensor).values()[index];
    }

    private interface Tap {
        void at(int a, int w);
    }

    /** Visits the inputs that meet an output, and their weights, in the order of the sum. */
    private void forEachTap(List<Tensor> operands, int y, int x, int out, Tap tap) {
        Shape a = operands.get(0).shape();
        Shape w = operands.get(1).shape();
        int first = out / (w.dimension(0) / groups) * w.dimension(3);
        for (int row = 0; row < a.dimension(0); row++) {
            int fromTop = y + cutTop - row * strideHeight;
            int ky = fromTop / dilationHeight;
            for (int column = 0; column < a.dimension(1); column++) {
                int fromLeft = x + cutLeft - column * strideWidth;
                int kx = fromLeft / dilationWidth;
                boolean meets = fromTop >= 0 && fromTop == ky * dilationHeight && ky < w.dimension(1)
                        && fromLeft >= 0 && fromLeft == kx * dilationWidth && kx < w.dimension(2);
                for (int c = 0; meets && c < w.dimension(3); c++) {
                    tap.at((row * a.dimension(1) + column) * a.dimension(2) + first + c,
                            ((out * w.dimension(1) + ky) * w.dimension(2) + kx) * w.dimension(3) + c);
                }
            }
        }
    }

    @Override
    public ValueId expand(NodeSink out, List<ValueId> operands) {
        List<ValueId> rows = new ArrayList<>();
        List<Phase> vertical = Phase.all(strideHeight, dilationHeight, cutTop, height, dimension(out, operands.get(1),
                1),
                dimension(out, operands.get(0), 0));
        List<Phase> horizontal = Phase.all(strideWidth, dilationWidth, cutLeft, width, dimension(out, operands.get(1),
                2),
                dimension(out, operands.get(0), 1));
        for (Phase y : vertical) {
            List<ValueId> columns = horizontal.stream().map(x -> phase(out, operands, y, x)).toList();
            rows.add(inPlace(out, columns, horizontal, 1));
        }
        return inPlace(out, rows, vertical, 0);
    }

    private static int dimension(NodeSink out, ValueId id, int axis) {
        return out.type(id).shape().dimension(axis);
    }

    /** The outputs of one remainder by the stride of the rows and one of the columns. */
    private ValueId phase(NodeSink out, List<ValueId> operands, Phase y, Phase x) {
        int channels = dimension(out, operands.get(1), 0);
        if (y.nothing() || x.nothing()) {
            Shape shape = Shape.of(y.count, x.count, channels);
            boolean real = type(operands.stream().map(out::type).toList()).element() instanceof ElementType.F32;
            return out.constant(real
                    ? new Tensor.Floats(shape, new float[shape.elements()])
                    : new Tensor.Integers(shape, new int[shape.elements()]));
        }
        List<ValueId> part = new ArrayList<>(operands);
        part.set(0, x.cropped(out, y.cropped(out, operands.get(0), 0), 1));
        part.set(1, x.turned(out, y.turned(out, operands.get(1), 1), 2));
        return out.add(conv(part, new Geometry(y.taps, x.taps, 1, 1, y.apart, x.apart, Math.max(y.before, 0),
                Math.max(x.before, 0), Math.max(y.after, 0), Math.max(x.after, 0))));
    }

    /** The parts one after the other, then every element where it belongs. */
    private static ValueId inPlace(NodeSink out, List<ValueId> parts, List<Phase> phases, int axis) {
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        int total = phases.stream().mapToInt(phase -> phase.count).sum();
        Integer[] from = new Integer[total];
        int start = 0;
        for (Phase phase : phases) {
            for (int i = 0; i < phase.count; i++) {
                from[phase.first + i * phase.stride] = start + i;
            }
            start += phase.count;
        }
        return out.add(new Operation.Gather(out.add(new Operation.Concat(parts, axis)), axis, Arrays.asList(from)));
    }

    /**
     * Along one axis the outputs {@code first, first + stride, ...}: a convolution by {@code taps} taps, the first of
     * which is {@code last} in the kernel, the next {@code last - step}; their inputs lie {@code apart}.
     *
     * @param before padding before the input; below 0 elements to leave out
     */
    private record Phase(int first, int stride, int count, int taps, int last, int step, int apart, int inputs,
            int before, int after) {
        static List<Phase> all(int stride, int dilation, int cut, int outputs, int kernel, int inputs) {
            int common = BigInteger.valueOf(stride).gcd(BigInteger.valueOf(dilation)).intValue();
            int step = stride / common;
            int apart = dilation / common;
            List<Phase> phases = new ArrayList<>();
            for (int first = 0; first < Math.min(stride, outputs); first++) {
                int count = (outputs - first + stride - 1) / stride;
                int lowest = lowest(stride, dilation, first + cut, Math.min(kernel, step));
                int taps = lowest < 0 ? 0 : (kernel - lowest + step - 1) / step;
                int last = lowest + step * (taps - 1);
                int before = -Math.floorDiv(first + cut - last * dilation, stride);
                phases.add(new Phase(first, stride, count, taps, last, step, apart, inputs, before,
                        count + (taps - 1) * apart - inputs - before));
            }
            return phases;
        }

        /** The first tap that brings an input to an output, or -1. @param end one more than the last to try */
        private static int lowest(int stride, int dilation, int place, int end) {
            for (int tap = 0; tap < end; tap++) {
                if (Math.floorMod((long) place - (long) tap * dilation, stride) == 0) {
                    return tap;
                }
            }
            return -1;
        }

        /** Whether no input meets any of the outputs. */
        boolean nothing() {
            return taps == 0 || inputs + Math.min(before, 0) + Math.min(after, 0) < 1;
        }

        ValueId cropped(NodeSink out, ValueId x, int axis) {
            int start = Math.max(-before, 0);
            int end = inputs - Math.max(-after, 0);
            return start == 0 && end == inputs ? x : out.add(new Operation.Slice(x, axis, start, end));
        }

        /** Every step-th tap from the last to the first. */
        ValueId turned(NodeSink out, ValueId weights, int axis) {
            return out.add(new Operation.Gather(weights, axis,
                    IntStream.range(0, taps).mapToObj(i -> last - i * step).toList()));
        }
    }
}
