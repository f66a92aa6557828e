package dev.tern.compiler.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.LayerReport;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.bytecode.model.ClassResults;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ParameterRole;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.pass.GraphPasses;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.lower.Lower;
import dev.tern.compiler.kernel.pass.KernelPasses;
import dev.tern.compiler.pipeline.PassObserver;
import dev.tern.compiler.target.Target;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The networks count what is published of them (MLPerf Tiny v1.0, v1.3 and v1.4; FINN; Larq), and their classes give
 * the oracle's bits.
 */
class ZooTest {
    private static final Set<ParameterRole> WEIGHTS = EnumSet.of(ParameterRole.DENSE, ParameterRole.CONV,
            ParameterRole.DEPTHWISE);

    static List<String> names() {
        return Zoo.names();
    }

    /** Parameters as they are after batch normalizations are folded: weights, and a bias for each channel. */
    @ParameterizedTest
    @CsvSource({"kws, 2656768, 22604", "ic, 12501632, 77706", "ic02, 76473920, 480330", "vww, 7489664, 210850",
        "ad, 264192, 265864", "sww, 826368, 46883"})
    void countsWhatIsPublished(String network, long multiplyAdds, long parameters) {
        for (String scheme : Zoo.SCHEMES) {
            AnalyzedModel model = Zoo.analyzed(network, Zoo.text(network + "-" + scheme));
            assertThat(parameters(model.graph())).isEqualTo(parameters);
            List<LayerReport> layers = Compilation.of(Zoo.bound(model), model.layers()).layers();
            assertThat(layers.stream().mapToLong(l -> l.binaryMultiplyAdds() + l.otherMultiplyAdds()).sum())
                    .isEqualTo(multiplyAdds);
            List<LayerReport> weighted = layers.stream().filter(LayerReport::weighted).toList();
            assertThat(List.of(weighted.getFirst(), weighted.getLast())).allMatch(layer -> layer.layer().weights()
                    .equals("int(8)"));
            long inBits = layers.stream().mapToLong(LayerReport::binaryMultiplyAdds).sum();
            assertThat(inBits).isEqualTo(scheme.equals("1bit")
                    ? multiplyAdds - weighted.getFirst().otherMultiplyAdds() - weighted.getLast().otherMultiplyAdds()
                    : 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"cnv, 57906176, 1544778", "quicknet, 1849688064, 13229704"})
    void countsOfClassics(String network, long binary, long parameters) {
        AnalyzedModel model = Zoo.analyzed(network, Zoo.text(network));
        Graph graph = model.graph();
        assertThat(parameters(graph)).isEqualTo(parameters);
        assertThat(Compilation.of(Zoo.bound(model), model.layers()).layers().stream().mapToLong(
                LayerReport::binaryMultiplyAdds).sum()).isEqualTo(binary);
    }

    private static long parameters(Graph graph) {
        long count = 0;
        for (Node node : graph.nodes()) {
            if (node.operation() instanceof Operation.Parameter(String _, ParameterRole role) && WEIGHTS.contains(
                    role)) {
                count += node.type().shape().elements() + node.type().shape().dimension(0);
            }
        }
        return count;
    }

    /** The oracle takes its time for the large ones: these get smaller pictures. */
    private static String reduced(String name) {
        return Zoo.text(name).replace("u8[96, 96, 3]", "u8[40, 40, 3]").replace("u8[224, 224, 3]", "u8[32, 32, 3]")
                .replace("model Ic02", "model Small").replaceAll("(Small.*)u8\\[32, 32, 3]", "$1u8[12, 12, 3]");
    }

    @ParameterizedTest
    @MethodSource("names")
    void theClassGivesTheBitsOfTheOracle(String name) {
        Graph bound = Zoo.bound(Zoo.analyzed(name, reduced(name)));
        List<Tensor> inputs = Zoo.inputs(bound, 5);
        List<Tensor> expected = GraphInterpreter.run(bound, inputs);
        Graph graph = GraphPasses.standard().run(bound, new Diagnostics(), PassObserver.none());
        for (Target target : List.of(Target.PORTABLE, Target.vector(256))) {
            KernelProgram program = KernelPasses.placing(CostModel.Choice.CHEAPEST).run(Lower.lower(graph, target),
                    new Diagnostics(), PassObserver.none());
            assertThat(ClassResults.run(program, inputs)).as("%s for %s", name, target).isEqualTo(expected);
        }
    }
}
