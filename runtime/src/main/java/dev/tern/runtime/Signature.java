package dev.tern.runtime;

import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * What a compiled model is: its inputs and outputs in the order in which sessions take and give them, and what its
 * layers are made of.
 *
 * @param model the model's name
 * @param documentation its documentation comment, lines separated by {@code \n}; empty for none
 * @param inputs in the order of the model's declaration
 * @param outputs in the order of the model's declaration
 * @param layers the layers with weights, in the order of the model's text
 * @param weightBytes bytes that all weight arrays take in memory, thresholds and scales included
 * @param arenaBytes bytes of working memory that each session owns
 * @param variant which code runs: {@code portable} for plain loops, {@code vector 512}; see {@link Variant}
 * @param variantReason why that one, in one line
 */
public record Signature(String model, String documentation, List<Port> inputs, List<Port> outputs,
        List<LayerSummary> layers,
        long weightBytes, long arenaBytes, String variant, String variantReason) {
    public Signature {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(documentation, "documentation");
        Objects.requireNonNull(variant, "variant");
        Objects.requireNonNull(variantReason, "variantReason");
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        layers = List.copyOf(layers);
        // In loops: a JVM takes milliseconds for its first lambda, and a model's start should not.
        for (Port port : inputs) {
            if (port.element() == Element.I32) {
                throw new IllegalArgumentException("an i32 input");
            }
        }
        for (Port port : outputs) {
            if (port.element() == Element.STEP) {
                throw new IllegalArgumentException("a step output");
            }
        }
        if (weightBytes < 0 || arenaBytes < 0) {
            throw new IllegalArgumentException("negative size");
        }
    }

    /** Whether the model is of a stream: it keeps state, inputs that outputs have the names of. */
    public boolean streamed() {
        for (Port input : inputs) {
            if (kept(input)) {
                return true;
            }
        }
        return false;
    }

    /** Whether an input or an output is state of a model of a stream, which its stream keeps and nobody passes. */
    public boolean kept(Port port) {
        return named(inputs, port.name()) && named(outputs, port.name());
    }

    private static boolean named(List<Port> ports, String name) {
        for (Port port : ports) {
            if (port.name().equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** Bytes of what a model of a stream keeps of frames, beside its working memory; 0 of other models. */
    public long stateBytes() {
        long bytes = 0;
        for (Port input : inputs) {
            if (kept(input)) {
                bytes += (long) input.elements() * (input.element() == Element.F32 ? Float.BYTES : Byte.BYTES);
            }
        }
        return bytes;
    }

    /** The same with another reason for its variant. */
    Signature because(String reason) {
        return new Signature(model, documentation, inputs, outputs, layers, weightBytes, arenaBytes, variant, reason);
    }

    /**
     * An input or an output.
     *
     * @param name as declared
     * @param documentation what the model's text says of it; empty for nothing
     * @param element what one element is
     * @param steps of a {@link Element#STEP} input how many steps, or entries to name, there are, else 0
     * @param shape dimensions without the batch, outermost first, channels last; empty for a scalar
     * @param labels a name for each element, of indices for each value that they may have; or empty
     */
    public record Port(String name, String documentation, Element element, int steps, List<Integer> shape,
            List<String> labels) {
        /**
         * @throws IllegalArgumentException if a dimension is under 1, the elements are more than an array can hold,
         *         or {@code steps} does not go with {@code element}
         */
        public Port {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(documentation, "documentation");
            Objects.requireNonNull(element, "element");
            shape = List.copyOf(shape);
            labels = List.copyOf(labels);
            if (element == Element.STEP ? steps < 1 : steps != 0) {
                throw new IllegalArgumentException(name + ": " + steps + " steps for " + element);
            }
            count(name, shape);
        }

        /** An input or output of another kind than step, with neither documentation nor labels. */
        public static Port of(String name, Element element, Integer... shape) {
            return new Port(name, "", element, 0, List.of(shape), List.of());
        }

        /** The index input {@code name: index[entries, shape...]}. */
        public static Port index(String name, int entries, Integer... shape) {
            return new Port(name, "", Element.STEP, entries, List.of(shape), List.of());
        }

        /** The step input {@code name: step[steps]}. */
        public static Port step(String name, int steps) {
            return new Port(name, "", Element.STEP, steps, List.of(), List.of());
        }

        /** How many elements one inference takes or gives: the product of the shape. */
        public int elements() {
            return count(name, shape);
        }

        private static int count(String name, List<Integer> shape) {
            long product = 1;
            for (int dimension : shape) {
                if (dimension < 1) {
                    throw new IllegalArgumentException(name + ": dimension " + dimension);
                }
                product *= dimension;
                if (product > Integer.MAX_VALUE) {
                    throw new IllegalArgumentException(name + ": too many elements in " + shape);
                }
            }
            return (int) product;
        }

        /** As the language writes it: {@code image: f32[28, 28, 1]}. */
        @Override
        public String toString() {
            if (element != Element.STEP) {
                return name + ": " + element + shape;
            }
            String more = shape.toString();
            return name + ": " + (shape.isEmpty()
                    ? "step[" + steps + "]"
                    : "index[" + steps + ", " + more.substring(1));
        }
    }

    /**
     * A layer with weights.
     *
     * @param path where its parameters are bound: {@code body.0.pw}
     * @param op as the language names it: {@code conv}
     * @param weights the weight scheme as the language writes it: {@code ternary(twn)}
     * @param activations the scheme of the activations it takes: {@code dynamic(4, minmax)}
     * @param shape of its output, channels last
     * @param weightBytes bytes of its weights, scales and thresholds in the weight file
     */
    public record LayerSummary(String path, String op, String weights, String activations, List<Integer> shape,
            long weightBytes) {
        public LayerSummary {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(op, "op");
            Objects.requireNonNull(weights, "weights");
            Objects.requireNonNull(activations, "activations");
            shape = List.copyOf(shape);
            if (weightBytes < 0) {
                throw new IllegalArgumentException(path + ": negative size");
            }
        }
    }

    /**
     * Inputs that the model takes, to measure it with where none are given; the same numbers at every call.
     *
     * @return for each input an array for one inference: reals of 0..1, any bytes, any step
     */
    public Object[] sampleInputs() {
        Random random = new Random(1);
        return inputs.stream().map(port -> sample(port, random)).toArray();
    }

    private static Object sample(Port port, Random random) {
        switch (port.element()) {
            case F32 :
                float[] reals = new float[port.elements()];
                for (int i = 0; i < reals.length; i++) {
                    reals[i] = random.nextFloat();
                }
                return reals;
            case U8 :
            case I8 :
                byte[] bytes = new byte[port.elements()];
                random.nextBytes(bytes);
                return bytes;
            case STEP :
                int[] indices = new int[port.elements()];
                for (int i = 0; i < indices.length; i++) {
                    indices[i] = random.nextInt(port.steps());
                }
                return indices;
            case I32 :
        }
        throw new AssertionError(port);
    }

    /** As the language declares it: {@code model Digits(image: f32[28, 28, 1]) -> (scores: f32[10])}. */
    @Override
    public String toString() {
        return "model " + model + list(inputs) + " -> " + list(outputs);
    }

    private static String list(List<Port> ports) {
        String text = ports.toString();
        return "(" + text.substring(1, text.length() - 1) + ")";
    }
}
