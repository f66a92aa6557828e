package dev.tern.quantizer.network;

import dev.tern.compiler.graph.formula.BinaryFunction;

/**
 * The sum, difference, product and so on of two signals, element by element. An operand of fewer elements than the
 * output is repeated: a scalar for every element, a vector for every row.
 */
final class Combine implements TrainedLayer {
    private final BinaryFunction function;
    private final Operand left;
    private final Operand right;
    private final Signal output;

    Combine(BinaryFunction function, Signal left, Signal right, Signal output) {
        this.function = function;
        this.left = new Operand(left, output);
        this.right = new Operand(right, output);
        this.output = output;
    }

    @Override
    public void forward(Mode mode) {
        float[] y = output.value;
        for (int start = 0; start < y.length; start += output.size) {
            float[] a = left.example(start);
            float[] b = right.example(start);
            for (int i = 0; i < output.size; i++) {
                y[start + i] = function.apply(a[i], b[i]);
            }
        }
    }

    @Override
    public void backward() {
        float[] toLeft = new float[output.size];
        float[] toRight = new float[output.size];
        for (int start = 0; start < output.gradient.length; start += output.size) {
            float[] a = left.example(start);
            float[] b = right.example(start);
            for (int i = 0; i < output.size; i++) {
                float gradient = output.gradient[start + i];
                toLeft[i] = gradient * byLeft(a[i], b[i]);
                toRight[i] = gradient * byRight(a[i], b[i]);
            }
            left.pass(start, toLeft);
            right.pass(start, toRight);
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
        private final boolean repeated;
        private final float[] example;

        Operand(Signal signal, Signal output) {
            this.signal = signal;
            this.repeated = signal.value.length < output.value.length;
            this.example = new float[output.size];
        }

        /** The values beside the output's elements from {@code start}; valid until the next call. */
        float[] example(int start) {
            if (!repeated) {
                System.arraycopy(signal.value, start, example, 0, example.length);
            } else {
                for (int i = 0; i < example.length; i += signal.size) {
                    System.arraycopy(signal.value, 0, example, i, signal.size);
                }
            }
            return example;
        }

        void pass(int start, float[] gradient) {
            if (!signal.isDifferentiable()) {
                return;
            }
            for (int i = 0; i < gradient.length; i++) {
                signal.gradient[repeated ? i % signal.size : start + i] += gradient[i];
            }
        }
    }
}
