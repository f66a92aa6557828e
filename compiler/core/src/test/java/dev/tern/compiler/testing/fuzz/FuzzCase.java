package dev.tern.compiler.testing.fuzz;

import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.Analyzer;
import dev.tern.compiler.analysis.parameters.ParameterBinder;
import dev.tern.compiler.bytecode.model.ClassResults;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.Severity;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.pass.GraphPasses;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.pass.KernelPasses;
import dev.tern.compiler.kernel.lower.CheckOperands;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Family;
import dev.tern.compiler.syntax.SyntaxReader;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.LegalGraphs;
import dev.tern.compiler.testing.RandomSchedules;
import dev.tern.compiler.testing.text.Choices;
import dev.tern.compiler.testing.text.RandomText;
import dev.tern.compiler.verification.ModelVerifier;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * One random text with random numbers, compared on its whole road: the graph interpreter before and after the passes,
 * the kernel interpreter, the class of plain loops and those of vector code; at times after every pass.
 */
final class FuzzCase {
    /** What a correct text may be refused for: parameters or budgets that do not suit it, sums that may overflow. */
    private static final Set<DiagnosticCode> REFUSALS = EnumSet.of(DiagnosticCode.PARAMETER_NOT_FINITE,
            DiagnosticCode.BUDGET_EXCEEDED, DiagnosticCode.ACCUMULATOR_OVERFLOW);

    private final Choices choices;
    private final List<Target> targets;
    private final Counts counts;
    private final String text;
    private List<List<Tensor>> inputs;

    /** @param targets that this machine runs */
    FuzzCase(Choices choices, List<Target> targets, Counts counts) {
        this(RandomText.of(choices), choices, targets, counts);
    }

    /** The same for a text that is given. */
    FuzzCase(String text, Choices choices, List<Target> targets, Counts counts) {
        this.text = text;
        this.choices = choices;
        this.targets = targets;
        this.counts = counts;
    }

    String text() {
        return text;
    }

    Outcome run() {
        try {
            return compared();
        } catch (Refusal refusal) {
            return refusal.outcome;
        } catch (RuntimeException | Error e) {
            return thrown(e);
        }
    }

    /** The text was refused, rightly or not. */
    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Outcome outcome;

        Refusal(List<Diagnostic> diagnostics) {
            Diagnostic first = diagnostics.stream().filter(d -> d.severity() == Severity.ERROR).findFirst()
                    .orElseThrow();
            outcome = REFUSALS.contains(first.code())
                    ? new Outcome.Refused(first.code().id())
                    : new Outcome.Found("refused with " + first.code().id(), DiagnosticRenderer.render(diagnostics));
        }
    }

    private static Outcome.Found thrown(Throwable e) {
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        String place = Arrays.stream(e.getStackTrace()).filter(f -> f.getClassName().startsWith("dev.tern"))
                .map(f -> f.getClassName() + "." + f.getMethodName()).findFirst().orElse("nowhere");
        return new Outcome.Found(e.getClass().getSimpleName() + " in " + place, trace.toString());
    }

    private Outcome compared() {
        Graph model = bound(analyzed());
        boolean everyPass = choices.rarely(20);
        inputs = inputs(model);
        ModelVerifier verifier = new ModelVerifier(model, inputs, everyPass);
        Diagnostics diagnostics = new Diagnostics();
        try {
            Graph optimized = verifier.passes(GraphPasses.standard(), diagnostics);
            CheckOperands.check(optimized, diagnostics);
            diagnostics.throwIfErrors();
            verifier.outputs().forEach(outputs -> counts.add(
                    outputs.stream().allMatch(FuzzCase::finite) ? "inputs" : "inputs with outputs beyond f32"));
            counts.add(everyPass ? "graphs after every pass" : "graphs after the last pass");
            for (Target target : some(everyPass)) {
                compare(verifier, everyPass ? some(optimized, LegalGraphs.of(model)) : optimized, target, everyPass);
            }
        } catch (CompilationFailedException e) {
            throw new Refusal(e.diagnostics());
        }
        return verifier.difference()
                .<Outcome>map(d -> new Outcome.Found("difference after " + d.at().pass() + " " + d.at().target(),
                        d.at() + ", input " + d.input() + ": " + d.describe()))
                .or(() -> verifier.unsettled().map(u -> new Outcome.Found("unsettled", u)))
                .orElseGet(Outcome.Same::new);
    }

    private Graph analyzed() {
        Diagnostics diagnostics = new Diagnostics();
        Optional<AnalyzedModel> model = Analyzer
                .analyze(SyntaxReader.read(new SourceFile("random.tern", text), diagnostics), diagnostics);
        return refuse(model.map(AnalyzedModel::graph), diagnostics);
    }

    private Graph bound(Graph graph) {
        Diagnostics diagnostics = new Diagnostics();
        return refuse(ParameterBinder.bind(graph, new RandomFile(graph, choices), diagnostics), diagnostics);
    }

    private static Graph refuse(Optional<Graph> graph, Diagnostics diagnostics) {
        if (diagnostics.hasErrors()) {
            throw new Refusal(diagnostics.list());
        }
        return graph.orElseThrow();
    }

    private List<List<Tensor>> inputs(Graph model) {
        List<List<Tensor>> all = new ArrayList<>();
        for (int i = choices.rarely(4) ? 3 : 1; i > 0; i--) {
            all.add(new RandomInputs(choices).of(model));
        }
        return all;
    }

    private static boolean finite(Tensor tensor) {
        if (tensor instanceof Tensor.Floats floats) {
            for (float value : floats.values()) {
                if (!Float.isFinite(value)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** All of them at times; mostly one, so that more models are seen. */
    private List<Target> some(boolean everyPass) {
        return everyPass || choices.rarely(20) ? targets : List.of(targets.get(choices.below(targets.size())));
    }

    /** What all passes leave, or some of them. */
    private Graph some(Graph optimized, List<Graph> before) {
        return choices.below(2) == 0 || before.isEmpty() ? optimized : before.get(choices.below(before.size()));
    }

    private void compare(ModelVerifier verifier, Graph graph, Target target, boolean threads) {
        CostModel.Choice choice = switch (choices.below(6)) {
            case 0, 1 -> CostModel.Choice.CHEAPEST;
            case 2 -> CostModel.Choice.preferring(Family.POPCOUNT);
            case 3 -> CostModel.Choice.preferring(Family.LOOK_UP);
            default -> new RandomSchedules(target, new Random(choices.seed()));
        };
        try {
            KernelProgram program = verifier.kernels(graph, target, KernelPasses.standard(choice),
                    new Diagnostics());
            counts.add("classes for " + target);
            if (threads && !ClassResults.run(program, inputs.getFirst()).equals(verifier.outputs().getFirst())) {
                throw new AssertionError("several threads give other bits than one");
            }
            if (graph.budget().ram() > 0) {
                counts.add("budgets kept");
            }
        } catch (CompilationFailedException e) {
            Outcome refused = new Refusal(e.diagnostics()).outcome;
            if (refused instanceof Outcome.Found) {
                throw new Refusal(e.diagnostics());
            }
            counts.add("refused for " + target);
        }
    }
}
