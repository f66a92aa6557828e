package dev.tern.benchmarks.report;

import dev.tern.benchmarks.job.Job;
import dev.tern.benchmarks.job.Shape;
import dev.tern.benchmarks.measure.Measurement;
import dev.tern.benchmarks.nativecode.InstructionSet;
import dev.tern.benchmarks.onnx.OnnxContender.Form;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What was measured, to be looked up.
 *
 * @param jobs in the order of the report
 * @param measurements of these jobs
 */
public record Results(List<Job> jobs, List<Measurement> measurements) {
    /** The compiled model's name among the contenders. */
    public static final String TERN = "tern";

    public Results {
        jobs = List.copyOf(jobs);
        measurements = List.copyOf(measurements);
    }

    /** All contenders of a job, timed or not. */
    List<Measurement> of(Job job) {
        return measurements.stream().filter(one -> one.job().equals(job.name())).toList();
    }

    /** Nanoseconds of a contender in a job; empty where it was not timed. */
    OptionalDouble nanos(Job job, String contender) {
        return of(job).stream().filter(one -> one.contender().equals(contender) && one.ran())
                .mapToDouble(Measurement::nanos).findFirst();
    }

    /** Nanoseconds of the fastest native code. */
    OptionalDouble nativeNanos(Job job) {
        return Arrays.stream(InstructionSet.values()).map(isa -> nanos(job, isa.id()))
                .filter(OptionalDouble::isPresent).mapToDouble(OptionalDouble::getAsDouble).min();
    }

    /** Nanoseconds of ONNX Runtime in 8 bits for a shape: dynamic for dense layers, static for convolutions. */
    OptionalDouble int8Nanos(Shape shape) {
        return peerNanos(shape, shape.kind() == Shape.Kind.DENSE ? Form.DYNAMIC_INT8 : Form.QLINEAR_CONV);
    }

    /** Nanoseconds of a form of ONNX Runtime for a shape. */
    OptionalDouble peerNanos(Shape shape, Form form) {
        return jobs.stream().filter(job -> job.reference() && job.shape().equals(shape)).findFirst()
                .map(job -> nanos(job, form.id())).orElse(OptionalDouble.empty());
    }

    /** How many times as fast as some other the compiled model does a job. */
    OptionalDouble ternOver(Job job, OptionalDouble otherNanos) {
        OptionalDouble tern = nanos(job, TERN);
        return tern.isPresent() && otherNanos.isPresent()
                ? OptionalDouble.of(otherNanos.getAsDouble() / tern.getAsDouble())
                : OptionalDouble.empty();
    }

    /** The job of a name, if it is among these. */
    Optional<Job> job(String name) {
        return jobs.stream().filter(job -> job.name().equals(name)).findFirst();
    }
}
