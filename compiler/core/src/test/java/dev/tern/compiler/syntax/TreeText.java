package dev.tern.compiler.syntax;

import dev.tern.compiler.syntax.Expression.BinaryOperator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A syntax tree as nested lists: everything but spans, with nothing of the language's own notation in the way. */
final class TreeText {
    private TreeText() {
    }

    static String of(SyntaxTree tree) {
        return tree.declarations().stream().map(TreeText::of).collect(Collectors.joining("\n")) + "\n";
    }

    private static String of(Declaration declaration) {
        StringBuilder out = new StringBuilder("(").append(declaration instanceof Declaration.Model ? "model" : "block")
                .append(' ').append(declaration.name().text());
        documentation(out, declaration.documentation());
        for (Declaration.DeclaredParameter parameter : declaration.parameters()) {
            out.append("\n  (in ").append(parameter.name().text()).append(' ').append(of(parameter.type()))
                    .append(parameter.frames().isEmpty() ? "" : " over " + parameter.frames().getAsLong())
                    .append(parameter.defaultValue() == null ? "" : " = " + of(parameter.defaultValue())).append(')');
        }
        for (Declaration.Result result : declaration.results()) {
            out.append("\n  (out ").append(result.name().text()).append(' ').append(of(result.type())).append(')');
        }
        declaration.statements().forEach(statement -> out.append("\n  ").append(of(statement)));
        return out.append(')').toString();
    }

    private static void documentation(StringBuilder out, String documentation) {
        if (!documentation.isEmpty()) {
            out.append(" doc ").append(quote(documentation));
        }
    }

    private static String of(TypeSyntax type) {
        return switch (type) {
            case TypeSyntax.ScalarSyntax scalar -> scalar.name().text();
            case TypeSyntax.TensorSyntax tensor -> list(tensor.element().text(), tensor.dimensions());
        };
    }

    private static String of(Statement statement) {
        return switch (statement) {
            case Statement.Binding binding -> {
                StringBuilder out = new StringBuilder("(= ").append(binding.name().text());
                documentation(out, binding.documentation());
                yield out.append(' ').append(of(binding.value())).append(')').toString();
            }
            case Statement.ParametersFrom file -> "(parameters " + of(file.file())
                    + (file.layout() == null ? "" : " layout " + file.layout().text())
                    + file.renamings().stream().map(renaming -> " (" + of(renaming.from()) + " to "
                            + of(renaming.to()) + ")").collect(Collectors.joining())
                    + ")";
            case Statement.Default setting -> arguments("default", setting.arguments());
            case Statement.MemoryBudget budget -> arguments("budget", budget.arguments());
            case Statement.Labels labels -> labels.file() == null
                    ? list("labels " + labels.output().text(), labels.names())
                    : "(labels " + labels.output().text() + " file " + of(labels.file()) + ")";
        };
    }

    static String of(Expression expression) {
        return switch (expression) {
            case Expression.IntegerLiteral integer -> Long.toString(integer.value());
            case Expression.DecimalLiteral decimal -> decimal.text() + "d";
            case Expression.Text text -> quote(text.value());
            case Expression.BooleanLiteral bool -> Boolean.toString(bool.value());
            case Expression.Size size -> "(size " + size.extents().stream().map(String::valueOf)
                    .collect(Collectors.joining(" ")) + ")";
            case Expression.Bytes bytes -> "(bytes " + bytes.value() + " " + bytes.unit() + ")";
            case Expression.Range range -> "(.. " + of(range.low()) + " " + of(range.high()) + ")";
            case Expression.ListLiteral literal -> list("list", literal.elements());
            case Expression.Name name -> name.identifier().text();
            case Expression.Inferred inferred -> "_";
            case Expression.Call call -> arguments("call " + call.callee().text(), call.arguments());
            case Expression.Unary unary -> "(" + unary.operator().symbol() + " " + of(unary.operand()) + ")";
            case Expression.Binary binary -> of(binary.operator(), binary);
            case Expression.Pipeline pipeline -> pipeline.steps().stream().map(TreeText::of)
                    .collect(Collectors.joining(" ", "(|> ", ")"));
        };
    }

    private static String of(BinaryOperator operator, Expression.Binary binary) {
        return "(" + operator.symbol() + " " + of(binary.left()) + " " + of(binary.right()) + ")";
    }

    private static String of(Expression.PipelineStep step) {
        if (step.name() == null && step.condition() == null) {
            return of(step.expression());
        }
        return Stream.of("(step " + of(step.expression()), step.name() == null ? null : "as " + step.name().text(),
                step.condition() == null ? null : "if " + of(step.condition())).filter(Objects::nonNull)
                .collect(Collectors.joining(" ", "", ")"));
    }

    private static String list(String head, List<? extends Expression> elements) {
        return elements.stream().map(element -> " " + of(element)).collect(Collectors.joining("", "(" + head, ")"));
    }

    private static String arguments(String head, List<Argument> arguments) {
        return arguments.stream().map(
                argument -> (argument.name() == null ? " " : " " + argument.name().text() + ": ") + of(argument
                        .value()))
                .collect(Collectors.joining("", "(" + head, ")"));
    }

    private static String quote(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\r", "\\r") + "\"";
    }
}
