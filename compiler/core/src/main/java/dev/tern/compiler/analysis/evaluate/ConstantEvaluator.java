package dev.tern.compiler.analysis.evaluate;

import dev.tern.compiler.analysis.value.KnownValue;
import dev.tern.compiler.analysis.value.KnownValue.Decimal;
import dev.tern.compiler.analysis.value.KnownValue.Truth;
import dev.tern.compiler.analysis.value.KnownValue.Whole;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.syntax.Expression;
import dev.tern.compiler.syntax.Expression.BinaryOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Computes what is known at compile time. Whole numbers are exact in 64 bits, and reported where they do not fit; a
 * number with a point makes the result a double.
 */
final class ConstantEvaluator {
    private final Frame frame;
    private final Consumer<Diagnostic> report;

    ConstantEvaluator(Frame frame, Consumer<Diagnostic> report) {
        this.frame = frame;
        this.report = report;
    }

    /** @return empty if an error was reported, here or when names were resolved */
    Optional<KnownValue> evaluate(Expression expression) {
        return switch (expression) {
            case Expression.IntegerLiteral literal -> Optional.of(new Whole(literal.value()));
            case Expression.DecimalLiteral literal -> Optional.of(new Decimal(literal.value()));
            case Expression.Text text -> Optional.of(new KnownValue.Characters(text.value()));
            case Expression.BooleanLiteral literal -> Optional.of(new Truth(literal.value()));
            case Expression.Size size -> Optional.of(new KnownValue.Extents(size.extents()));
            case Expression.Bytes bytes -> Optional.of(new KnownValue.Size(bytes.value()));
            case Expression.Range range -> interval(range);
            case Expression.ListLiteral list -> elements(list);
            case Expression.Name name -> frame.value(name.identifier().text()) instanceof KnownValue constant
                    ? Optional.of(constant)
                    : Optional.empty();
            case Expression.Unary unary -> evaluate(unary.operand()).flatMap(value -> unary(unary, value));
            case Expression.Binary binary -> binary(binary);
            case Expression.Pipeline pipeline when pipeline.steps().size() == 1 ->
                evaluate(pipeline.steps().getFirst().expression());
            case Expression.Call _,Expression.Pipeline _,Expression.Inferred _ -> Optional.empty();
        };
    }

    private Optional<KnownValue> interval(Expression.Range range) {
        Optional<KnownValue> low = evaluate(range.low());
        Optional<KnownValue> high = evaluate(range.high());
        if (low.isEmpty() || high.isEmpty()) {
            return Optional.empty();
        }
        if (low.get().number().isEmpty() || high.get().number().isEmpty()) {
            return wrong("the ends of a range are numbers", range);
        }
        return Optional.of(new KnownValue.Bounds(low.get().number().get(), high.get().number().get()));
    }

    private Optional<KnownValue> elements(Expression.ListLiteral list) {
        List<Optional<KnownValue>> values = new ArrayList<>();
        for (Expression element : list.elements()) {
            boolean inferred = element instanceof Expression.Inferred;
            Optional<KnownValue> value = inferred ? Optional.empty() : evaluate(element);
            if (!inferred && value.isEmpty()) {
                return Optional.empty();
            }
            if (value.isPresent() && value.get() instanceof KnownValue.Elements) {
                return wrong("a list holds no lists", element);
            }
            values.add(value);
        }
        return Optional.of(new KnownValue.Elements(values));
    }

    private Optional<KnownValue> unary(Expression.Unary unary, KnownValue value) {
        return switch (unary.operator()) {
            case NOT -> value instanceof Truth(boolean truth)
                    ? Optional.of(new Truth(!truth))
                    : wrong("`not` needs `true` or `false`, not " + value.describe(), unary.operand());
            case PLUS -> value.number().isPresent()
                    ? Optional.of(value)
                    : wrong("`+` needs a number, not " + value.describe(), unary.operand());
            case NEGATE -> value instanceof KnownValue.Number number
                    ? negated(number, unary)
                    : wrong("`-` needs a number, not " + value.describe(), unary.operand());
        };
    }

    private Optional<KnownValue> negated(KnownValue.Number number, Expression.Unary unary) {
        return switch (number) {
            case Whole(long value) -> value == Long.MIN_VALUE ? overflow(unary) : Optional.of(new Whole(-value));
            case Decimal(double value) -> Optional.of(new Decimal(-value));
        };
    }

