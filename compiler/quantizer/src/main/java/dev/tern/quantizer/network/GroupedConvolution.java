package dev.tern.quantizer.network;

import java.util.Arrays;

/**
 * A convolution in groups, other than {@link DepthwiseConvolution}: [h, w, c] with weights [out, kh, kw, c / groups] to
 * [h', w', out].
 *
 * <p>Schedule: groups are too narrow for a matrix product, so the innermost loop runs over the output channels of one
 * pixel with the weights turned to [kh, kw, c / groups, out].
 */
final class GroupedConvolution implements TrainedLayer {
    private final Signal input;
    private final Signal weights;
    private final Signal output;
    private final PatchWindow window;
    private final float padding;
    private final int groupChannels;
    private final int[] firstChannel;
    private final float[] turned;
    private final float[] turnedGradient;

    /** @param padding the value of a tap outside the image */
    GroupedConvolution(Signal input, Signal weights, Signal output, PatchWindow window, int groups, float padding) {
        this.input = input;
        this.weights = weights;
        this.output = output;
        this.window = window;
        this.padding = padding;
        this.groupChannels = window.channels() / groups;
        int out = output.channels();
        this.firstChannel = new int[out];
        Arrays.setAll(firstChannel, o -> o / (out / groups) * groupChannels);
        this.turned = new float[weights.value.length];
        this.turnedGradient = new float[weights.value.length];
    }

    @Override
    public void forward(Mode mode) {
        turn();
        Arrays.fill(output.value, 0f);
        visitTaps((from, to, tap) -> {
            int out = firstChannel.length;
            for (int i = 0; i < groupChannels; i++) {
                int w = (tap * groupChannels + i) * out;
                for (int o = 0; o < out; o++) {
                    float x = from < 0 ? padding : input.value[from + firstChannel[o] + i];
                    output.value[to + o] += x * turned[w + o];
                }
            }
        });
    }

    @Override
    public void backward() {
        Arrays.fill(turnedGradient, 0f);
        visitTaps((from, to, tap) -> {
            int out = firstChannel.length;
            for (int i = 0; i < groupChannels; i++) {
                int w = (tap * groupChannels + i) * out;
                for (int o = 0; o < out; o++) {
                    float x = from < 0 ? padding : input.value[from + firstChannel[o] + i];
                    turnedGradient[w + o] += x * output.gradient[to + o];
                    if (from >= 0 && input.isDifferentiable()) {
                        input.gradient[from + firstChannel[o] + i] += turned[w + o] * output.gradient[to + o];
                    }
                }
            }
        });
        turnBack();
    }

    /** One tap of one output pixel; {@code from} is -1 in the padding. */
    private interface TapVisitor {
        void visit(int from, int to, int tap);
    }

    private void visitTaps(TapVisitor visitor) {
        int rows = window.outputHeight();
        int columns = window.outputWidth();
        int kernelWidth = window.geometry().kernelWidth();
        int to = 0;
        for (int n = 0; n < input.batch; n++) {
            for (int y = 0; y < rows; y++) {
                for (int x = 0; x < columns; x++, to += output.channels()) {
                    for (int tap = 0; tap < window.geometry().taps(); tap++) {
                        int row = window.row(y, tap / kernelWidth);
                        int column = window.column(x, tap % kernelWidth);
                        boolean inside = window.inside(row, column);
                        int pixel = n * input.size + (row * window.width() + column) * window.channels();
                        visitor.visit(inside ? pixel : -1, to, tap);
                    }
                }
            }
        }
    }

    private void turn() {
        int out = firstChannel.length;
        int each = weights.size / out;
        for (int i = 0; i < weights.size; i++) {
            turned[i % each * out + i / each] = weights.value[i];
        }
    }

    private void turnBack() {
        int out = firstChannel.length;
        int each = weights.size / out;
        for (int i = 0; i < weights.gradient.length; i++) {
            weights.gradient[i] += turnedGradient[i % each * out + i / each];
        }
    }
}
