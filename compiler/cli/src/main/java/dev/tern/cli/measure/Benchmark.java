package dev.tern.cli.measure;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.HostTarget;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.runtime.Signature;
import dev.tern.runtime.Warming;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * Measures a compiled model on the thread that calls: its first hundred inferences, when it changed from plain loops to
 * vector code, and once it is warm median and p99 latency and allocation.
 *
 * <pre>{@code
 * Benchmark.Result measured = Benchmark.of(model).seconds(0.2).run();
 * System.out.println(measured.latency().medianNanos() > 0);
 * }</pre>
 */
public final class Benchmark {
    private static final double MOST_SECONDS = 3600;

    private final Path model;
    private HostTarget host = HostTarget.find();
    private Function<Signature, Object[]> inputs = Signature::sampleInputs;
    private double seconds = 3;

    private Benchmark(Path model) {
        this.model = model;
    }

    /** That of a Tern text or of a model of another tool, on random numbers, the same each time. */
    public static Benchmark of(Path model) {
        return new Benchmark(model);
    }

    /** Measures other code than what this JVM runs best. */
    public Benchmark host(HostTarget wanted) {
        host = wanted;
        return this;
    }

    /** Runs the model on these arrays, as a session takes them. @param given gives them for the model's signature */
    public Benchmark inputs(Function<Signature, Object[]> given) {
        inputs = given;
        return this;
    }

    /**
     * Measures for so long, after vector code is compiled and half as long or more for warming up; without this 3.
     *
     * @throws IllegalArgumentException if it is not over 0 and up to 3600
     */
    public Benchmark seconds(double wanted) {
        if (!(wanted > 0 && wanted <= MOST_SECONDS)) {
            throw new IllegalArgumentException("it is measured for over 0 and up to 3600 seconds, not " + wanted);
        }
        seconds = wanted;
        return this;
    }

    /**
     * What was measured.
     *
     * @param compilation of the model
     * @param signature of what was measured, once it was warm
     * @param compileMillis of compiling it
     * @param firstMillis from the start of the JVM to the first result
     * @param first the first hundred inferences
     * @param warming whether and when it changed to vector code
     * @param latency when it was warm
     */
    public record Result(Compilation compilation, Signature signature, double compileMillis, long firstMillis,
            FirstCalls first, Warming warming, Latency latency) {
        /** What speaks against the figures: a machine that was busy, a JIT compiler that was. */
        public List<String> doubts() {
            return Doubts.about(latency);
        }
    }

    /**
     * Compiles and measures.
     *
     * @throws CompilationFailedException if the model or its parameters are wrong
     */
    public Result run() {
        long start = System.nanoTime();
        Compilation compilation = Compilation.of(model, host);
        Measurable measurable = Measurable.of(compilation);
        double compileMillis = (System.nanoTime() - start) / 1e6;
        Runnable inference = measurable.on(inputs.apply(measurable.signature()));
        double startMillis = System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
        FirstCalls first = FirstCalls.measure(inference);
        Warming warming = measurable.warm();
        Latency latency = Latency.measure(inference, seconds);
        return new Result(compilation, measurable.signature(), compileMillis,
                Math.round(startMillis + first.firstNanos() / 1e6), first, warming, latency);
    }
}
