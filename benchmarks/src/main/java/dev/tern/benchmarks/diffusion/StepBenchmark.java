package dev.tern.benchmarks.diffusion;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.ModelReader;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.parameters.InitialParameters;
import dev.tern.compiler.analysis.parameters.ParameterLayout;
import dev.tern.compiler.analysis.parameters.TensorEntry;
import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.Session;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One call of a model of values and a step, its parameters random, the steps in turn as a sampler takes them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StepBenchmark {
    /** The file of the model's text. */
    @Param("")
    public String model;

    private Session session;
    private Object[] inputs;
    private Object[] outputs;
    private int[] step;
    private int steps;

    /** Compiles the model and warms it up. */
    @Setup
    public void prepare() {
        Path text = Path.of(model);
        Diagnostics diagnostics = new Diagnostics();
        AnalyzedModel analyzed = ModelReader.analyze(text, diagnostics);
        AnalyzedModel numbered = analyzed.withNumbers(new OwnRanges(new InitialParameters(analyzed.graph(), 1)));
        CompiledModel compiled = Compilation.of(ModelReader.bind(numbered, text, diagnostics), analyzed.layers())
                .model();
        compiled.warm();
        session = compiled.newSession();
        steps = compiled.signature().inputs().getLast().steps();
        step = new int[1];
        float[] x = new float[compiled.signature().inputs().getFirst().elements()];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        inputs = new Object[]{x, step};
        outputs = new Object[]{new float[x.length]};
    }

    /** One step; its result stays in an array. */
    @Benchmark
    public void run() {
        step[0] = step[0] == 0 ? steps - 1 : step[0] - 1;
        session.run(inputs, outputs);
    }

    /**
     * Random numbers, and for each range an end of its own, as calibration finds it: layers that have one range share
     * what they quantize, which those of a real model do not.
     */
    private record OwnRanges(InitialParameters others) implements TensorSource {
        private static final int ENDS = 256;

        @Override
        public String name() {
            return others.name();
        }

        @Override
        public Optional<ParameterLayout> layout() {
            return others.layout();
        }

        @Override
        public List<TensorEntry> entries() {
            return others.entries();
        }

        @Override
        public float[] floats(TensorEntry entry) {
            return entry.name().endsWith(".range")
                    ? new float[]{0, 4 + Math.floorMod(entry.name().hashCode(), ENDS) / (float) ENDS}
                    : others.floats(entry);
        }

        @Override
        public byte[] bytes(TensorEntry entry) {
            return others.bytes(entry);
        }
    }
}
