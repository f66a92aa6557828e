package dev.tern.compiler.verification;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.lower.CheckOperands;
import dev.tern.compiler.pipeline.PassPipeline;
import dev.tern.compiler.target.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What came of comparing a model after every pass, for several targets.
 *
 * @param inputs on how many inputs it was compared
 * @param checkpoints where, in order; up to the first difference
 * @param leftOut targets for which the model is refused, as where it would break its budget
 * @param difference the first one, if there is one
 */
public record Verification(int inputs, List<Checkpoint> checkpoints, List<Target> leftOut,
        Optional<Difference> difference) {
    public Verification {
        checkpoints = List.copyOf(checkpoints);
        leftOut = List.copyOf(leftOut);
    }

    /**
     * Compares a model.
     *
     * @param model whose parameters are bound
     * @param inputs each in the order of the signature
     * @param targets that this JVM runs
     * @param kernelPasses what is run over the kernels for a target
     * @throws CompilationFailedException if the model cannot be compiled for any of the targets
     */
    public static Verification of(Graph model, List<List<Tensor>> inputs, PassPipeline<Graph> graphPasses,
            Function<Target, PassPipeline<KernelProgram>> kernelPasses, List<Target> targets) {
        ModelVerifier verifier = new ModelVerifier(model, inputs, true);
        Diagnostics diagnostics = new Diagnostics();
        Graph optimized = verifier.passes(graphPasses, diagnostics);
        CheckOperands.check(optimized, diagnostics);
        diagnostics.throwIfErrors();
        List<Target> refused = new ArrayList<>();
        for (Target target : targets) {
            if (verifier.difference().isPresent()) {
                break;
            }
            try {
                verifier.kernels(optimized, target, kernelPasses.apply(target), new Diagnostics());
            } catch (CompilationFailedException e) {
                refused.add(target);
                if (refused.size() == targets.size()) {
                    throw e;
                }
            }
        }
        return new Verification(inputs.size(), verifier.checkpoints(), refused, verifier.difference());
    }
}
