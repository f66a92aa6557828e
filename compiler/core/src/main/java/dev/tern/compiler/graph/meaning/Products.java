package dev.tern.compiler.graph.meaning;

import static dev.tern.compiler.graph.meaning.Meaning.floats;
import static dev.tern.compiler.graph.meaning.Meaning.integers;

import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import java.util.List;

/** Products of activations and weights, one output after the other, and their rescaling. */
final class Products {
    private Products() {
    }

    /** @param operands a [.., k], w [out, k], and the zero point if there is one */
    static Tensor dense(List<Tensor> operands) {
        Tensor a = operands.get(0);
        int inputs = a.shape().channels();
        int outputs = operands.get(1).shape().dimension(0);
        int[] dimensions = a.shape().toArray();
        dimensions[dimensions.length - 1] = outputs;
        Sum sum = Sum.of(operands, Shape.of(dimensions));
        for (int row = 0; row < a.shape().rows(); row++) {
            for (int out = 0; out < outputs; out++) {
                for (int k = 0; k < inputs; k++) {
                    sum.tap(row * inputs + k, out * inputs + k);
                }
                sum.end();
            }
        }
        return sum.result();
    }

    /** @param operands a [h, w, c], w [out, kh, kw, c / groups], and the zero point if there is one */
    static Tensor conv(Operation.Conv conv, Shape result, List<Tensor> operands) {
        Shape a = operands.get(0).shape();
        Shape w = operands.get(1).shape();
        Geometry g = conv.geometry();
        int depth = w.dimension(3);
        int outputsPerGroup = w.dimension(0) / conv.groups();
        Sum sum = Sum.of(operands, result);
        for (int y = 0; y < result.dimension(0); y++) {
            for (int x = 0; x < result.dimension(1); x++) {
                for (int out = 0; out < result.dimension(2); out++) {
                    int weight = out * g.taps() * depth;
                    for (int ky = 0; ky < g.kernelHeight(); ky++) {
                        int row = y * g.strideHeight() - g.padTop() + ky * g.dilationHeight();
                        for (int kx = 0; kx < g.kernelWidth(); kx++) {
                            int column = x * g.strideWidth() - g.padLeft() + kx * g.dilationWidth();
                            boolean inside = row >= 0 && row < a.dimension(0) && column >= 0
                                    && column < a.dimension(1);
                            int pixel = (row * a.dimension(1) + column) * a.dimension(2)
                                    + out / outputsPerGroup * depth;
                            for (int k = 0; k < depth; k++) {
                                if (inside) {
                                    sum.tap(pixel + k, weight);
                                } else {
                                    sum.padding(conv.padding(), weight);
                                }
                                weight++;
                            }
                        }
                    }
                    sum.end();
                }
            }
        }
        return sum.result();
    }

    /** @param operands left [.., m, k], right [.., k, n], and the zero points that there are */
    static Tensor matMul(Operation.MatMul product, Shape result, List<Tensor> operands) {
        Tensor left = operands.get(0);
        Tensor right = operands.get(1);
        int depth = left.shape().channels();
        int columns = result.channels();
        int rows = result.dimension(result.rank() - 2);
        int next = 2;
        if (product.leftZero().isPresent()) {
            left = Sum.lessZero((Tensor.Integers) left, integers(operands, next++));
        }
        if (product.rightZero().isPresent()) {
            right = Sum.lessZero((Tensor.Integers) right, integers(operands, next));
        }
        Sum sum = Sum.of(List.of(left, right), result);
        for (int row = 0; row < result.rows(); row++) {
            for (int column = 0; column < columns; column++) {
                for (int k = 0; k < depth; k++) {
                    sum.tap(row * depth + k, (row / rows * depth + k) * columns + column);
                }
                sum.end();
            }
        }
        return sum.result();
    }

