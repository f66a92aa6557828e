package dev.tern.quantizer.network;

import dev.tern.compiler.graph.Operation.Elementwise.Function;

/**
 * The sum, difference or product of two signals, element by element. An operand of fewer elements than the output is
 * repeated: a scalar for every element, a vector for every row.
 */
final class Combine implements Layer {
    private final Function function;
    private final Operand left;
    private final Operand right;
    private final Signal output;

    Combine(Function function, Signal left, Signal right, Signal output) {
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
                y[start + i] = switch (function) {
                    case ADD -> a[i] + b[i];
                    case SUBTRACT -> a[i] - b[i];
                    case MULTIPLY -> a[i] * b[i];
                };
            }
        }
    }

    @Override
    public void backward() {
        float[] gradient = new float[output.size];
        for (int start = 0; start < output.gradient.length; start += output.size) {
            System.arraycopy(output.gradient, start, gradient, 0, output.size);
            switch (function) {
                case ADD -> {
                    left.pass(start, gradient, 1f);
                    right.pass(start, gradient, 1f);
                }
                case SUBTRACT -> {
                    left.pass(start, gradient, 1f);
                    right.pass(start, gradient, -1f);
                }
                case MULTIPLY -> {
                    left.pass(start, product(gradient, right.example(start)), 1f);
                    right.pass(start, product(gradient, left.example(start)), 1f);
                }
            }
        }
    }

    private static float[] product(float[] a, float[] b) {
        float[] product = new float[a.length];
        for (int i = 0; i < product.length; i++) {
            product[i] = a[i] * b[i];
        }
        return product;
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

        void pass(int start, float[] gradient, float sign) {
            if (!signal.isDifferentiable()) {
                return;
            }
            for (int i = 0; i < gradient.length; i++) {
                signal.gradient[repeated ? i % signal.size : start + i] += sign * gradient[i];
            }
        }
    }
}
