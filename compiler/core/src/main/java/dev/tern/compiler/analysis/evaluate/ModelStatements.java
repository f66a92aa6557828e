package dev.tern.compiler.analysis.evaluate;

import dev.tern.compiler.analysis.AnalyzedModel.LabelsFile;
import dev.tern.compiler.analysis.AnalyzedModel.NamedFile;
import dev.tern.compiler.analysis.AnalyzedModel.ParametersFile;
import dev.tern.compiler.analysis.catalogue.ArgumentMatcher;
import dev.tern.compiler.analysis.catalogue.Arguments;
import dev.tern.compiler.analysis.catalogue.BudgetLimits;
import dev.tern.compiler.analysis.parameters.NameMap;
import dev.tern.compiler.analysis.parameters.ParameterLayout;
import dev.tern.compiler.analysis.parameters.ParameterPath;
import dev.tern.compiler.analysis.parameters.StoredNaming;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.NearestNames;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.syntax.Argument;
import dev.tern.compiler.syntax.Declaration;
import dev.tern.compiler.syntax.Expression;
import dev.tern.compiler.syntax.Identifier;
import dev.tern.compiler.syntax.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The statements of a model that define no value: parameters, budget, labels. */
final class ModelStatements {
    private final Declaration.Model model;
    private final Frame frame;
    private final EvaluationState evaluation;
    private final ExpressionEvaluator expressions;
    private final Map<String, Statement.Labels> labels = new HashMap<>();
    private final Set<String> labelled = new HashSet<>();
    private final List<LabelsFile> labelFiles = new ArrayList<>();
    private final Map<String, SourceSpan> once = new HashMap<>();
    private Optional<ParametersFile> parameters = Optional.empty();
    private Graph.Budget budget = Graph.Budget.NONE;

    ModelStatements(Declaration.Model model, Frame frame, EvaluationState evaluation, ExpressionEvaluator expressions) {
        this.model = model;
        this.frame = frame;
        this.evaluation = evaluation;
        this.expressions = expressions;
        for (Statement statement : model.statements()) {
            switch (statement) {
                case Statement.ParametersFrom file -> parameters(file);
                case Statement.MemoryBudget limits -> budget(limits);
                case Statement.Labels names -> labels(names);
                case Statement.Binding _,Statement.Default _ -> {
                    // Run by StatementRunner.
                }
            }
        }
    }

    Optional<ParametersFile> parameters() {
        return parameters;
    }

    Graph.Budget budget() {
        return budget;
    }

    List<LabelsFile> labelFiles() {
        return labelFiles;
    }

    private boolean first(String what, SourceSpan span) {
        SourceSpan before = once.putIfAbsent(what, span);
        if (before != null) {
            report(Diagnostic
                    .error(DiagnosticCode.DUPLICATE_NAME, "the model has a second statement for its " + what, span, "")
                    .alsoAt(before, "the first"));
        }
        return before == null;
    }

    private void parameters(Statement.ParametersFrom file) {
        if (first("parameters", file.span())
                && ParameterPath.check(file.file().value(), file.file().span(), this::report)) {
            parameters = Optional.of(new ParametersFile(file.file().value(), file.file().span(),
                    new StoredNaming(layout(file.layout()), names(file.renamings()))));
        }
    }

    private Optional<ParameterLayout> layout(Identifier written) {
        if (written == null) {
            return Optional.empty();
        }
        Optional<ParameterLayout> layout = ParameterLayout.of(written.text());
        if (layout.isEmpty()) {
            report(Diagnostic.error(DiagnosticCode.BAD_ARGUMENT, "there is no layout `" + written.text() + "`",
                    written.span(), "").help("a layout is " + String.join(", ", ParameterLayout.words())));
        }
        return layout;
    }

    private NameMap names(List<Statement.Renaming> renamings) {
        List<NameMap.Rule> rules = new ArrayList<>();
        for (Statement.Renaming renaming : renamings) {
            NameMap.Rule rule = new NameMap.Rule(renaming.from().value(), renaming.to().value(), renaming.span());
            rule.problem().ifPresentOrElse(problem -> report(Diagnostic
                    .error(DiagnosticCode.BAD_ARGUMENT, problem, renaming.span(), "")
                    .help("for instance `\"features.*\" to \"body.*.conv\"`")), () -> rules.add(rule));
        }
        return new NameMap(rules);
    }

    private void budget(Statement.MemoryBudget limits) {
        if (!first("budget", limits.span())) {
            return;
        }
        Optional<Map<String, Argument>> matched = ArgumentMatcher.match(BudgetLimits.SIGNATURE,
                limits.arguments(), limits.span(), this::report);
        Optional<Arguments> read = matched.flatMap(
                map -> Arguments.read(BudgetLimits.SIGNATURE, map, new ConstantsOnly(expressions, this::report)));
        read.ifPresent(arguments -> budget = new Graph.Budget(arguments.get(BudgetLimits.FLASH),
                arguments.get(BudgetLimits.RAM), Optional.of(
                        limits.span())));
    }

    private void labels(Statement.Labels names) {
        if (first("labels of `" + names.output().text() + "`", names.span())) {
            labels.put(names.output().text(), names);
        }
    }

    /** The labels of an output that are written in the model; notes the file where they are in one. */
    List<String> labels(String output, TensorType type) {
        labelled.add(output);
        Statement.Labels statement = labels.get(output);
        if (statement == null) {
            return List.of();
        }
        int entries = Math.toIntExact(Graph.Output.entries(type));
        if (statement.file() != null) {
            NamedFile file = new NamedFile(statement.file().value(), statement.file().span());
            if (ParameterPath.check(file.name(), file.span(), this::report)) {
                labelFiles.add(new LabelsFile(output, entries, file));
            }
            return List.of();
        }
        if (statement.names().size() != entries) {
            report(Diagnostic
                    .error(DiagnosticCode.LABELS_MISMATCH,
                            "`" + output + "` has " + entries
                                    + (type.element().equals(ElementType.F32) ? " entries" : " possible values")
                                    + ", but " + statement.names().size()
                                    + (statement.names().size() == 1 ? " label" : " labels"),
                            statement.span(), "")
                    .alsoAt(resultSpan(output), "declared here"));
            return List.of();
        }
        return statement.names().stream().map(Expression.Text::value).toList();
    }

    private SourceSpan resultSpan(String output) {
        return model.results().stream().filter(r -> r.name().text().equals(output)).findFirst().orElseThrow().span();
    }

    /** Reports labels of what is no output. */
    void finish() {
        Set<String> outputs = new HashSet<>();
        model.results().forEach(result -> outputs.add(result.name().text()));
        for (Statement.Labels statement : labels.values()) {
            Identifier output = statement.output();
            if (!outputs.contains(output.text())) {
                Diagnostic unknown = Diagnostic.error(DiagnosticCode.UNKNOWN_NAME,
                        "the model has no output `" + output.text() + "`", output.span(), "");
                String question = NearestNames.question(NearestNames.similar(output.text(), outputs));
                report(question.isEmpty() ? unknown : unknown.help(question));
            }
        }
    }

    private void report(Diagnostic diagnostic) {
        evaluation.report(frame, diagnostic);
    }
}
