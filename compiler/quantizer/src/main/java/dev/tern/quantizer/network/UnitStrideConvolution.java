package dev.tern.quantizer.network;

import static dev.tern.quantizer.network.NativeMatrix.Form.PLAIN;
import static dev.tern.quantizer.network.NativeMatrix.Form.TRANSPOSED;

import dev.tern.compiler.graph.Geometry;
import dev.tern.quantizer.network.NativeMatrix.Into;
import dev.tern.quantizer.network.NativeMatrix.View;

/**
 * A convolution of stride 1 without groups, whose windows are not dilated along a row: [h, w, c] with weights
 * [out, kh, kw, c] to [h', w', out].
 *
 * <p>Schedule: no window is copied. The images of a chunk lie one behind the other with padding after each row and each
 * image, which is also that before the next. What a row of the kernel sees at a place is then kw * c numbers in a row,
 * and what it sees at every kw-th place are the rows of a matrix without gaps. So there is a product for each row of
 * the kernel and each of the kw first places; places where no window begins are computed, too, and left out.
 */
final class UnitStrideConvolution implements TrainedLayer {
    private static final int VALUES_IN_CACHE = 1 << 16;

    /** Windows of fewer channels are better copied: the products would be of very few columns. */
    private static final int FEWEST_CHANNELS = 8;

    private final Signal input;
    private final Signal weights;
    private final Signal output;
    private final PatchWindow window;
    private final int pitch;
    private final int imagePlaces;
    private final int chunk;
    private final int lead;
    private final NativeMatrix inputMatrix;
    private final NativeMatrix outputMatrix;
    private final NativeMatrix weightMatrix;
    private final NativeMatrix outputGradient;
    private final NativeMatrix inputGradient;
    private final NativeMatrix weightGradient;
    private final View[][] inputViews;
    private final View[][] inputGradientViews;
    private final View[] outputViews;
    private final View[] outputGradientViews;
    private final View[] weightViews;
    private final View[] weightGradientViews;

    /** @param padding the value of a tap outside the image */
    UnitStrideConvolution(Signal input, Signal weights, Signal output, PatchWindow window, float padding) {
        this.input = input;
        this.weights = weights;
        this.output = output;
        this.window = window;
        Geometry geometry = window.geometry();
        int kernelHeight = geometry.kernelHeight();
        int kernelWidth = geometry.kernelWidth();
        int below = window.row(window.outputHeight() - 1, kernelHeight - 1) - (window.height() - 1);
        int right = window.column(window.outputWidth() - 1, kernelWidth - 1) - (window.width() - 1);
        this.pitch = Math.max(window.width() + Math.max(geometry.padLeft(), right), window.outputWidth());
        this.imagePlaces = pitch
                * Math.max(window.height() + Math.max(geometry.padTop(), below), window.outputHeight());
        this.lead = geometry.padTop() * pitch + geometry.padLeft();
        int in = window.channels();
        int out = output.channels();
        this.chunk = Convolution.divisorUpTo(VALUES_IN_CACHE / (imagePlaces * Math.max(in, out)), input.batch);
        int places = (chunk - 1) * imagePlaces + (window.outputHeight() - 1) * pitch + window.outputWidth();
        int seen = Math.max(chunk * imagePlaces + lead,
                places + kernelWidth + (kernelHeight - 1) * geometry.dilationHeight() * pitch);
        this.inputMatrix = new NativeMatrix(seen + kernelWidth, in);
        this.inputGradient = new NativeMatrix(seen + kernelWidth, in);
        this.outputMatrix = new NativeMatrix(chunk * imagePlaces + kernelWidth, out);
        this.outputGradient = new NativeMatrix(chunk * imagePlaces + kernelWidth, out);
        this.weightMatrix = new NativeMatrix(out, window.patch());
        this.weightGradient = new NativeMatrix(out, window.patch());
        inputMatrix.fill(padding);
        outputGradient.fill(0);
        this.inputViews = new View[kernelHeight][kernelWidth];
        this.inputGradientViews = new View[kernelHeight][kernelWidth];
        this.outputViews = new View[kernelWidth];
        this.outputGradientViews = new View[kernelWidth];
        this.weightViews = new View[kernelHeight];
        this.weightGradientViews = new View[kernelHeight];
        int width = kernelWidth * in;
        for (int first = 0; first < kernelWidth; first++) {
            int rows = Math.ceilDiv(Math.max(places - first, 1), kernelWidth);
            outputViews[first] = outputMatrix.view(first * out, rows, out, kernelWidth * out);
            outputGradientViews[first] = outputGradient.view(first * out, rows, out, kernelWidth * out);
            for (int ky = 0; ky < kernelHeight; ky++) {
                int start = (first + ky * geometry.dilationHeight() * pitch) * in;
                inputViews[ky][first] = inputMatrix.view(start, rows, width, width);
                inputGradientViews[ky][first] = inputGradient.view(start, rows, width, width);
            }
        }
        for (int ky = 0; ky < kernelHeight; ky++) {
            weightViews[ky] = weightMatrix.view(ky * width, out, width, window.patch());
            weightGradientViews[ky] = weightGradient.view(ky * width, out, width, window.patch());
        }
    }