    private Optional<KnownValue> binary(Expression.Binary binary) {
        Optional<KnownValue> left = evaluate(binary.left());
        // `false and ...` is false whatever follows, so that a condition can guard what it says next.
        if (left.isPresent() && left.get() instanceof Truth(boolean truth)
                && (binary.operator() == BinaryOperator.AND && !truth
                        || binary.operator() == BinaryOperator.OR && truth)) {
            return left;
        }
        Optional<KnownValue> right = evaluate(binary.right());
        if (left.isEmpty() || right.isEmpty()) {
            return Optional.empty();
        }
        return switch (binary.operator()) {
            case AND, OR -> logical(binary, left.get(), right.get());
            case EQUAL -> equal(binary, left.get(), right.get()).map(Truth::new);
            case NOT_EQUAL -> equal(binary, left.get(), right.get()).map(same -> new Truth(!same));
            case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> compare(binary, left.get(), right.get());
            case ADD, SUBTRACT, MULTIPLY, DIVIDE -> arithmetic(binary, left.get(), right.get());
        };
    }

    private Optional<KnownValue> logical(Expression.Binary binary, KnownValue left, KnownValue right) {
        // The left side did not decide, so the right side is the answer.
        return left instanceof Truth && right instanceof Truth
                ? Optional.of(right)
                : wrong("`" + binary.operator().symbol() + "` needs `true` or `false` on both sides, not "
                        + left.describe() + " and " + right.describe(), binary);
    }

    private Optional<Boolean> equal(Expression.Binary binary, KnownValue left, KnownValue right) {
        if (left instanceof Whole(long a) && right instanceof Whole(long b)) {
            return Optional.of(a == b);
        }
        if (left.number().isPresent() && right.number().isPresent()) {
            return Optional.of(left.number().get().doubleValue() == right.number().get().doubleValue());
        }
        if (left.getClass() == right.getClass()) {
            return Optional.of(left.equals(right));
        }
        wrong("`" + binary.operator().symbol() + "` cannot compare " + left.describe() + " with " + right.describe(),
                binary);
        return Optional.empty();
    }

    private Optional<KnownValue> compare(Expression.Binary binary, KnownValue left, KnownValue right) {
        int order;
        if (left instanceof Whole(long a) && right instanceof Whole(long b)) {
            order = Long.compare(a, b);
        } else if (left.number().isPresent() && right.number().isPresent()) {
            order = Double.compare(left.number().get(), right.number().get());
        } else {
            return wrong("`" + binary.operator().symbol() + "` needs numbers, not " + left.describe() + " and "
                    + right.describe(), binary);
        }
        return Optional.of(new Truth(switch (binary.operator()) {
            case LESS -> order < 0;
            case LESS_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_EQUAL -> order >= 0;
            case OR, AND, EQUAL, NOT_EQUAL, ADD, SUBTRACT, MULTIPLY, DIVIDE -> throw new IllegalArgumentException();
        }));
    }

    private Optional<KnownValue> arithmetic(Expression.Binary binary, KnownValue left, KnownValue right) {
        if (left instanceof Whole(long a) && right instanceof Whole(long b) && !leavesRest(binary, a, b)) {
            try {
                return Optional.of(new Whole(switch (binary.operator()) {
                    case ADD -> Math.addExact(a, b);
                    case SUBTRACT -> Math.subtractExact(a, b);
                    case MULTIPLY -> Math.multiplyExact(a, b);
                    case DIVIDE -> Math.divideExact(a, b);
                    case OR, AND, EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL ->
                        throw new IllegalArgumentException();
                }));
            } catch (ArithmeticException e) {
                return overflow(binary);
            }
        }
        if (left.number().isEmpty() || right.number().isEmpty()) {
            return wrong("`" + binary.operator().symbol() + "` needs numbers, not " + left.describe() + " and "
                    + right.describe(), binary);
        }
        double a = left.number().get();
        double b = right.number().get();
        if (binary.operator() == BinaryOperator.DIVIDE && b == 0) {
            return wrong("a constant cannot be divided by 0", binary);
        }
        return Optional.of(new Decimal(switch (binary.operator()) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case OR, AND, EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL ->
                throw new IllegalArgumentException();
        }));
    }

    /** Whether a quotient of whole numbers is none, or is not defined. */
    private static boolean leavesRest(Expression.Binary binary, long a, long b) {
        return binary.operator() == BinaryOperator.DIVIDE && (b == 0 || a % b != 0);
    }

    private Optional<KnownValue> wrong(String message, Expression at) {
        report.accept(Diagnostic.error(DiagnosticCode.BAD_ARGUMENT, message, at.span(), ""));
        return Optional.empty();
    }

    private Optional<KnownValue> overflow(Expression at) {
        report.accept(Diagnostic.error(DiagnosticCode.NUMBER_OUT_OF_RANGE,
                "this number does not fit into 64 bits", at.span(), ""));
        return Optional.empty();
    }
}
