package dev.tern.compiler.tuning;

import dev.tern.compiler.bytecode.model.ProgramRun;
import dev.tern.compiler.bytecode.model.ProgramWeights;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.cost.CostModel.Candidate;
import dev.tern.compiler.kernel.cost.ProductShape;
import dev.tern.compiler.kernel.lower.Lower;
import dev.tern.compiler.kernel.pass.ChooseSchedules;
import dev.tern.compiler.kernel.pass.KernelPasses;
import dev.tern.compiler.pipeline.PassObserver;
import dev.tern.compiler.target.Target;
import dev.tern.runtime.Signature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Times every candidate of every product of a model in this JVM. Each is measured in a class of its layer alone, see
 * {@link LayerProgram}: in the whole model the others' time would drown the difference.
 */
public final class Tuner {
    private final KernelProgram lowered;
    private final UnaryOperator<List<Candidate>> which;
    private final long turnNanos;

    private Tuner(Graph graph, Target target, UnaryOperator<List<Candidate>> which, long turnNanos) {
        this.which = which;
        this.turnNanos = turnNanos;
        lowered = Lower.lower(new Graph(graph.name(), graph.documentation(), graph.source(), graph.nodes(),
                graph.inputs(), graph.outputs(), Graph.Budget.NONE), target);
    }

    /** Is told what has been measured, as soon as it is. */
    public interface Progress {
        /** @param done products measured so far, of {@code all} */
        void measured(MeasuredProduct product, int done, int all);
    }

    private record Product(String layer, ProductShape shape) {
    }

    /**
     * Measures.
     *
     * @param graph after all passes
     * @param target one that this JVM can run
     * @return one entry for each product; layers that share path and shape are one
     */
    public static List<MeasuredProduct> measure(Graph graph, Target target, Progress progress) {
        return measure(graph, target, progress, Stopwatch.TURN_NANOS);
    }

    /**
     * Measures some.
     *
     * @param which of a product's candidates, the cheapest by the cost model first, are to be timed
     */
    public static List<MeasuredProduct> measure(Graph graph, Target target, UnaryOperator<List<Candidate>> which,
            Progress progress) {
        return new Tuner(graph, target, which, Stopwatch.TURN_NANOS).measure(progress);
    }

    /** @param turnNanos how long each candidate's turn is */
    static List<MeasuredProduct> measure(Graph graph, Target target, Progress progress, long turnNanos) {
        return new Tuner(graph, target, UnaryOperator.identity(), turnNanos).measure(progress);
    }

    private List<MeasuredProduct> measure(Progress progress) {
        Map<Product, List<Candidate>> products = new LinkedHashMap<>();
        new ChooseSchedules((layer, shape, candidates) -> {
            products.put(new Product(layer, shape), candidates);
            return CostModel.Choice.CHEAPEST.of(layer, shape, candidates);
        }).apply(lowered, new Diagnostics());
        List<MeasuredProduct> measured = new ArrayList<>();
        products.forEach((product, candidates) -> {
            measured.add(measure(product, which.apply(candidates)));
            progress.measured(measured.getLast(), measured.size(), products.size());
        });
        return measured;
    }

    private MeasuredProduct measure(Product product, List<Candidate> candidates) {
        List<Runnable> calls = candidates.stream().map(candidate -> call(product, candidate)).toList();
        List<Stopwatch.Time> fastest = Stopwatch.fastest(calls, turnNanos);
        List<MeasuredProduct.Time> times = new ArrayList<>();
        for (int i = 0; i < fastest.size(); i++) {
            times.add(new MeasuredProduct.Time(candidates.get(i), fastest.get(i).nanoseconds(), fastest.get(i)
                    .allocated()));
        }
        return new MeasuredProduct(product.layer, product.shape, times);
    }

    private Runnable call(Product product, Candidate candidate) {
        CostModel.Choice choice = (layer, shape, candidates) -> product.equals(new Product(layer, shape))
                ? candidate.schedule()
                : CostModel.Choice.CHEAPEST.of(layer, shape, candidates);
        KernelProgram program = LayerProgram.of(
                KernelPasses.standard(choice).run(lowered, new Diagnostics(), PassObserver.none()), product.layer,
                product.shape);
        ProgramRun run = ProgramRun.of(program);
        Object[] inputs = inputs(ProgramWeights.of(program, List.of(), "for measuring").signature());
        Object[] outputs = run.newOutputs();
        return () -> run.run(inputs, outputs);
    }

    private static Object[] inputs(Signature signature) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        return signature.inputs().stream().map(port -> switch (port.element()) {
            case F32 -> {
                float[] values = new float[port.elements()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = random.nextFloat();
                }
                yield values;
            }
            case U8, I8 -> {
                byte[] values = new byte[port.elements()];
                random.nextBytes(values);
                yield values;
            }
            case STEP, I32 -> new int[port.elements()];
        }).toArray();
    }
}
