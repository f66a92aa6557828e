package dev.tern.compiler.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.WeightScheme;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.ElementFunction;
import dev.tern.compiler.graph.pass.GraphPasses;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What no random model holds is not tested by them: every operation, function and option occurs in some. */
class RandomModelsTest {
    private static final int MODELS = 600;

    private final Set<Object> seen = new HashSet<>();

    @Test
    void everyOperationFunctionAndOptionOccurs() {
        for (long seed = 0; seed < MODELS; seed++) {
            Graph model = RandomModels.model(seed);
            model.nodes().forEach(this::see);
            if (!seen.contains(Operation.Threshold.class) || !seen.contains(Operation.Affine.class)) {
                GraphPasses.standard().run(model, new Diagnostics(), (_, _, _) -> {
                }).nodes().forEach(this::see);
            }
        }
        Set<Object> wanted = records(Operation.class).collect(Collectors.toSet());
        // Parameters are bound before any pass, and what has no lowering has no value.
        wanted.removeAll(List.of(Operation.Parameter.class, Operation.NotLowered.class));
        wanted.addAll(ElementFunction.ALL);
        wanted.addAll(List.of(BinaryFunction.values()));
        wanted.addAll(List.of(Operation.Padding.values()));
        wanted.addAll(List.of(Operation.Part.values()));
        wanted.addAll(List.of(Grid.Rule.values()));
        records(WeightScheme.TernaryRule.class).forEach(wanted::add);
        wanted.addAll(List.of(WeightScheme.Binary.class, WeightScheme.Ternary.class, WeightScheme.Integer.class,
                WeightScheme.Asymmetric.class));
        wanted.addAll(List.of(WeightScheme.ScaleGranularity.PerChannel.class,
                WeightScheme.ScaleGranularity.PerTensor.class, WeightScheme.ScaleGranularity.None.class));
        wanted.removeAll(seen);
        assertThat(wanted).as("in none of %d random models", MODELS).isEmpty();
    }

    private void see(Node node) {
        seen.add(node.operation().getClass());
        switch (node.operation()) {
            case Operation.Activation activation -> seen.add(activation.function());
            case Operation.Elementwise elementwise -> seen.add(elementwise.function());
            case Operation.Conv conv -> seen.add(conv.padding());
            case Operation.Quantize quantize -> seen.add(quantize.grid().rule());
            case Operation.WeightCodes codes -> {
                seen.addAll(List.of(codes.part(), codes.scheme().getClass(), codes.scheme().scale().getClass()));
                if (codes.scheme() instanceof WeightScheme.Ternary ternary) {
                    seen.add(ternary.rule().getClass());
                }
            }
            // Of the others the class is all.
            default -> {
            }
        }
    }

    private static Stream<Class<?>> records(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(RandomModelsTest::records)
                : Stream.of(type);
    }
}
