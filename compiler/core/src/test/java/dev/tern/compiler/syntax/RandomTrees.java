package dev.tern.compiler.syntax;

import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.diagnostics.SourceSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Supplier;

/** Trees of everything that can be written, small ones mostly, with names and numbers of all lengths. */
final class RandomTrees {
    private static final SourceFile SOURCE = new SourceFile("random.tern", "");
    private static final SourceSpan NOWHERE = new SourceSpan(SOURCE, 0, 0);
    private static final String[] NAMES = {"x", "y", "stem", "conv", "dense", "relu", "batchnorm", "Separable",
        "model", "block", "parameters", "default", "budget", "labels", "B", "KiB", "kB", "x3", "_y", "ifs",
        "a_rather_long_name_for_a_value", "an_even_longer_name_that_leaves_little_room_on_its_line", "concat"};
    private static final String[] TEXTS = {"", "a", "digits.safetensors", "a \"b\" \\ \n\t\r", "// no comment", "ü🐟",
        "\u0001\u202E", "a string of some length, to fill lines", "|> { } ("};
    private static final String[] DECIMALS = {"0.5", "1e-5", "12.25e+3", "3E8", "0.000001", "1234567.0"};
    private static final String[] DOCUMENTATION = {"", "", "", "One line.", "Two\nlines.", "  indented\n\nand a gap",
        "/ slash"};
    private static final String[] UNITS = {"B", "kB", "KiB", "MB", "MiB"};

    private final Random random;

    RandomTrees(Random random) {
        this.random = random;
    }

    SyntaxTree tree() {
        return new SyntaxTree(SOURCE, list(3, this::declaration));
    }

    private <T> T pick(T[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** Up to a number of things, or now and then many more. */
    private <T> List<T> list(int most, Supplier<? extends T> element) {
        int length = random.nextInt(40) == 0 ? 5 * most : random.nextInt(most + 1);
        List<T> list = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            list.add(element.get());
        }
        return list;
    }

    private Identifier name() {
        return new Identifier(pick(NAMES), NOWHERE);
    }

    private Declaration declaration() {
        List<Declaration.DeclaredParameter> inputs = list(3, () -> new Declaration.DeclaredParameter(name(), type(),
                random.nextInt(4) == 0 ? OptionalLong.of(random.nextInt(100)) : OptionalLong.empty(),
                random.nextInt(3) == 0 ? expression(2) : null, NOWHERE));
        List<Declaration.Result> outputs = list(2, () -> new Declaration.Result(name(), type(), NOWHERE));
        List<Statement> statements = list(6, this::statement);
        String documentation = pick(DOCUMENTATION);
        return random.nextBoolean()
                ? new Declaration.Model(documentation, name(), inputs, outputs, statements, NOWHERE)
                : new Declaration.BlockDeclaration(documentation, name(), inputs, outputs, statements, NOWHERE);
    }

    private TypeSyntax type() {
        return random.nextInt(3) == 0
                ? new TypeSyntax.ScalarSyntax(name(), NOWHERE)
                : new TypeSyntax.TensorSyntax(name(), list(3, () -> expression(1)), NOWHERE);
    }

    private Statement statement() {
        return switch (random.nextInt(10)) {
            case 0 -> new Statement.ParametersFrom(text(), random.nextBoolean() ? name() : null,
                    list(4, () -> new Statement.Renaming(text(), text(), NOWHERE)), NOWHERE);
            case 1 -> new Statement.Default(settings(), NOWHERE);
            case 2 -> new Statement.MemoryBudget(settings(), NOWHERE);
            case 3 -> new Statement.Labels(name(), List.of(), text(), NOWHERE);
            case 4 -> {
                List<Expression.Text> names = list(4, this::text);
                names.add(text());
                yield new Statement.Labels(name(), names, null, NOWHERE);
            }
            default -> new Statement.Binding(pick(DOCUMENTATION), name(), expression(4), NOWHERE);
        };
    }

    private List<Argument> settings() {
        List<Argument> settings = list(3, () -> new Argument(name(), expression(2), NOWHERE));
        settings.add(new Argument(name(), expression(2), NOWHERE));
        return settings;
    }

    private Expression.Text text() {
        return new Expression.Text(pick(TEXTS), NOWHERE);
    }

    private Expression expression(int depth) {
        if (depth == 0) {
            return atom();
        }
        return switch (random.nextInt(9)) {
            case 0, 1, 2 -> pipeline(depth);
            case 3 -> new Expression.Call(name(), list(4, () -> new Argument(random.nextBoolean() ? null : name(),
                    expression(depth - 1), NOWHERE)), NOWHERE);
            case 4 -> new Expression.ListLiteral(list(4, () -> expression(depth - 1)), NOWHERE);
            case 5 -> binary(depth);
            case 6 -> new Expression.Unary(pick(Expression.UnaryOperator.values()), expression(depth - 1), NOWHERE);
            case 7 -> new Expression.Range(expression(depth - 1), expression(depth - 1), NOWHERE);
            default -> atom();
        };
    }

    private Expression binary(int depth) {
        return new Expression.Binary(pick(Expression.BinaryOperator.values()), expression(depth - 1),
                expression(random.nextInt(depth)), NOWHERE);
    }

    private Expression pipeline(int depth) {
        List<Expression.PipelineStep> steps = list(6, () -> step(depth, random.nextInt(4)));
        if (steps.isEmpty() || steps.size() == 1 && steps.getFirst().name() == null
                && steps.getFirst().condition() == null) {
            steps.add(step(depth, 1 + random.nextInt(2)));
        }
        return new Expression.Pipeline(steps, NOWHERE);
    }

    private Expression.PipelineStep step(int depth, int suffixes) {
        boolean named = (suffixes & 1) != 0;
        boolean conditional = (suffixes & 2) != 0;
        return new Expression.PipelineStep(expression(depth - 1), named ? name() : null,
                conditional ? expression(depth - 1) : null, NOWHERE);
    }

    private Expression atom() {
        return switch (random.nextInt(9)) {
            case 0 -> new Expression.IntegerLiteral(random.nextBoolean()
                    ? random.nextInt(10)
                    : random.nextLong(Long.MAX_VALUE), NOWHERE);
            case 1 -> {
                String text = pick(DECIMALS);
                yield new Expression.DecimalLiteral(text, Double.parseDouble(text), NOWHERE);
            }
            case 2 -> text();
            case 3 -> new Expression.BooleanLiteral(random.nextBoolean(), NOWHERE);
            case 4 -> new Expression.Size(List.of(1L + random.nextInt(9), (long) random.nextInt(12)), NOWHERE);
            case 5 -> {
                String unit = pick(UNITS);
                yield new Expression.Bytes(random.nextInt(1000) * LiteralReader.bytesIn(unit), unit, NOWHERE);
            }
            case 6 -> new Expression.Inferred(NOWHERE);
            default -> new Expression.Name(name());
        };
    }
}
