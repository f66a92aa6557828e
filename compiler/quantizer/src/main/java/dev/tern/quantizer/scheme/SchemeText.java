package dev.tern.quantizer.scheme;

import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.Layer;
import dev.tern.compiler.analysis.catalogue.Catalogue;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.syntax.Argument;
import dev.tern.compiler.syntax.Declaration;
import dev.tern.compiler.syntax.Expression;
import dev.tern.compiler.syntax.Formatter;
import dev.tern.compiler.syntax.Statement;
import dev.tern.compiler.syntax.SyntaxReader;
import dev.tern.compiler.syntax.SyntaxTree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The text of a model with other schemes. A place is a call of an op with weights; the layers of a block that is used
 * several times share their place, and with it their schemes.
 */
public final class SchemeText {
    private final SourceFile source;
    private final List<Place> places;
    /** By where they begin. */
    private final Map<Integer, Expression.Call> calls = new HashMap<>();
    private final Map<Integer, Statement> statements = new HashMap<>();
    private final List<Statement.ParametersFrom> parameters = new ArrayList<>();
    private final List<Statement.MemoryBudget> budgets = new ArrayList<>();
    private final List<Declaration.Model> models = new ArrayList<>();

    /**
     * A call of an op with weights.
     *
     * @param span where it is written
     * @param paths of its layers
     * @param end whether one of them is the first or the last layer with weights
     */
    public record Place(SourceSpan span, List<String> paths, boolean end) {
        public Place {
            paths = List.copyOf(paths);
        }
    }

    /**
     * What is to be written at a place.
     *
     * @param weights scheme of the weights; empty to leave it
     * @param activations scheme of what the op reads; empty to leave it
     * @param reasons lines of a comment before the statement
     */
    public record Choice(Optional<String> weights, Optional<String> activations, List<String> reasons) {
        public Choice {
            reasons = List.copyOf(reasons);
        }
    }

    private record Edit(int start, int end, String text) {
    }

    /** The text of a model that was analyzed without an error. */
    public SchemeText(SourceFile source, AnalyzedModel model) {
        this.source = source;
        SyntaxTree tree = SyntaxReader.read(source, new Diagnostics());
        for (Declaration declaration : tree.declarations()) {
            if (declaration instanceof Declaration.Model found) {
                models.add(found);
            }
            declaration.statements().forEach(this::collect);
        }
        places = places(model);
    }

    private static List<Place> places(AnalyzedModel model) {
        List<Layer> weighted = model.layers().stream()
                .filter(layer -> layer.weights().isPresent() && layer.position() instanceof SourceSpan).toList();
        Map<SourceSpan, List<Layer>> found = new LinkedHashMap<>();
        weighted.forEach(layer -> found.computeIfAbsent((SourceSpan) layer.position(), _ -> new ArrayList<>())
                .add(layer));
        List<Place> places = new ArrayList<>();
        found.forEach((span, layers) -> places.add(new Place(span, layers.stream().map(Layer::path).toList(),
                layers.contains(weighted.getFirst()) || layers.contains(weighted.getLast()))));
        return places;
    }

    /** In the order of their first evaluation. */
    public List<Place> places() {
        return List.copyOf(places);
    }

    /**
     * The text with schemes, in canonical layout.
     *
     * @param choices for some of the places
     * @param parametersFile the file's name that it is to give
     * @param flash a budget in bytes that it is to have, in the place of its own; empty to leave that
     */
    public SourceFile with(Map<Place, Choice> choices, String parametersFile, Optional<Long> flash) {
        List<Edit> edits = new ArrayList<>();
        parameters.forEach(statement -> edits.add(new Edit(statement.span().start(), statement.span().end(),
                "parameters \"" + parametersFile + "\"")));
        flash.ifPresent(bytes -> edits.add(budget(bytes)));
        for (Place place : places) {
            Choice choice = choices.get(place);
            if (choice != null) {
                Expression.Call call = calls.get(place.span().start());
                choice.weights().ifPresent(scheme -> edits.add(argument(call, "weights", scheme)));
                choice.activations().ifPresent(scheme -> edits.add(argument(call, "activations", scheme)));
                int start = statements.get(place.span().start()).span().start();
                choice.reasons().forEach(reason -> edits.add(new Edit(start, start, "// " + reason + "\n    ")));
            }
        }
        StringBuilder text = new StringBuilder();
        int end = 0;
        // Stable: of two edits at one place the first comes first.
        for (Edit edit : edits.stream().sorted(Comparator.comparingInt(Edit::start)).toList()) {
            text.append(source.text(), end, edit.start).append(edit.text);
            end = edit.end;
        }
        text.append(source.text().substring(end));
        SourceFile edited = new SourceFile(source.name(), text.toString());
        return new SourceFile(source.name(), Formatter.format(edited, Catalogue::startsLayer, new Diagnostics()));
    }

    private Edit budget(long bytes) {
        String text = "budget flash: " + bytes + " B";
        if (budgets.isEmpty()) {
            int at = parameters.isEmpty()
                    ? models.getLast().statements().getFirst().span().start()
                    : parameters.getLast().span().end();
            return new Edit(at, at, "\n    " + text + "\n    ");
        }
        Statement.MemoryBudget budget = budgets.getLast();
        String others = budget.arguments().stream()
                .filter(argument -> argument.name() == null || !argument.name().text().equals("flash"))
                .map(argument -> ", " + argument.span().text()).reduce("", String::concat);
        return new Edit(budget.span().start(), budget.span().end(), text + others);
    }

    private static Edit argument(Expression.Call call, String name, String value) {
        Optional<Argument> given = call.arguments().stream()
                .filter(argument -> argument.name() != null && argument.name().text().equals(name)).findFirst();
        int close = call.span().end() - 1;
        return given.map(argument -> new Edit(argument.value().span().start(), argument.value().span().end(), value))
                .orElseGet(() -> new Edit(close, close, ", " + name + ": " + value));
    }

    private void collect(Statement statement) {
        switch (statement) {
            case Statement.Binding binding -> collect(statement, binding.value());
            case Statement.ParametersFrom file -> parameters.add(file);
            case Statement.MemoryBudget budget -> budgets.add(budget);
            case Statement.Default _,Statement.Labels _ -> {
            }
        }
    }

    private void collect(Statement statement, Expression expression) {
        if (expression instanceof Expression.Call call) {
            calls.put(call.span().start(), call);
            statements.put(call.span().start(), statement);
        }
        parts(expression).forEach(part -> collect(statement, part));
    }

    private static Stream<Expression> parts(Expression expression) {
        return switch (expression) {
            case Expression.Literal _,Expression.Name _,Expression.Inferred _ -> Stream.empty();
            case Expression.Range range -> Stream.of(range.low(), range.high());
            case Expression.ListLiteral list -> list.elements().stream();
            case Expression.Call call -> call.arguments().stream().map(Argument::value);
            case Expression.Unary unary -> Stream.of(unary.operand());
            case Expression.Binary binary -> Stream.of(binary.left(), binary.right());
            case Expression.Pipeline pipeline -> pipeline.steps().stream().map(Expression.PipelineStep::expression);
        };
    }
}