    /** Whether a convolution is one of these. */
    static boolean fits(PatchWindow window) {
        Geometry geometry = window.geometry();
        return geometry.strideHeight() == 1 && geometry.strideWidth() == 1 && geometry.dilationWidth() == 1
                && window.channels() >= FEWEST_CHANNELS && geometry.padTop() >= 0 && geometry.padLeft() >= 0;
    }

    @Override
    public void forward(Mode mode) {
        weightMatrix.load(weights.value, 0);
        for (int image = 0; image < input.batch; image += chunk) {
            load(image);
            for (int first = 0; first < outputViews.length; first++) {
                for (int ky = 0; ky < weightViews.length; ky++) {
                    outputViews[first].product(inputViews[ky][first], PLAIN, weightViews[ky], TRANSPOSED,
                            ky == 0 ? Into.REPLACE : Into.ADD);
                }
            }
            int width = window.outputWidth() * output.channels();
            for (int row = 0; row < chunk * window.outputHeight(); row++) {
                outputMatrix.store(outputPlace(row), output.value, image * output.size + row * width, width);
            }
        }
    }

    /** Puts the images of a chunk between their padding. */
    private void load(int image) {
        int width = window.width() * window.channels();
        for (int row = 0; row < chunk * window.height(); row++) {
            inputMatrix.load(inputPlace(row), input.value, image * input.size + row * width, width);
        }
    }

    /** Where a row of the chunk's images begins. */
    private int inputPlace(int row) {
        return (lead + row / window.height() * imagePlaces + row % window.height() * pitch) * window.channels();
    }

    private int outputPlace(int row) {
        return (row / window.outputHeight() * imagePlaces + row % window.outputHeight() * pitch) * output.channels();
    }

    @Override
    public void backward() {
        for (int image = 0; output.isDifferentiable() && image < input.batch; image += chunk) {
            int width = window.outputWidth() * output.channels();
            for (int row = 0; row < chunk * window.outputHeight(); row++) {
                outputGradient.load(outputPlace(row), output.gradient, image * output.size + row * width, width);
            }
            if (weights.isDifferentiable()) {
                load(image);
                learn(image == 0);
            }
            if (input.isDifferentiable()) {
                passBack(image);
            }
        }
        if (weights.isDifferentiable()) {
            weightGradient.addTo(weights.gradient);
        }
    }

    private void learn(boolean firstChunk) {
        for (int ky = 0; ky < weightViews.length; ky++) {
            for (int first = 0; first < outputViews.length; first++) {
                weightGradientViews[ky].product(outputGradientViews[first], TRANSPOSED, inputViews[ky][first], PLAIN,
                        firstChunk && first == 0 ? Into.REPLACE : Into.ADD);
            }
        }
    }

    private void passBack(int image) {
        inputGradient.fill(0);
        for (int ky = 0; ky < weightViews.length; ky++) {
            for (int first = 0; first < outputViews.length; first++) {
                inputGradientViews[ky][first].product(outputGradientViews[first], PLAIN, weightViews[ky], PLAIN,
                        Into.ADD);
            }
        }
        int width = window.width() * window.channels();
        for (int row = 0; row < chunk * window.height(); row++) {
            inputGradient.addTo(inputPlace(row), input.gradient, image * input.size + row * width, width);
        }
    }
}
