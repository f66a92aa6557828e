package dev.tern.benchmarks.measure;

import dev.tern.benchmarks.onnx.Avx2Runtime;
import dev.tern.benchmarks.portable.PortableContender;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures cases by JMH, each in a new JVM.
 *
 * @param workspace the folder of what is made once for all processes
 * @param width that their JVMs are held to
 */
public record Forks(Path workspace, Effort effort, VectorWidth width) {
    /** What every process is started with, whatever its vectors. */
    static final List<String> FLAGS = List.of("--add-modules", "jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-XX:+UseSerialGC",
            "-Xmx2g");

    /**
     * One process.
     *
     * @throws Exception if it fails
     */
    public Sample measure(Case one) throws Exception {
        if (one.contender() instanceof PortableContender portable) {
            PortableContender.Answer answer = portable.time(one.job(), workspace, width.flags(),
                    effort.warmup().convertTo(TimeUnit.MILLISECONDS), effort.iterations(),
                    effort.iteration().convertTo(TimeUnit.MILLISECONDS));
            return new Sample(answer.nanos(), answer.allocatedBytes());
        }
        return byJmh(one);
    }

    /** With the copy of ONNX Runtime's library that this process was told to take. */
    private List<String> flags() {
        List<String> all = width.jvmFlags();
        if (width.narrowsOnnxRuntime()) {
            all.addAll(Avx2Runtime.options(Path.of(System.getProperty(Avx2Runtime.PROPERTY))));
        }
        return all;
    }

    private Sample byJmh(Case one) throws RunnerException {
        int warmups = 10;
        long warmup = effort.warmup().convertTo(TimeUnit.MILLISECONDS) / warmups;
        Options options = new OptionsBuilder().include(InferenceBenchmark.class.getName() + ".run")
                .param("job", one.job().name()).param("contender", one.contender().name())
                .param("workspace", workspace.toString()).forks(1).threads(1).warmupIterations(warmups)
                .warmupTime(TimeValue.milliseconds(one.contender().compiledByJvm() ? warmup : warmup / 5))
                .measurementIterations(effort.iterations()).measurementTime(effort.iteration())
                .jvmArgs(flags().toArray(String[]::new)).addProfiler(QuietForks.class).verbosity(
                        VerboseMode.SILENT)
                .shouldFailOnError(true).build();
        Collection<RunResult> results = new Runner(options).run();
        RunResult result = results.iterator().next();
        Collection<IterationResult> iterations = result.getBenchmarkResults().iterator().next().getIterationResults();
        double[] nanos = iterations.stream().map(IterationResult::getPrimaryResult).mapToDouble(found -> found
                .getScore()).sorted().toArray();
        double[] allocated = iterations.stream()
                .mapToDouble(found -> found.getSecondaryResults().get("allocatedBytes").getScore()).sorted().toArray();
        return new Sample(nanos[nanos.length / 2], allocated[allocated.length / 2]);
    }
}
