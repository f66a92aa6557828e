package dev.tern.quantizer.network;

/** [.., m, k] by [.., k, n], both computed by the network. */
final class MatrixProduct implements TrainedLayer {
    private final Signal left;
    private final Signal right;
    private final Signal output;
    private final int depth;
    private final int columns;
    private final int rows;

    MatrixProduct(Signal left, Signal right, Signal output) {
        this.left = left;
        this.right = right;
        this.output = output;
        this.depth = left.channels();
        this.columns = output.channels();
        this.rows = output.shape.dimension(output.shape.rank() - 2);
    }

    @Override
    public void forward(Mode mode) {
        for (int n = 0; n < output.batch; n++) {
            for (int row = 0; row < output.size / columns; row++) {
                for (int column = 0; column < columns; column++) {
                    float sum = 0;
                    for (int k = 0; k < depth; k++) {
                        float product = left.value[left(n, row, k)] * right.value[right(n, row, k, column)];
                        sum += product;
                    }
                    output.value[n * output.size + row * columns + column] = sum;
                }
            }
        }
    }

    @Override
    public void backward() {
        for (int n = 0; output.isDifferentiable() && n < output.batch; n++) {
            for (int row = 0; row < output.size / columns; row++) {
                for (int column = 0; column < columns; column++) {
                    float gradient = output.gradient[n * output.size + row * columns + column];
                    for (int k = 0; k < depth; k++) {
                        pass(gradient, left(n, row, k), right(n, row, k, column));
                    }
                }
            }
        }
    }

    private void pass(float gradient, int a, int b) {
        if (left.isDifferentiable()) {
            left.gradient[a] += gradient * right.value[b];
        }
        if (right.isDifferentiable()) {
            right.gradient[b] += gradient * left.value[a];
        }
    }

    private int left(int example, int row, int k) {
        return left.start(example) + row * depth + k;
    }

    private int right(int example, int row, int k, int column) {
        return right.start(example) + (row / rows * depth + k) * columns + column;
    }
}
