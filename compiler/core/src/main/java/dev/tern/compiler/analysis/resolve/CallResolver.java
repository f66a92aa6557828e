package dev.tern.compiler.analysis.resolve;

import static dev.tern.compiler.analysis.resolve.ExpressionKind.FUNCTION;
import static dev.tern.compiler.analysis.resolve.ExpressionKind.TENSOR;
import static dev.tern.compiler.analysis.resolve.ExpressionKind.UNKNOWN;

import dev.tern.compiler.analysis.catalogue.ArgumentMatcher;
import dev.tern.compiler.analysis.catalogue.OpSignature;
import dev.tern.compiler.analysis.resolve.Symbols.Symbol;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.syntax.Argument;
import dev.tern.compiler.syntax.Declaration;
import dev.tern.compiler.syntax.Expression;
import dev.tern.compiler.syntax.Identifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells operands from arguments in calls, and finds the parameters of the arguments. */
final class CallResolver {
    private final Resolution resolution;
    private final NameLookup names;
    private final ExpressionResolver expressions;

    CallResolver(Resolution resolution, NameLookup names, ExpressionResolver expressions) {
        this.resolution = resolution;
        this.names = names;
        this.expressions = expressions;
    }

    /** A name: of a value, or of an op or block without arguments. @param piped it stands behind {@code |>} */
    ExpressionKind name(Expression.Name name, boolean piped) {
        Identifier identifier = name.identifier();
        Optional<Application.Applicable> target = names.target(identifier.text());
        Optional<Symbol> symbol = names.symbols().find(identifier.text());
        if (symbol.isPresent() && (target.isEmpty() || !piped)) {
            names.symbols().use(identifier.text());
            if (symbol.get().kind() == FUNCTION) {
                resolution.add(name, new Application(new Application.Named(identifier.text()), List.of(), true,
                        Map.of(), name.span()));
            }
            return symbol.get().kind();
        }
        if (target.isEmpty()) {
            if (piped) {
                names.unknownOp(identifier);
            } else {
                names.unknown(identifier);
            }
            return UNKNOWN;
        }
        return apply(name, target.get(), List.of(), piped);
    }

    /** @param piped it stands behind {@code |>} */
    ExpressionKind call(Expression.Call call, boolean piped) {
        Optional<Application.Applicable> target = names.target(call.callee().text());
        if (target.isPresent()) {
            return apply(call, target.get(), call.arguments(), piped);
        }
        Optional<Symbol> symbol = names.symbols().use(call.callee().text());
        if (symbol.isPresent() && symbol.get().kind() == FUNCTION) {
            return apply(call, new Application.Named(call.callee().text()), call.arguments(), piped);
        }
        if (symbol.isPresent() && symbol.get().kind() != UNKNOWN) {
            return expressions.fail(DiagnosticCode.NOT_A_FUNCTION,
                    "`" + call.callee().text() + "` is a value and cannot be applied", call.callee().span());
        }
        if (symbol.isEmpty()) {
            names.unknownOp(call.callee());
        }
        return UNKNOWN;
    }

    private record Operands(int least, int most, List<String> names) {
        static Operands of(Application.Applicable target) {
            return switch (target) {
                case Application.Op(var op) ->
                    new Operands(op.operands().least(), op.operands().most(), List.of());
                case Application.DefinedBlock(BlockDefinition block) -> new Operands(block.tensors().size(),
                        block.tensors().size(),
                        block.tensors().stream().map(Declaration.DeclaredParameter::name).map(Identifier::text)
                                .toList());
                case Application.Named _ -> new Operands(1, 1, List.of());
            };
        }
    }

    private static OpSignature signature(Application.Applicable target) {
        return switch (target) {
            case Application.Op(var op) -> op.signature();
            case Application.DefinedBlock(BlockDefinition block) -> block.signature();
            case Application.Named(String name) -> OpSignature.of(name, 0);
        };
    }

