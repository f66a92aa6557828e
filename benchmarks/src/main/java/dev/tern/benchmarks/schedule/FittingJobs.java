package dev.tern.benchmarks.schedule;

import dev.tern.benchmarks.job.Activations;
import dev.tern.benchmarks.job.Job;
import dev.tern.benchmarks.job.Shape;
import dev.tern.benchmarks.job.Weights;
import java.util.ArrayList;
import java.util.List;

/** Layers beside those of the report, so that the cost model is not fitted to these alone. */
final class FittingJobs {
    private static final List<Shape> SHAPES = List.of( //
            Shape.dense(1, 65, 64), //
            Shape.dense(1, 256, 256), //
            Shape.dense(1, 512, 10), //
            Shape.dense(16, 256, 1024), //
            Shape.conv(3, 1, 16, 28, 28), //
            Shape.conv(3, 3, 16, 32, 32), //
            Shape.conv(3, 16, 32, 14, 14), //
            Shape.conv(1, 128, 128, 8, 8));

    private FittingJobs() {
    }

    static List<Job> all() {
        List<Job> jobs = new ArrayList<>();
        for (Shape shape : SHAPES) {
            for (Weights weights : Weights.values()) {
                for (Activations activations : switch (weights) {
                    case BINARY, TERNARY -> List.of(new Activations.Sign(), new Activations.Dynamic(2),
                            new Activations.Dynamic(4), new Activations.Dynamic(8));
                    case INT8 -> List.<Activations>of(new Activations.Dynamic(8));
                    case FLOAT -> List.<Activations>of(new Activations.Floating());
                }) {
                    jobs.add(new Job("fitting", shape, weights, activations, false, false));
                }
            }
        }
        return jobs;
    }
}
