package dev.tern.compiler.syntax;

import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.grammar.TernLexer;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.Token;

/**
 * Finds the node each comment belongs to. Where entries stand in a row (declarations, statements, steps, arguments,
 * elements), a comment on the line of an entry's end trails that entry, one on a line of its own leads the next.
 * A comment inside of an entry, where no row is, leads the entry.
 */
final class CommentPlacement {
    private final Comments comments;
    private final TokenScan scan;

    CommentPlacement(Comments comments, TokenScan scan) {
        this.comments = comments;
        this.scan = scan;
    }

    private record Entry(Object node, SourceSpan span) {
    }

    void file(SyntaxTree tree, List<Comment> all) {
        List<Entry> entries = tree.declarations().stream()
                .map(declaration -> new Entry(declaration, declaration.span())).toList();
        row(tree, entries, all);
    }

    /**
     * Places comments in a row of entries.
     *
     * @return those inside of the first entry of a pipeline, which has no line of its own to put them on
     */
    private List<Comment> row(Object container, List<Entry> entries, List<Comment> inside) {
        List<Comment> homeless = new ArrayList<>();
        List<Comment> within = new ArrayList<>();
        int next = 0;
        for (int i = 0; i <= inside.size(); i++) {
            Comment comment = i < inside.size() ? inside.get(i) : null;
            while (next < entries.size() && (comment == null || entries.get(next).span().end() <= comment.offset())) {
                homeless.addAll(entry(container, entries.get(next++), within, next == 1));
                within = new ArrayList<>();
            }
            if (comment == null) {
                break;
            }
            boolean between = next == entries.size() || comment.offset() < entries.get(next).span().start();
            if (!between) {
                within.add(comment);
            } else {
                between(container, entries, next, comment);
            }
        }
        return homeless;
    }

    private void between(Object container, List<Entry> entries, int next, Comment comment) {
        comments.breakUp(container);
        if (next > 0 && !comments.hasAfter(entries.get(next - 1).node())
                && comments.onOneLine(entries.get(next - 1).span().end(), comment.offset())) {
            comments.trail(entries.get(next - 1).node(), comment);
        } else if (next < entries.size()) {
            comments.lead(entries.get(next).node(), comment);
        } else {
            comments.end(container, comment);
        }
    }

    private List<Comment> entry(Object container, Entry entry, List<Comment> within, boolean first) {
        if (within.isEmpty()) {
            return List.of();
        }
        List<Comment> homeless = inner(entry.node(), within);
        if (homeless.isEmpty() || first && container instanceof Expression.Pipeline) {
            return homeless;
        }
        comments.breakUp(container);
        homeless.forEach(comment -> comments.lead(entry.node(), comment));
        return List.of();
    }

    /** Places comments in the rows inside of a node; returns those in none of them. */
    private List<Comment> inner(Object node, List<Comment> within) {
        return switch (node) {
            case Declaration declaration -> declaration(declaration, within);
            case Statement.Binding binding -> inner(binding.value(), within);
            case Statement.ParametersFrom file when !file.renamings().isEmpty() -> rowIn(file,
                    spanFrom(file.layout() == null ? file.file().span() : file.layout().span(), file.span()), within,
                    file.renamings().stream().map(renaming -> new Entry(renaming, renaming.span())).toList());
            case Statement.Default setting -> arguments(setting, setting.arguments(), setting.span(), within);
            case Statement.MemoryBudget budget -> arguments(budget, budget.arguments(), budget.span(), within);
            case Statement.Labels labels when !labels.names().isEmpty() -> elements(labels, labels.names(),
                    spanFrom(labels.output().span(), labels.span()), within);
            case Declaration.DeclaredParameter parameter when parameter.defaultValue() != null ->
                inner(parameter.defaultValue(), within);
            case Argument argument -> inner(argument.value(), within);
            case Expression.PipelineStep step -> step.condition() == null
                    ? inner(step.expression(), within)
                    : inner(step.condition(), inner(step.expression(), within));
            case Expression.Pipeline pipeline -> rowIn(pipeline, pipeline.span(), within,
                    pipeline.steps().stream().map(step -> new Entry(step, step.span())).toList());
            case Expression.Call call when !call.arguments().isEmpty() ->
                arguments(call, call.arguments(), spanFrom(call.callee().span(), call.span()), within);
            case Expression.ListLiteral list when !list.elements().isEmpty() ->
                elements(list, list.elements(), list.span(), within);
            case Expression.Binary binary -> inner(binary.right(), inner(binary.left(), within));
            case Expression.Unary unary -> inner(unary.operand(), within);
            case Expression.Range range -> inner(range.high(), inner(range.low(), within));
            default -> within;
        };
    }

    private List<Comment> declaration(Declaration declaration, List<Comment> within) {
        List<Entry> inputs = declaration.parameters().stream()
                .map(parameter -> new Entry(parameter, parameter.span())).toList();
        List<Entry> outputs = declaration.results().stream().map(result -> new Entry(result, result.span())).toList();
        List<Entry> statements = declaration.statements().stream()
                .map(statement -> new Entry(statement, statement.span())).toList();
        int end = declaration.span().end();
        int inputsOpen = bracket(TernLexer.LPAREN, declaration.name().span().end());
        int inputsClose = bracket(TernLexer.RPAREN, inputs.isEmpty() ? inputsOpen : inputs.getLast().span().end());
        int outputsOpen = bracket(TernLexer.LPAREN, inputsClose);
        int outputsClose = bracket(TernLexer.RPAREN, outputs.isEmpty() ? outputsOpen : outputs.getLast().span().end());
        int body = bracket(TernLexer.LBRACE, outputsClose);
        List<Comment> left = within;
        if (!inputs.isEmpty()) {
            left = rowIn(declaration.parameters(), span(inputsOpen, inputsClose), left, inputs);
        }
        if (!outputs.isEmpty()) {
            left = rowIn(declaration.results(), span(outputsOpen, outputsClose), left, outputs);
        }
        return rowIn(declaration, span(body, end), left, statements);
    }

    private SourceSpan span(int start, int end) {
        return new SourceSpan(scan.source(), start, end);
    }

    /** What follows one part of a span up to its end. */
    private SourceSpan spanFrom(SourceSpan part, SourceSpan whole) {
        return span(part.end(), whole.end());
    }

    /** The offset of the first token of a type at or after an offset. */
    private int bracket(int type, int from) {
        int index = scan.tokenAt(from).getTokenIndex();
        while (scan.tokens().get(index).getType() != type) {
            index++;
        }
        return scan.tokens().get(index).getStartIndex();
    }

    private List<Comment> arguments(Object container, List<Argument> arguments, SourceSpan span,
            List<Comment> within) {
        return rowIn(container, span, within,
                arguments.stream().map(argument -> new Entry(argument, argument.span())).toList());
    }

    private List<Comment> elements(Object container, List<? extends Expression> elements, SourceSpan span,
            List<Comment> within) {
        return rowIn(container, span, within,
                elements.stream().map(element -> new Entry(element, element.span())).toList());
    }

    /** Places those comments that stand in the span of a row; returns the others and the homeless. */
    private List<Comment> rowIn(Object container, SourceSpan span, List<Comment> within, List<Entry> entries) {
        List<Comment> inside = new ArrayList<>();
        List<Comment> left = new ArrayList<>();
        for (Comment comment : within) {
            boolean in = comment.offset() >= span.start() && comment.offset() < span.end();
            (in ? inside : left).add(comment);
        }
        left.addAll(row(container, entries, inside));
        left.sort((a, b) -> Integer.compare(a.offset(), b.offset()));
        return left;
    }
}
