package dev.tern.compiler.syntax;

import java.util.List;
import java.util.Optional;

/** Prints the statements of a body; bindings with no empty line between them have their signs in columns. */
final class StatementPrinter {
    private final Page page;
    private final Comments comments;
    private final ExpressionPrinter expressions;

    StatementPrinter(Page page, Comments comments, ExpressionPrinter expressions) {
        this.page = page;
        this.comments = comments;
        this.expressions = expressions;
    }

    /**
     * The columns of a group of bindings.
     *
     * @param end index of the first statement that is not of the group
     * @param names columns of the longest name
     * @param heads columns of the longest head if all are pipelines that start from a name, or 0
     */
    private record Group(int end, int names, int heads) {
    }

    void print(Declaration declaration) {
        List<Statement> statements = declaration.statements();
        Group group = new Group(0, 0, 0);
        boolean first = true;
        for (int i = 0; i < statements.size(); i++) {
            Statement statement = statements.get(i);
            if (i >= group.end()) {
                group = group(statements, i);
            }
            for (Comment comment : comments.before(statement)) {
                startLine(!first && comment.blankBefore());
                page.add(comment.text());
                first = false;
            }
            startLine(!first && blankBefore(statement));
            first = false;
            statement(statement, group);
            page.add(comments.after(statement));
        }
        for (Comment comment : comments.atEnd(declaration)) {
            startLine(!first && comment.blankBefore());
            page.add(comment.text());
            first = false;
        }
    }

    private void startLine(boolean blank) {
        if (blank) {
            page.blankLine();
        }
        page.line(Page.INDENT);
    }

    private boolean blankBefore(Statement statement) {
        return comments.blankBefore(comments.documentationStart(statement, statement.span().start()));
    }

    private Group group(List<Statement> statements, int start) {
        int end = start;
        int names = 0;
        int heads = 0;
        boolean allHeads = true;
        while (end < statements.size() && statements.get(end) instanceof Statement.Binding binding
                && (end == start || !startsGroup(binding))) {
            names = Math.max(names, binding.name().text().length());
            Optional<String> head = PipelinePrinter.head(binding.value());
            allHeads &= head.isPresent();
            heads = Math.max(heads, head.map(String::length).orElse(0));
            end++;
        }
        return new Group(Math.max(end, start + 1), names, allHeads ? heads : 0);
    }

    private boolean startsGroup(Statement statement) {
        return blankBefore(statement) || comments.before(statement).stream().anyMatch(Comment::blankBefore);
    }

    private void statement(Statement statement, Group group) {
        switch (statement) {
            case Statement.Binding binding -> {
                if (!binding.documentation().isEmpty()) {
                    documentation(binding.documentation());
                    page.line(Page.INDENT);
                }
                page.add(binding.name().text());
                page.pad(group.names() - binding.name().text().length());
                page.add(" = ");
                expressions.printValue(binding.value(), group.heads());
            }
            case Statement.ParametersFrom file -> parameters(file);
            case Statement.Default setting -> settings("default", setting, setting.arguments());
            case Statement.MemoryBudget budget -> settings("budget", budget, budget.arguments());
            case Statement.Labels labels -> labels(labels);
        }
    }

    private void parameters(Statement.ParametersFrom file) {
        page.add("parameters " + LiteralReader.quote(file.file().value()));
        if (file.layout() != null) {
            page.add(" layout: " + file.layout().text());
        }
        if (file.renamings().isEmpty()) {
            return;
        }
        List<String> renamings = file.renamings().stream().map(renaming -> LiteralReader.quote(renaming.from().value())
                + " to " + LiteralReader.quote(renaming.to().value())).toList();
        String flat = " map " + String.join(", ", renamings);
        if (!comments.isBroken(file) && page.column() + flat.length() <= Page.WIDTH) {
            page.add(flat);
            return;
        }
        page.line(2 * Page.INDENT);
        page.add("map ");
        for (int i = 0; i < renamings.size(); i++) {
            if (i > 0) {
                page.add(",");
                page.add(comments.after(file.renamings().get(i - 1)));
                page.line(3 * Page.INDENT);
            }
            for (Comment comment : comments.before(file.renamings().get(i))) {
                page.add(comment.text());
                page.line(3 * Page.INDENT);
            }
            page.add(renamings.get(i));
        }
        page.add(comments.after(file.renamings().getLast()));
        for (Comment comment : comments.atEnd(file)) {
            page.line(3 * Page.INDENT);
            page.add(comment.text());
        }
    }

    private void settings(String keyword, Statement statement, List<Argument> arguments) {
        page.add(keyword);
        Optional<String> flat = comments.isBroken(statement)
                ? Optional.empty()
                : new FlatPrinter(comments, expressions.room(1)).print(arguments);
        if (flat.isPresent()) {
            page.add(" " + flat.get());
        } else {
            expressions.lines(statement, arguments, argument -> expressions.argument(argument, 1), 2 * Page.INDENT);
        }
    }

    private void labels(Statement.Labels labels) {
        page.add("labels " + labels.output().text());
        if (labels.file() != null) {
            page.add(" " + LiteralReader.quote(labels.file().value()));
            return;
        }
        page.add(":");
        if (comments.isBroken(labels)) {
            expressions.lines(labels, labels.names(), name -> page.add(LiteralReader.quote(name.value())),
                    2 * Page.INDENT);
            return;
        }
        Expression.ListLiteral names = new Expression.ListLiteral(List.copyOf(labels.names()), labels.span());
        Optional<String> flat = new FlatPrinter(comments, expressions.room(0) + 1).print(names, Precedence.PIPELINE);
        if (flat.isPresent()) {
            page.add(" " + flat.get().substring(1, flat.get().length() - 1));
        } else {
            page.line(2 * Page.INDENT);
            expressions.fill(labels.names());
        }
    }

    void documentation(String text) {
        int indent = page.indent();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (i > 0) {
                page.line(indent);
            }
            page.add(lines[i].isEmpty() ? "///" : "/// " + lines[i]);
        }
    }
}
