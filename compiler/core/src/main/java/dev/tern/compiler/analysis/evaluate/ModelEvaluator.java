package dev.tern.compiler.analysis.evaluate;

import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.DeclaredInput;
import dev.tern.compiler.analysis.Layer;
import dev.tern.compiler.analysis.draft.GraphDraft;
import dev.tern.compiler.analysis.draft.LayerScope;
import dev.tern.compiler.analysis.resolve.Resolution;
import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.syntax.Declaration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Evaluates a model into a graph. */
public final class ModelEvaluator {
    private final String source;
    private final Declaration.Model model;
    private final Diagnostics diagnostics;
    private final EvaluationState evaluation;
    private final Frame frame;
    private final ExpressionEvaluator expressions;
    private final DeclaredTypes types;
    private final LayerScope root;
    private final List<DeclaredInput> inputs = new ArrayList<>();
    private final List<ValueId> inputIds = new ArrayList<>();
    private final List<Graph.Output> outputs = new ArrayList<>();

    /**
     * @param source the name of the file
     * @param listener hears what names and ops turn out to be
     */
    public ModelEvaluator(String source, Declaration.Model model, Resolution resolution, Diagnostics diagnostics,
            EvaluationListener listener) {
        this.source = source;
        this.model = model;
        this.diagnostics = diagnostics;
        this.evaluation = new EvaluationState(resolution, diagnostics, listener);
        this.frame = Frame.ofModel(model.name().text(), model.name().span());
        this.expressions = new ExpressionEvaluator(evaluation, frame);
        this.types = new DeclaredTypes(evaluation, frame, expressions);
        this.root = LayerScope.root(model.name().span());
    }

    /** @return the model, or empty if an error was reported, now or before */
    public Optional<AnalyzedModel> evaluate() {
        try {
            return run();
        } catch (GraphDraft.TooLarge tooLarge) {
            diagnostics.add(Diagnostic
                    .error(DiagnosticCode.MODEL_TOO_LARGE, "the model is too large: " + tooLarge.getMessage(),
                            tooLarge.position(), "passed here")
                    .alsoAt(model.name().span(), "in this model"));
            return Optional.empty();
        }
    }

    private Optional<AnalyzedModel> run() {
        model.parameters().forEach(this::input);
        ModelStatements about = new ModelStatements(model, frame, evaluation, expressions);
        new StatementRunner(evaluation, frame, expressions).run(model.statements(),
                binding -> root.named(binding.name().text(), binding.name().span()));
        model.results().forEach(result -> output(result, about));
        about.finish();
        root.assignPaths((first, second) -> evaluation.report(frame, Diagnostic
                .error(DiagnosticCode.DUPLICATE_NAME, "two layers have the parameter path `" + second.path() + "`",
                        second.position(), "this one")
                .alsoAt(first.position(), "and this one").help("give one of them another name with `as`")));
        if (diagnostics.hasErrors()) {
            return Optional.empty();
        }
        if (outputs.size() != model.results().size()) {
            throw new IllegalStateException("an output of " + model.name().text()
                    + " has no value, and nobody said why");
        }
        Graph graph = new Graph(model.name().text(), model.documentation(), source, evaluation.draft().finish(),
                inputIds, outputs, about.budget());
        List<Layer> layers = evaluation.layers().stream().map(l -> new Layer(l.scope().path(), l.op(), l.weights(),
                l.activations(), l.output(), l.documentation(), l.position())).toList();
        return Optional.of(new AnalyzedModel(graph, layers, inputs, about.parameters(), about.labelFiles(),
                Optional.empty(), model.name().span()));
    }

    private void input(Declaration.DeclaredParameter parameter) {
        Optional<TensorType> type = types.input(parameter);
        if (type.isEmpty()) {
            return;
        }
        ValueId id = evaluation.draft().add(new Operation.Input(parameter.name().text(), inputIds.size()), type.get(),
                root, parameter.span());
        inputIds.add(id);
        inputs.add(new DeclaredInput(parameter.name().text(), type.get(), parameter.frames().isPresent(),
                parameter.span()));
        TensorValue value = new TensorValue(id, type.get());
        frame.define(parameter.name().text(), value);
        evaluation.listener().bound(parameter.name(), value);
    }

    private void output(Declaration.Result result, ModelStatements about) {
        String name = result.name().text();
        boolean again = outputs.stream().anyMatch(output -> output.name().equals(name));
        if (!again && frame.value(name) instanceof TensorValue value && types.gives(model, result, value)) {
            outputs.add(new Graph.Output(name, value.id(), about.labels(name, value.type())));
        }
    }
}
