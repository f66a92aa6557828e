package dev.tern.compiler.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.bytecode.program.ClassResults;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphPrinter;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.pass.GraphPasses;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.interpreter.KernelInterpreter;
import dev.tern.compiler.kernel.KernelPrinter;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.lower.Lower;
import dev.tern.compiler.kernel.pass.KernelPasses;
import dev.tern.compiler.kernel.schedule.ProductSchedule;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Family;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles;
import dev.tern.compiler.pipeline.Pass;
import dev.tern.compiler.pipeline.PassObserver;
import dev.tern.compiler.target.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * Random models give the same bits after every pass over the graph, after every pass over the kernel program and in
 * the generated class as in the oracle before any pass. A value that keeps its id keeps its bits, not only the outputs.
 */
class DifferentialTest {
    private static final int INPUTS = 3;

    private record Stage(String name, Graph graph) {
    }

    @Provide
    Arbitrary<Long> seeds() {
        return RandomModels.seeds();
    }

    @Property(tries = 150, shrinking = ShrinkingMode.OFF)
    void everyPassKeepsEveryBit(@ForAll("seeds") long seed) {
        Graph model = RandomModels.model(seed);
        List<Stage> stages = stages(model);
        RandomTensors tensors = new RandomTensors(new Random(seed));
        for (int i = 0; i < INPUTS; i++) {
            List<Tensor> inputs = tensors.inputs(model);
            List<Tensor> outputs = GraphInterpreter.run(model, inputs);
            Map<ValueId, Tensor> before = Map.of();
            for (Stage stage : stages) {
                before = compare(stage, inputs, before, outputs);
            }
        }
    }

    @Property(tries = 60, shrinking = ShrinkingMode.OFF)
    void everyPrefixOfThePipelineGivesTheSameBits(@ForAll("seeds") long seed) {
        Graph model = RandomModels.model(seed);
        Random random = new Random(seed);
        List<Graph> legal = stages(model).stream().map(Stage::graph).filter(DifferentialTest::legal).toList();
        // What all graph passes leave, and what some of them leave: passes must not rest on later ones for meaning.
        for (Graph graph : List.of(legal.getLast(), legal.get(random.nextInt(legal.size())))) {
            List<Target> targets = List.of(Target.PORTABLE, Target.vector(256), Target.vector(512));
            Target target = targets.get(random.nextInt(targets.size()));
            CostModel.Choice schedules = new RandomSchedules(target, random);
            List<CostModel.Choice> choices = List.of(schedules, schedules, CostModel.Choice.CHEAPEST,
                    CostModel.Choice.preferring(Family.POPCOUNT), CostModel.Choice.preferring(Family.LOOK_UP), tiles(random));
            List<KernelStage> programs = lowered(graph, target, choices.get(random.nextInt(choices.size())));
            RandomTensors tensors = new RandomTensors(random);
            for (int i = 0; i < INPUTS; i++) {
                List<Tensor> inputs = tensors.inputs(model);
                List<Tensor> expected = GraphInterpreter.run(model, inputs);
                for (KernelStage stage : programs) {
                    assertThat(KernelInterpreter.run(stage.program, inputs)).as(() -> "the kernel interpreter after "
                            + stage.name + "\n" + KernelPrinter.print(stage.program)).isEqualTo(expected);
                }
                for (KernelStage stage : List.of(programs.getFirst(), programs.getLast())) {
                    assertThat(ClassResults.run(stage.program, inputs)).as(() -> "the class generated after "
                            + stage.name + "\n" + KernelPrinter.print(stage.program)).isEqualTo(expected);
                }
            }
        }
    }

    /** Products in f32 lanes wherever that is possible. */
    private static CostModel.Choice tiles(Random random) {
        return (layer, shape, candidates) -> {
            List<ProductSchedule> all = candidates.stream().map(CostModel.Candidate::schedule)
                    .filter(Tiles.class::isInstance).toList();
            return all.isEmpty() ? candidates.getFirst().schedule() : all.get(random.nextInt(all.size()));
        };
    }

    private record KernelStage(String name, KernelProgram program) {
    }

    /** Whether a graph has only forms that are lowered: folding is over. */
    private static boolean legal(Graph graph) {
        return graph.nodes().stream().map(Node::operation).noneMatch(o -> o instanceof Operation.WeightCodes
                || o instanceof Operation.WeightScale || o instanceof Operation.BatchNorm);
    }

    private static List<KernelStage> lowered(Graph graph, Target target, CostModel.Choice choice) {
        KernelProgram program = Lower.lower(graph, target, choice);
        List<KernelStage> stages = new ArrayList<>(List.of(new KernelStage("Lower", program)));
        KernelPasses.standard().run(program, new Diagnostics(), (pass, after, changed) -> {
            if (changed) {
                stages.add(new KernelStage(pass.name(), after));
            }
        });
        return stages;
    }

    /** The model itself and what each pass that changed something left. */
    private static List<Stage> stages(Graph model) {
        List<Stage> stages = new ArrayList<>(List.of(new Stage("no pass", model)));
        GraphPasses.standard().run(model, new Diagnostics(), new PassObserver<>() {
            @Override
            public void after(Pass<Graph> pass, Graph graph, boolean changed) {
                if (changed) {
                    stages.add(new Stage(pass.name(), graph));
                }
            }

            @Override
            public void unstable(String passes, int rounds) {
                throw new AssertionError(passes + " did not settle in " + rounds + " rounds");
            }
        });
        return stages;
    }

    /** @return the stage's values by id */
    private static Map<ValueId, Tensor> compare(Stage stage, List<Tensor> inputs, Map<ValueId, Tensor> before,
            List<Tensor> outputs) {
        Map<ValueId, Tensor> values = new HashMap<>();
        List<Node> wrong = new ArrayList<>();
        List<Tensor> actual = GraphInterpreter.run(stage.graph, inputs, (node, value) -> {
            values.put(node.id(), value);
            if (!before.getOrDefault(node.id(), value).equals(value)) {
                wrong.add(node);
            }
        });
        assertThat(wrong).as(() -> "values that changed under " + stage.name + "\n" + GraphPrinter.print(stage.graph))
                .isEmpty();
        assertThat(actual).as(() -> "outputs after " + stage.name).isEqualTo(outputs);
        return values;
    }
}
