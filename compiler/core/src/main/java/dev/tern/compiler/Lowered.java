package dev.tern.compiler;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.conversion.GraphConversions;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.lower.Lower;
import dev.tern.compiler.kernel.pass.CheckBudgets;
import dev.tern.compiler.kernel.pass.KernelPasses;
import dev.tern.compiler.pipeline.PassPipeline;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.tuning.Machine;
import dev.tern.compiler.tuning.TunedChoice;
import dev.tern.compiler.tuning.TuningFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A model as kernels for one target.
 *
 * @param program placed in its arena, whether or not that is within the model's budget
 * @param layers what there is to say of its layers
 * @param stages what each pass over the kernels left
 * @param warnings of the tuning
 * @param exceeded how the program breaks the model's budget; empty where it keeps it
 */
record Lowered(KernelProgram program, List<LayerReport> layers, List<Stage> stages, List<Diagnostic> warnings,
        List<Diagnostic> exceeded) {
    Lowered {
        layers = List.copyOf(layers);
        stages = List.copyOf(stages);
        warnings = List.copyOf(warnings);
        exceeded = List.copyOf(exceeded);
    }

    /**
     * By what was measured of the model where that keeps its budget, else by the cost model, else by that with plain
     * loops that take no more than a line at a time, else with all products in bytes. What breaks the budget in every
     * form is as the cost model has it or in bytes, whichever takes less memory.
     */
    static Lowered of(Optimized model, Target target) {
        Diagnostics diagnostics = new Diagnostics();
        TunedChoice tuned = tuned(model, target, diagnostics);
        Lowered lowered = by(tuned, model, target, diagnostics);
        if (lowered.fits()) {
            return lowered;
        }
        Lowered within = tuned.measured() ? untuned(model, target) : lowered;
        if (within.fits()) {
            return within;
        }
        if (target.vectorized() && !target.vector()) {
            Lowered withinLines = by(TunedChoice.withinLines(), model, target, new Diagnostics());
            if (withinLines.fits()) {
                return withinLines;
            }
        }
        Lowered inBytes = by(TunedChoice.inBytes(), model, target, new Diagnostics());
        return inBytes.fits() || inBytes.program.arenaBytes() < within.program.arenaBytes() ? inBytes : within;
    }

    private static Lowered untuned(Optimized model, Target target) {
        Diagnostics unused = new Diagnostics();
        model.file().ifPresent(file -> unused.add(Diagnostic.warning(DiagnosticCode.TUNING_UNUSED,
                "the tuning is not used, for with it the model would break its budget",
                new FilePosition(TuningFile.beside(file).toString(), -1, ""), "")));
        return by(TunedChoice.untuned(), model, target, unused);
    }

    private static TunedChoice tuned(Optimized model, Target target, Diagnostics diagnostics) {
        if (model.tuning().isEmpty() || model.file().isEmpty()) {
            return TunedChoice.untuned();
        }
        Path file = model.file().get();
        return TunedChoice.of(model.tuning().get(), Machine.current(), target, file, diagnostics);
    }

    private static Lowered by(TunedChoice choice, Optimized model, Target target, Diagnostics diagnostics) {
        List<Stage> stages = new ArrayList<>();
        PassPipeline<KernelProgram> passes = KernelPasses.placing(choice);
        Stage.Recorder<KernelProgram> recorder = new Stage.Recorder<>(passes.representation(), stages);
        Graph graph = target.integers() ? withIntegersAlone(model.graph(), diagnostics, stages) : model.graph();
        KernelProgram plain = Lower.lower(graph, target);
        recorder.add("Lower", "make every operation a loop nest of its own", plain);
        KernelProgram program = passes.run(plain, diagnostics, recorder);
        recorder.after(new CheckBudgets(), program, false);
        model.file().ifPresent(file -> choice.report(file, diagnostics));
        return new Lowered(program, LayerReports.of(model.layers(), model.bound(), graph, program, choice),
                stages, diagnostics.list(), CheckBudgets.exceeded(program));
    }

    private static Graph withIntegersAlone(Graph graph, Diagnostics diagnostics, List<Stage> stages) {
        PassPipeline<Graph> conversions = GraphConversions.integersAlone();
        return conversions.run(graph, diagnostics, new Stage.Recorder<>(conversions.representation(), stages));
    }

    /** Whether the program keeps the model's budget. */
    boolean fits() {
        return exceeded.isEmpty();
    }
}
