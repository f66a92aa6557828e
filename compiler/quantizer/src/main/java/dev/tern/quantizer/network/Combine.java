package dev.tern.quantizer.network;

import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.formula.BinaryFunction;

/**
 * The sum, difference, product and so on of two signals, element by element. Trailing dimensions align, and a
 * dimension of 1 stretches.
 */
final class Combine implements TrainedLayer {
    private final BinaryFunction function;
    private final Operand left;
    private final Operand right;
    private final Signal output;
    private final float[] result;

    Combine(BinaryFunction function, Signal left, Signal right, Signal output) {
        this.function = function;
        this.left = new Operand(left, output);
        this.right = new Operand(right, output);
        this.output = output;
        this.result = new float[output.size];
    }

    @Override
    public void forward(Mode mode) {
        for (int n = 0; n < output.batch; n++) {
            combine(left.example(n), right.example(n));
            System.arraycopy(result, 0, output.value, n * output.size, output.size);
        }
    }

    /** Sums, the usual case, in a loop of their own: see {@link Line}. */
    private void combine(float[] a, float[] b) {
        if (function == BinaryFunction.ADD) {
            for (int i = 0; i < result.length; i++) {
                result[i] = a[i] + b[i];
            }
            return;
        }
        for (int i = 0; i < result.length; i++) {
            result[i] = function.apply(a[i], b[i]);
        }
    }

    @Override
    public void backward() {
        float[] toLeft = new float[output.size];
        float[] toRight = new float[output.size];
        for (int n = 0; output.isDifferentiable() && n < output.batch; n++) {
            int start = n * output.size;
            System.arraycopy(output.gradient, start, toLeft, 0, output.size);
            System.arraycopy(output.gradient, start, toRight, 0, output.size);
            if (function != BinaryFunction.ADD) {
                float[] a = left.example(n);
                float[] b = right.example(n);
                for (int i = 0; i < output.size; i++) {
                    toLeft[i] *= byLeft(a[i], b[i]);
                    toRight[i] *= byRight(a[i], b[i]);
                }
            }
            left.pass(n, toLeft);
            right.pass(n, toRight);
        }
    }

    /** The partial derivative by the left operand. */
    private float byLeft(float a, float b) {
        return switch (function) {
            case ADD, SUBTRACT -> 1;
            case MULTIPLY -> b;
            case DIVIDE -> 1 / b;
            case MINIMUM -> a <= b ? 1 : 0;
            case MAXIMUM -> a >= b ? 1 : 0;
        };
    }

    private float byRight(float a, float b) {
        return switch (function) {
            case ADD -> 1;
            case SUBTRACT -> -1;
            case MULTIPLY -> a;
            case DIVIDE -> -a / (b * b);
            case MINIMUM -> a <= b ? 0 : 1;
            case MAXIMUM -> a >= b ? 0 : 1;
        };
    }

    /** One side, seen as if it had the output's shape. */
    private static final class Operand {
        private final Signal signal;
        private final boolean same;
        private final boolean suffix;
        private final int[] from;
        private final float[] example;

        Operand(Signal signal, Signal output) {
            this.signal = signal;
            this.same = signal.size == output.size;
            this.suffix = same || isSuffix(signal.shape, output.shape);
            this.from = suffix ? new int[0] : Selection.broadcast(signal.shape, output.shape);
            this.example = new float[output.size];
        }

        /** Whether its elements in their order are repeated as a whole: the usual case, and a quick one. */
        private static boolean isSuffix(Shape operand, Shape output) {
            int offset = output.rank() - operand.rank();
            boolean equal = true;
            for (int i = 0; i < operand.rank(); i++) {
                equal &= operand.dimension(i) == output.dimension(offset + i);
            }
            return equal || operand.elements() == 1;
        }

        /** The values beside an example of the output; valid until the next call. */
        float[] example(int n) {
            int start = signal.start(n);
            if (same) {
                System.arraycopy(signal.value, start, example, 0, example.length);
            } else if (suffix) {
                for (int i = 0; i < example.length; i += signal.size) {
                    System.arraycopy(signal.value, start, example, i, signal.size);
                }
            } else {
                for (int i = 0; i < example.length; i++) {
                    example[i] = signal.value[start + from[i]];
                }
            }
            return example;
        }

        void pass(int n, float[] gradient) {
            int start = signal.start(n);
            if (same && signal.isDifferentiable()) {
                System.arraycopy(signal.gradient, start, example, 0, example.length);
                Line.add(example, gradient);
                System.arraycopy(example, 0, signal.gradient, start, example.length);
                return;
            }
            for (int i = 0; signal.isDifferentiable() && i < gradient.length; i++) {
                int to = suffix ? i % signal.size : from[i];
                signal.gradient[start + to] += gradient[i];
            }
        }
    }
}