    static Tensor.Floats rescale(Operation.Rescale rescale, List<Tensor> operands) {
        float[] x = real(operands.get(0));
        Shape shape = operands.get(0).shape();
        int next = 1;
        float[] activationScale = rescale.activationScale().isPresent() ? floats(operands, next++).values() : null;
        float[] weightScale = rescale.weightScale().isPresent() ? floats(operands, next).values() : null;
        float[] result = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            int row = i / shape.channels();
            int channel = i % shape.channels();
            if (activationScale != null && weightScale != null) {
                float scale = activationScale[row % activationScale.length]
                        * weightScale[channel % weightScale.length];
                result[i] = scale * x[i];
            } else if (activationScale != null) {
                result[i] = activationScale[row % activationScale.length] * x[i];
            } else if (weightScale != null) {
                result[i] = weightScale[channel % weightScale.length] * x[i];
            } else {
                result[i] = x[i];
            }
        }
        return new Tensor.Floats(shape, result);
    }

    /** Integers to f32, to nearest even. */
    private static float[] real(Tensor tensor) {
        return switch (tensor) {
            case Tensor.Floats floats -> floats.values();
            case Tensor.Integers integers -> {
                float[] result = new float[integers.values().length];
                for (int i = 0; i < result.length; i++) {
                    result[i] = integers.values()[i];
                }
                yield result;
            }
        };
    }

    /** Sums for one output after the other, each from 0; taps come in the defined order. */
    private abstract static class Sum {
        private final Shape shape;
        int output;

        Sum(Shape shape) {
            this.shape = shape;
        }

        static Sum of(List<Tensor> operands, Shape result) {
            Tensor a = operands.get(0);
            if (a instanceof Tensor.Integers codes && operands.size() > 2) {
                a = lessZero(codes, integers(operands, 2));
            }
            if (a instanceof Tensor.Integers codes && operands.get(1) instanceof Tensor.Integers weights) {
                return new ExactSum(codes.values(), weights.values(), result);
            }
            return new RealSum(real(a), real(operands.get(1)), result);
        }

        private static Tensor.Integers lessZero(Tensor.Integers codes, Tensor.Integers zero) {
            int[] result = codes.values().clone();
            for (int i = 0; i < result.length; i++) {
                result[i] -= zero.values()[i / codes.shape().channels() % zero.values().length];
            }
            return new Tensor.Integers(codes.shape(), result);
        }

        /** Adds a[i] * w[j]. */
        abstract void tap(int i, int j);

        /** Adds what a tap in the padding contributes at w[j]. */
        abstract void padding(Operation.Padding kind, int j);

        /** Stores the sum of one output and begins the next. */
        abstract void end();

        abstract Tensor result();

        Shape shape() {
            return shape;
        }
    }

    private static final class ExactSum extends Sum {
        private final int[] a;
        private final int[] w;
        private final int[] result;
        private long sum;

        ExactSum(int[] a, int[] w, Shape shape) {
            super(shape);
            this.a = a;
            this.w = w;
            this.result = new int[shape.elements()];
        }

        @Override
        void tap(int i, int j) {
            sum += a[i] * w[j];
        }

        @Override
        void padding(Operation.Padding kind, int j) {
            switch (kind) {
                case ZERO -> {
                }
                case PLUS_ONE -> sum += w[j];
                case MINUS_ONE -> sum -= w[j];
            }
        }

        @Override
        void end() {
            result[output++] = Math.toIntExact(sum);
            sum = 0;
        }

        @Override
        Tensor result() {
            return new Tensor.Integers(shape(), result);
        }
    }

    private static final class RealSum extends Sum {
        private final float[] a;
        private final float[] w;
        private final float[] result;
        private float sum;

        RealSum(float[] a, float[] w, Shape shape) {
            super(shape);
            this.a = a;
            this.w = w;
            this.result = new float[shape.elements()];
        }

        @Override
        void tap(int i, int j) {
            float product = a[i] * w[j];
            sum += product;
        }

        @Override
        void padding(Operation.Padding kind, int j) {
            switch (kind) {
                case ZERO -> {
                }
                case PLUS_ONE -> sum += w[j];
                case MINUS_ONE -> sum -= w[j];
            }
        }

        @Override
        void end() {
            result[output++] = sum;
            sum = 0;
        }

        @Override
        Tensor result() {
            return new Tensor.Floats(shape(), result);
        }
    }
}
