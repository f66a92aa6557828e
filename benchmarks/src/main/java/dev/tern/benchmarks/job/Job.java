package dev.tern.benchmarks.job;

/**
 * One thing to time: a layer from its f32 input to its f32 output.
 *
 * @param group the table of the report that it stands in
 * @param signs whether a batch normalization and the sign follow, so that the outputs are -1 and +1
 * @param reference whether the peers that know no scheme are timed beside this job, once for its shape
 */
public record Job(String group, Shape shape, Weights weights, Activations activations, boolean signs,
        boolean reference) {
    /** Without blanks: {@code dense-1x1024-1024-binary-sign}. */
    public String name() {
        return shape.name() + "-" + scheme().replace(" x ", "-").replace(" to ", "-to-");
    }

    /** {@code binary x sign}, {@code binary x sign to sign}. */
    public String scheme() {
        return weights.id() + " x " + activations.name() + (signs ? " to sign" : "");
    }

    /** The model, whose parameters lie beside it. */
    public String text() {
        String op = switch (shape.kind()) {
            case DENSE -> "dense(" + shape.outputs();
            case CONV -> "conv(" + shape.outputs() + ", " + shape.kernel() + "x" + shape.kernel();
            case DEPTHWISE -> "depthwise(" + shape.kernel() + "x" + shape.kernel();
        };
        return """
                model Job(x: f32[%s]) -> (y: f32[%s]) {
                    parameters "parameters.safetensors"
                    y = x |> %s, weights: %s, activations: %s)%s
                }
                """.formatted(dimensions(shape.channels()), dimensions(shape.outputs()), op, weights.scheme(),
                activations.scheme(), signs ? " |> batchnorm |> quantize(sign)" : "");
    }

    private String dimensions(int channels) {
        return switch (shape.kind()) {
            case DENSE -> shape.height() == 1 ? "" + channels : shape.height() + ", " + channels;
            case CONV, DEPTHWISE -> shape.height() + ", " + shape.width() + ", " + channels;
        };
    }

    @Override
    public String toString() {
        return name();
    }
}
