package dev.tern.compiler.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ParameterRole;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.kernel.KernelModels.Activations;
import dev.tern.compiler.kernel.lower.CheckOperands;
import dev.tern.compiler.testing.Golden;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Everything that has no kernel is reported at once. */
class CheckOperandsTest {
    @Test
    void everyOffenceIsReportedWhereItIs() {
        KernelModels models = new KernelModels(1);
        ValueId x = models.input("x", 3);
        ValueId w = models.at("unbound").builder.add(new Operation.Parameter("unbound.weight", ParameterRole.OTHER),
                TensorType.f32(3, 3));
        ValueId unbound = models.add(new Operation.Dense(x, Optional.empty(), w));
        ValueId computed = models.at("attention").add(new Operation.Dense(unbound, Optional.empty(),
                models.input("keys", 3, 3)));
        models.at("slopes").output("y", models.add(new Operation.PRelu(computed, x)));
        ValueId codes = models.at("long").quantize(models.input("wide", 4), Activations.MINMAX8).value();
        models.output("sum", models.builder.add(
                new Operation.Dense(codes, Optional.empty(), models.weights(KernelModels.Weights.INT8, 2, 4)),
                new TensorType(new ElementType.Accumulator(-130_560, 129_540),
                        Shape.of(2))));
        Diagnostics diagnostics = new Diagnostics();
        CheckOperands.check(models.build(), diagnostics);
        Golden.check("kernel/CheckOperands.golden", DiagnosticRenderer.render(diagnostics.list()));
        assertThat(diagnostics.list()).hasSize(3);
    }

    @Test
    void sumsThatMayOverflow() {
        KernelModels models = new KernelModels(2);
        ValueId x = models.at("deep").input("x", 70_000);
        ValueId codes = models.quantize(x, Activations.MINMAX8).value();
        models.output("y", models.add(
                new Operation.Dense(codes, Optional.empty(), models.weights(KernelModels.Weights.INT8, 1, 70_000))));
        Diagnostics diagnostics = new Diagnostics();
        CheckOperands.check(models.build(), diagnostics);
        assertThat(DiagnosticRenderer.render(diagnostics.list())).contains("T0903")
                .contains("sums of products may reach 2284800000, more than 32 bits hold");
    }
}
