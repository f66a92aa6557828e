package dev.tern.quantizer.network;

/**
 * Elements in other places: slices, transpositions, gathers, and the parts of a concatenation. Every element of an
 * example of the output is an element of the same example of the input, or belongs to another part.
 */
final class Select implements TrainedLayer {
    /** In the place of an index: the element is another part's. */
    static final int ELSEWHERE = -1;

    private final Signal input;
    private final Signal output;
    private final int[] from;

    /** @param from for each element of an example of the output, where it is in an example of the input */
    Select(Signal input, Signal output, int[] from) {
        this.input = input;
        this.output = output;
        this.from = from;
    }

    @Override
    public void forward(Mode mode) {
        for (int n = 0; n < output.batch; n++) {
            int to = n * output.size;
            int start = input.start(n);
            for (int i = 0; i < from.length; i++) {
                if (from[i] != ELSEWHERE) {
                    output.value[to + i] = input.value[start + from[i]];
                }
            }
        }
    }

    @Override
    public void backward() {
        for (int n = 0; input.isDifferentiable() && n < output.batch; n++) {
            int to = n * output.size;
            int start = input.start(n);
            for (int i = 0; i < from.length; i++) {
                if (from[i] != ELSEWHERE) {
                    input.gradient[start + from[i]] += output.gradient[to + i];
                }
            }
        }
    }
}
