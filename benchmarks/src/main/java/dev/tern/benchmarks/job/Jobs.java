package dev.tern.benchmarks.job;

import dev.tern.benchmarks.job.Activations.Dynamic;
import dev.tern.benchmarks.job.Activations.Sign;
import dev.tern.benchmarks.job.Activations.Static;
import java.util.ArrayList;
import java.util.List;

/** All jobs, as data. */
public final class Jobs {
    /** One row, as a network runs it that answers one question at a time, and 64. */
    private static final List<Shape> DENSE = List.of( //
            Shape.dense(1, 784, 64), //
            Shape.dense(1, 1024, 1024), //
            Shape.dense(1, 2560, 2560), //
            Shape.dense(1, 4096, 1024), //
            Shape.dense(64, 1024, 1024));
    private static final List<Shape> CONV = List.of( //
            Shape.conv(3, 64, 64, 32, 32), //
            Shape.conv(3, 128, 128, 16, 16), //
            Shape.conv(3, 256, 256, 14, 14), //
            Shape.conv(3, 512, 512, 7, 7), //
            Shape.conv(1, 64, 64, 25, 5));
    /** What a network of images begins with. */
    private static final Shape STEM = Shape.conv(3, 3, 16, 32, 32);
    private static final List<Shape> ODD = List.of( //
            Shape.dense(1, 65, 10), //
            Shape.dense(1, 147, 33), //
            Shape.dense(1, 577, 100));
    private static final Shape DEPTHWISE = Shape.depthwise(3, 64, 25, 5);
    /** So few outputs that what takes the time is quantizing and packing: an upper bound for those. */
    private static final Shape PACKING = Shape.dense(1, 1024, 8);

    private static final Activations SIGN = new Sign();
    private static final Activations EIGHT_BITS = new Dynamic(8);
    private static final Activations FOUR_BITS = new Dynamic(4);
    private static final Activations STATIC_FOUR_BITS = new Static(4);

    private Jobs() {
    }

    /** In the order of the report. */
    public static List<Job> all() {
        List<Job> jobs = new ArrayList<>();
        for (Shape shape : DENSE) {
            addDense(jobs, "dense", shape);
            if (shape.equals(Shape.dense(1, 1024, 1024))) {
                jobs.add(new Job("dense", shape, Weights.BINARY, FOUR_BITS, false, false));
            }
            if (shape.outputs() == 1024) {
                addWide(jobs, "dense", shape);
            }
        }
        for (Shape shape : CONV) {
            addDense(jobs, "convolution", shape);
            jobs.add(new Job("convolution", shape, Weights.TERNARY, STATIC_FOUR_BITS, false, false));
            jobs.add(new Job("convolution", shape, Weights.BINARY, FOUR_BITS, false, false));
            addWide(jobs, "convolution", shape);
        }
        jobs.add(new Job("stem", STEM, Weights.TERNARY, EIGHT_BITS, false, true));
        addWide(jobs, "stem", STEM);
        jobs.add(new Job("depthwise", DEPTHWISE, Weights.TERNARY, EIGHT_BITS, false, true));
        jobs.add(new Job("depthwise", DEPTHWISE, Weights.TERNARY, FOUR_BITS, false, false));
        jobs.add(new Job("depthwise", DEPTHWISE, Weights.INT8, EIGHT_BITS, false, false));
        for (Shape shape : ODD) {
            addDense(jobs, "odd sizes", shape);
        }
        for (Activations activations : List.of(SIGN, FOUR_BITS, EIGHT_BITS)) {
            jobs.add(new Job("quantize and pack", PACKING, Weights.BINARY, activations, false, false));
        }
        return List.copyOf(jobs);
    }

    private static void addDense(List<Job> jobs, String group, Shape shape) {
        jobs.add(new Job(group, shape, Weights.BINARY, SIGN, false, false));
        jobs.add(new Job(group, shape, Weights.BINARY, SIGN, true, false));
        jobs.add(new Job(group, shape, Weights.TERNARY, SIGN, false, false));
        jobs.add(new Job(group, shape, Weights.TERNARY, EIGHT_BITS, false, true));
        jobs.add(new Job(group, shape, Weights.TERNARY, FOUR_BITS, false, false));
    }

    /** Weights of more than two bits. */
    private static void addWide(List<Job> jobs, String group, Shape shape) {
        jobs.add(new Job(group, shape, Weights.INT8, EIGHT_BITS, false, false));
        jobs.add(new Job(group, shape, Weights.FLOAT, new Activations.Floating(), false, false));
    }

    /**
     * The job of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Job named(String name) {
        return all().stream().filter(job -> job.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no job is named " + name));
    }
}
