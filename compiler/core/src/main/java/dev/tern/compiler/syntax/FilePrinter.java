package dev.tern.compiler.syntax;

import java.util.List;
import java.util.function.Predicate;

/** Prints declarations and their statements. */
final class FilePrinter {
    private final Page page = new Page();
    private final Comments comments;
    private final ExpressionPrinter expressions;
    private final StatementPrinter statements;
    private boolean empty = true;

    private FilePrinter(Comments comments, Predicate<String> startsLayer) {
        this.comments = comments;
        this.expressions = new ExpressionPrinter(page, comments, startsLayer);
        this.statements = new StatementPrinter(page, comments, expressions);
    }

    static String print(SyntaxTree tree, Comments comments, Predicate<String> startsLayer) {
        FilePrinter printer = new FilePrinter(comments, startsLayer);
        for (Declaration declaration : tree.declarations()) {
            printer.declaration(declaration);
        }
        for (Comment comment : comments.atEnd(tree)) {
            printer.startLine(comment.blankBefore());
            printer.page.add(comment.text());
        }
        String text = printer.page.text();
        return text.isEmpty() ? "" : text + "\n";
    }

    private void startLine(boolean blank) {
        if (!empty) {
            page.line(0);
            if (blank) {
                page.blankLine();
            }
        }
        empty = false;
    }

    /** An empty line stands before every declaration with its comments, and where one stood among those. */
    private void declaration(Declaration declaration) {
        boolean blank = true;
        for (Comment comment : comments.before(declaration)) {
            startLine(blank || comment.blankBefore());
            page.add(comment.text());
            blank = false;
        }
        startLine(blank || comments.blankBefore(documentationStart(declaration)));
        if (!declaration.documentation().isEmpty()) {
            statements.documentation(declaration.documentation());
            page.line(0);
        }
        header(declaration);
        body(declaration);
        page.add(comments.after(declaration));
    }

    private int documentationStart(Declaration declaration) {
        return comments.documentationStart(declaration, declaration.span().start());
    }

    private void header(Declaration declaration) {
        String keyword = switch (declaration) {
            case Declaration.Model model -> "model ";
            case Declaration.BlockDeclaration block -> "block ";
        };
        page.add(keyword + declaration.name().text());
        List<String> inputs = declaration.parameters().stream().map(this::flat).toList();
        List<String> outputs = declaration.results().stream().map(result -> named(result.name(), result.type()))
                .toList();
        boolean body = !declaration.statements().isEmpty() || !comments.atEnd(declaration).isEmpty();
        String end = body ? " {" : " {}";
        String results = "(" + String.join(", ", outputs) + ")" + end;
        boolean outputsBroken = comments.isBroken(declaration.results()) && !outputs.isEmpty();
        String header = "(" + String.join(", ", inputs) + ") -> " + (outputsBroken ? "(" : results);
        boolean inputsBroken = !inputs.isEmpty() && (comments.isBroken(declaration.parameters())
                || inputs.stream().anyMatch(String::isEmpty) || header.length() > expressions.room(0));
        if (inputsBroken) {
            expressions.enclosed(declaration.parameters(), "(", declaration.parameters(), this::parameter, ")");
        } else {
            page.add("(" + String.join(", ", inputs) + ")");
        }
        page.add(" -> ");
        if (outputsBroken || !outputs.isEmpty() && results.length() > expressions.room(0)) {
            expressions.enclosed(declaration.results(), "(", declaration.results(),
                    result -> page.add(named(result.name(), result.type())), ")");
            page.add(end);
        } else {
            page.add(results);
        }
    }

    private void body(Declaration declaration) {
        if (declaration.statements().isEmpty() && comments.atEnd(declaration).isEmpty()) {
            return;
        }
        statements.print(declaration);
        page.line(0);
        page.add("}");
    }

    /** Empty if comments stand in the value. */
    private String flat(Declaration.DeclaredParameter parameter) {
        String named = declared(parameter);
        return parameter.defaultValue() == null
                ? named
                : new FlatPrinter(comments, Integer.MAX_VALUE - named.length())
                        .print(parameter.defaultValue(), Precedence.PIPELINE)
                        .map(value -> named + " = " + value).orElse("");
    }

    private void parameter(Declaration.DeclaredParameter parameter) {
        page.add(declared(parameter));
        if (parameter.defaultValue() != null) {
            page.add(" = ");
            expressions.print(parameter.defaultValue(), Precedence.PIPELINE, 1);
        }
    }

    private String declared(Declaration.DeclaredParameter parameter) {
        return named(parameter.name(), parameter.type())
                + (parameter.frames().isEmpty() ? "" : " over " + parameter.frames().getAsLong());
    }

    private String named(Identifier name, TypeSyntax type) {
        return name.text() + ": " + switch (type) {
            case TypeSyntax.ScalarSyntax scalar -> scalar.name().text();
            case TypeSyntax.TensorSyntax tensor -> tensor.element().text() + "["
                    + String.join(", ", tensor.dimensions().stream().map(Formatter::print).toList()) + "]";
        };
    }
}
