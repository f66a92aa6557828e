package dev.tern.quantizer.network;

import static dev.tern.quantizer.network.NativeMatrix.Form.PLAIN;
import static dev.tern.quantizer.network.NativeMatrix.Form.TRANSPOSED;

import dev.tern.quantizer.network.NativeMatrix.Into;

/** A product with a weight matrix over the last axis: [..., in] with weights [out, in] to [..., out]. */
final class Dense implements TrainedLayer {
    private final Signal input;
    private final Signal weights;
    private final Signal output;
    private final NativeMatrix inputMatrix;
    private final NativeMatrix weightMatrix;
    private final NativeMatrix outputMatrix;
    private final NativeMatrix inputGradient;
    private final NativeMatrix weightGradient;

    Dense(Signal input, Signal weights, Signal output) {
        this.input = input;
        this.weights = weights;
        this.output = output;
        int in = input.channels();
        int out = output.channels();
        int rows = input.value.length / in;
        this.inputMatrix = new NativeMatrix(rows, in);
        this.weightMatrix = new NativeMatrix(out, in);
        this.outputMatrix = new NativeMatrix(rows, out);
        this.inputGradient = new NativeMatrix(rows, in);
        this.weightGradient = new NativeMatrix(out, in);
    }

    @Override
    public void forward(Mode mode) {
        inputMatrix.load(input.value, 0);
        weightMatrix.load(weights.value, 0);
        outputMatrix.product(inputMatrix, PLAIN, weightMatrix, TRANSPOSED, Into.REPLACE);
        outputMatrix.store(output.value, 0);
    }

    @Override
    public void backward() {
        outputMatrix.load(output.gradient, 0);
        if (weights.isDifferentiable()) {
            weightGradient.product(outputMatrix, TRANSPOSED, inputMatrix, PLAIN, Into.REPLACE);
            weightGradient.addTo(weights.gradient);
        }
        if (input.isDifferentiable()) {
            inputGradient.product(outputMatrix, PLAIN, weightMatrix, PLAIN, Into.REPLACE);
            inputGradient.addTo(input.gradient);
        }
    }
}
