package dev.tern.compiler.task;

import dev.tern.compiler.HostTarget;
import dev.tern.compiler.ModelReader;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.conversion.GraphConversions;
import dev.tern.compiler.graph.pass.GraphPasses;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.pass.KernelPasses;
import dev.tern.compiler.pipeline.PassObserver;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.tuning.Machine;
import dev.tern.compiler.tuning.TunedChoice;
import dev.tern.compiler.tuning.TuningFile;
import dev.tern.compiler.verification.ModelInputs;
import dev.tern.compiler.verification.Verification;
import dev.tern.runtime.Signature;
import java.nio.file.Path;
import java.util.List;

/**
 * Compares what the compiler makes of a model with what the model means, bit for bit: after every pass, for every kind
 * of code that this machine runs. A difference is a fault of the compiler, whatever the model. Converted to integers
 * alone a model means something else, by a definition of its own, and is compared with that.
 *
 * <pre>{@code
 * Verification found = ModelVerification.of(model).random(3, 0);
 * System.out.println(found.difference().isEmpty() + " at " + found.checkpoints().size() + " points");
 * }</pre>
 */
public final class ModelVerification {
    private final Path file;
    private final Graph graph;
    private final List<Diagnostic> warnings;

    private ModelVerification(Path file, Graph graph, List<Diagnostic> warnings) {
        this.file = file;
        this.graph = graph;
        this.warnings = List.copyOf(warnings);
    }

    /**
     * That of a Tern text or of a model of another tool, compiled as it is here: by its tuning, if it has one.
     *
     * @throws CompilationFailedException if the model or its parameters are wrong
     */
    public static ModelVerification of(Path model) {
        Diagnostics diagnostics = new Diagnostics();
        AnalyzedModel analyzed = ModelReader.analyze(model, diagnostics);
        Graph graph = ModelReader.bindSteps(analyzed, model, diagnostics);
        return new ModelVerification(model, graph, diagnostics.list());
    }

    /**
     * That of the model as {@code --integers} converts it.
     *
     * @throws CompilationFailedException if the model cannot be compiled
     */
    public ModelVerification withIntegers() {
        Diagnostics diagnostics = new Diagnostics();
        Graph optimized = GraphPasses.standard().run(graph, diagnostics, PassObserver.none());
        diagnostics.throwIfErrors();
        return new ModelVerification(file, GraphConversions.integersAlone().run(optimized, diagnostics,
                PassObserver.none()), warnings);
    }

    /** The model's name and its inputs; it is not compiled yet. */
    public Signature signature() {
        return new ModelInputs(graph).signature();
    }

    /** What there is to say of the model. */
    public List<Diagnostic> warnings() {
        return warnings;
    }

    /**
     * Compares on made up inputs. The definition is computed by plain loops, which take seconds where the class takes a
     * millisecond.
     *
     * @param inputs how many
     * @param seed the same gives the same
     * @throws CompilationFailedException if the model cannot be compiled
     */
    public Verification random(int inputs, long seed) {
        return compare(new ModelInputs(graph).random(inputs, seed));
    }

    /**
     * Compares on these inputs.
     *
     * @param inputs each an array for each input of the signature, as a session takes them
     * @throws CompilationFailedException if the model cannot be compiled
     */
    public Verification on(List<Object[]> inputs) {
        ModelInputs made = new ModelInputs(graph);
        return compare(inputs.stream().map(made::tensors).toList());
    }

    private Verification compare(List<List<Tensor>> inputs) {
        return Verification.of(graph, inputs, GraphPasses.standard(), target -> KernelPasses.standard(choice(target)),
                HostTarget.verifiable());
    }

    private CostModel.Choice choice(Target target) {
        return TuningFile.read(file, new Diagnostics()).<CostModel.Choice>map(
                tuning -> TunedChoice.of(tuning, Machine.current(), target, file, new Diagnostics()))
                .orElse(CostModel.Choice.CHEAPEST);
    }
}
