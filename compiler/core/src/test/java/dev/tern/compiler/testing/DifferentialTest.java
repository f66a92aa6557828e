package dev.tern.compiler.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.bytecode.model.ClassResults;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
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
import dev.tern.compiler.target.Target;
import dev.tern.compiler.target.Word;
import dev.tern.compiler.verification.ModelVerifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
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

    @Provide
    Arbitrary<Long> seeds() {
        return RandomModels.seeds();
    }

    @Property(tries = 150, shrinking = ShrinkingMode.OFF)
    void everyPassKeepsEveryBit(@ForAll("seeds") long seed) {
        Graph model = RandomModels.model(seed);
        RandomTensors tensors = new RandomTensors(new Random(seed));
        List<List<Tensor>> inputs = Stream.generate(() -> tensors.inputs(model)).limit(INPUTS).toList();
        ModelVerifier verifier = new ModelVerifier(model, inputs, true);
        verifier.passes(GraphPasses.standard(), new Diagnostics());
        assertThat(verifier.difference()).isEmpty();
        assertThat(verifier.unsettled()).isEmpty();
    }

    @Property(tries = 60, shrinking = ShrinkingMode.OFF)
    void everyPrefixOfThePipelineGivesTheSameBits(@ForAll("seeds") long seed) {
        Graph model = RandomModels.model(seed);
        Random random = new Random(seed);
        List<Graph> legal = LegalGraphs.of(model);
        // What all graph passes leave, and what some of them leave: passes must not rest on later ones for meaning.
        for (Graph graph : List.of(legal.getLast(), legal.get(random.nextInt(legal.size())))) {
            List<Target> targets = List.of(Target.PORTABLE, new Target(Word.BITS_32, 0, 17, false), Target.EDGE,
                    Target.vector(128), Target.vector(256), Target.vector(512));
            Target target = targets.get(random.nextInt(targets.size()));
            CostModel.Choice schedules = new RandomSchedules(target, random);
            List<CostModel.Choice> choices = List.of(schedules, schedules, CostModel.Choice.CHEAPEST,
                    CostModel.Choice.preferring(Family.POPCOUNT), CostModel.Choice.preferring(Family.LOOK_UP), tiles(
                            random));
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

    /** Products in tiles wherever that is possible. */
    private static CostModel.Choice tiles(Random random) {
        return (layer, shape, candidates) -> {
            List<ProductSchedule> all = candidates.stream().map(CostModel.Candidate::schedule)
                    .filter(Tiles.class::isInstance).toList();
            return all.isEmpty() ? candidates.getFirst().schedule() : all.get(random.nextInt(all.size()));
        };
    }

    private record KernelStage(String name, KernelProgram program) {
    }

    private static List<KernelStage> lowered(Graph graph, Target target, CostModel.Choice choice) {
        KernelProgram program = Lower.lower(graph, target);
        List<KernelStage> stages = new ArrayList<>(List.of(new KernelStage("Lower", program)));
        KernelPasses.standard(choice).run(program, new Diagnostics(), (pass, after, changed) -> {
            if (changed) {
                stages.add(new KernelStage(pass.name(), after));
            }
        });
        return stages;
    }
}
