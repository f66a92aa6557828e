package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.NearestNames;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.syntax.Expression;
import dev.tern.compiler.syntax.Identifier;
import java.util.List;
import java.util.Optional;

/**
 * An argument that is one of a few words, each with arguments of its own: {@code ternary(twn, scale: tensor)}.
 *
 * @param what the kind of word, for messages: {@code weight scheme}
 * @param options the words
 */
public record SchemeKind<T>(String what, List<Option<T>> options) implements Kind<T> {
    public SchemeKind {
        options = List.copyOf(options);
    }

    /** One word with its parameters. */
    public record Option<T>(OpSignature signature, Builder<T> builder) {
    }

    /** Makes the scheme from its arguments. */
    @FunctionalInterface
    public interface Builder<T> {
        /** @return empty if an error was reported */
        Optional<T> build(Arguments arguments, SourceSpan span, ArgumentReader reader);
    }

    @Override
    public String expects() {
        return "a " + what + ": " + String.join(", ", names());
    }

    @Override
    public List<OpSignature> words() {
        return options.stream().map(Option::signature).toList();
    }

    private List<String> names() {
        return options.stream().map(o -> o.signature.name()).toList();
    }

    @Override
    public void check(Expression argument, NameChecker checker) {
        Optional<Expression.Call> call = call(argument);
        Optional<Option<T>> option = call.flatMap(this::option);
        if (option.isPresent()) {
            checker.arguments(option.get().signature, call.get());
        } else {
            checker.report(unknown(argument, call));
        }
    }

    @Override
    public Optional<T> read(Expression argument, String title, ArgumentReader reader) {
        Optional<Expression.Call> call = call(argument);
        Optional<Option<T>> option = call.flatMap(this::option);
        if (option.isEmpty()) {
            reader.report(unknown(argument, call));
            return Optional.empty();
        }
        return reader.arguments(option.get().signature, call.get())
                .flatMap(arguments -> option.get().builder.build(arguments, argument.span(), reader));
    }

    /** A word without parentheses is a call without arguments. */
    private static Optional<Expression.Call> call(Expression argument) {
        if (argument instanceof Expression.Name(Identifier name)) {
            return Optional.of(new Expression.Call(name, List.of(), name.span()));
        }
        return argument instanceof Expression.Call call ? Optional.of(call) : Optional.empty();
    }

    private Optional<Option<T>> option(Expression.Call call) {
        return options.stream().filter(o -> o.signature.name().equals(call.callee().text())).findFirst();
    }

    private Diagnostic unknown(Expression argument, Optional<Expression.Call> call) {
        String known = "the " + what + "s are " + String.join(", ", names().stream().map(n -> "`" + n + "`").toList());
        if (call.isEmpty()) {
            return Diagnostic.error(DiagnosticCode.BAD_SCHEME, "this is not a " + what, argument.span(), "")
                    .help(known);
        }
        Identifier callee = call.get().callee();
        Diagnostic unknown = Diagnostic.error(DiagnosticCode.BAD_SCHEME,
                "there is no " + what + " `" + callee.text() + "`", callee.span(), "");
        String question = ForeignWords.scheme(what, callee.text()).map(ours -> "in Tern this is `" + ours + "`")
                .orElseGet(() -> NearestNames.question(NearestNames.similar(callee.text(), names())));
        return unknown.help(question.isEmpty() ? known : question);
    }
}