    private ExpressionKind apply(Expression expression, Application.Applicable target, List<Argument> written,
            boolean piped) {
        int before = expressions.reported();
        Operands wanted = Operands.of(target);
        OpSignature signature = signature(target);
        List<Argument> arguments = new ArrayList<>(written);
        int room = wanted.most - (piped ? 1 : 0);
        List<Expression> operands = new ArrayList<>(leading(arguments, room));
        operands.addAll(named(arguments, wanted, operands.size() + (piped ? 1 : 0)));
        Optional<Map<String, Argument>> matched = ArgumentMatcher.match(signature, arguments, expression.span(),
                expressions::report);
        // Where some did not match, those that have a name can still be looked at.
        matched.orElseGet(() -> byName(signature, arguments))
                .forEach((name, argument) -> signature.find(name).orElseThrow().kind().check(argument.value(),
                        expressions));
        int given = operands.size() + (piped ? 1 : 0);
        // What lacks exactly its first operand is a function.
        boolean waits = !piped && given == wanted.least - 1;
        // What waits for an operand with an error in its arguments may have been meant for a value.
        if (waits && expressions.reported() > before) {
            return UNKNOWN;
        }
        if (matched.isEmpty() || operands.stream().anyMatch(o -> resolution.kind(o) != TENSOR)) {
            return UNKNOWN;
        }
        if (given < wanted.least && !waits) {
            return expressions.fail(DiagnosticCode.MISSING_ARGUMENT, "`" + signature.name() + "` needs " + wanted.least
                    + " values, but gets " + (given == 0 ? "none" : given), expression.span());
        }
        resolution.add(expression, new Application(target, operands, waits, matched.get(), expression.span()));
        return waits || piped ? FUNCTION : TENSOR;
    }

    private static Map<String, Argument> byName(OpSignature signature, List<Argument> arguments) {
        Map<String, Argument> known = new LinkedHashMap<>();
        for (Argument argument : arguments) {
            if (argument.name() != null && signature.find(argument.name().text()).isPresent()) {
                known.putIfAbsent(argument.name().text(), argument);
            }
        }
        return known;
    }

    /** Takes the values off the front of the arguments, as many as there is room for. */
    private List<Expression> leading(List<Argument> arguments, int room) {
        List<Expression> operands = new ArrayList<>();
        while (operands.size() < room && !arguments.isEmpty() && arguments.getFirst().name() == null
                && mayBeTensor(arguments.getFirst().value())) {
            Expression value = arguments.removeFirst().value();
            expressions.tensor(value);
            operands.add(value);
        }
        return operands;
    }

    /** Takes the values given by the names of a block's inputs. */
    private List<Expression> named(List<Argument> arguments, Operands wanted, int filled) {
        List<Expression> operands = new ArrayList<>();
        for (String name : wanted.names.subList(Math.min(filled, wanted.names.size()), wanted.names.size())) {
            Optional<Argument> argument = arguments.stream()
                    .filter(a -> a.name() != null && a.name().text().equals(name)).findFirst();
            if (argument.isEmpty()) {
                break;
            }
            arguments.remove(argument.get());
            expressions.tensor(argument.get().value());
            operands.add(argument.get().value());
        }
        return operands;
    }

    /** Looks at an argument's outside only, without reporting anything and without marking names as used. */
    private boolean mayBeTensor(Expression expression) {
        return switch (expression) {
            case Expression.Literal _,Expression.Range _,Expression.ListLiteral _,Expression.Inferred _ ->
                false;
            case Expression.Name(Identifier name) -> {
                Optional<Symbol> symbol = names.symbols().find(name.text());
                yield symbol.isPresent()
                        ? symbol.get().kind() == TENSOR || symbol.get().kind() == UNKNOWN
                        : names.symbols().definedLater(name.text()).isPresent();
            }
            case Expression.Call call -> callMayBeTensor(call);
            case Expression.Unary unary -> mayBeTensor(unary.operand());
            case Expression.Binary binary -> ExpressionResolver.isArithmetic(binary.operator())
                    && (mayBeTensor(binary.left()) || mayBeTensor(binary.right()));
            case Expression.Pipeline pipeline -> mayBeTensor(pipeline.steps().getFirst().expression());
        };
    }

    private boolean callMayBeTensor(Expression.Call call) {
        return names.target(call.callee().text()).isPresent()
                && call.arguments().stream().anyMatch(a -> mayBeTensor(a.value()));
    }
}
