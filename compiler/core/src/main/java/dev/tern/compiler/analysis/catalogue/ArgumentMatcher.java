package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.NearestNames;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.syntax.Argument;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Finds the parameter of each argument of a call, by name or by place. */
public final class ArgumentMatcher {
    /** Named here, not taken from {@link Schemes}, whose own arguments are matched by this class. */
    private static final Set<String> SCHEMES = Set.of("weights", "activations");

    private final OpSignature signature;
    private final Consumer<Diagnostic> report;
    private final Map<String, Argument> matched = new LinkedHashMap<>();
    private boolean failed;

    private ArgumentMatcher(OpSignature signature, Consumer<Diagnostic> report) {
        this.signature = signature;
        this.report = report;
    }

    /**
     * @param arguments without operands
     * @param call where the call stands, for what is missing
     * @param report gets unknown, surplus, duplicate and missing arguments
     * @return the arguments by parameter name, or empty if an error was reported
     */
    public static Optional<Map<String, Argument>> match(OpSignature signature, List<Argument> arguments,
            SourceSpan call,
            Consumer<Diagnostic> report) {
        ArgumentMatcher matcher = new ArgumentMatcher(signature, report);
        int position = 0;
        for (Argument argument : arguments) {
            if (argument.name() == null) {
                matcher.byPlace(argument, position++);
            } else {
                matcher.byName(argument);
            }
        }
        matcher.findMissing(call);
        return matcher.failed ? Optional.empty() : Optional.of(matcher.matched);
    }

    private void byPlace(Argument argument, int position) {
        if (position < signature.positional()) {
            put(signature.parameters().get(position), argument);
            return;
        }
        // One complaint for a row of surplus arguments.
        if (position == signature.positional()) {
            int most = signature.positional();
            String takes = most == 0 ? "no argument" : most == 1 ? "one argument" : most + " arguments";
            Diagnostic surplus = Diagnostic.error(DiagnosticCode.SURPLUS_ARGUMENT,
                    "`" + signature.name() + "` takes " + takes + " without a name", argument.span(),
                    "one too many");
            Optional<String> other = ForeignWords.surplus(signature.name());
            fail(other.map(surplus::help).orElse(surplus), other.isEmpty());
        }
    }

    private void byName(Argument argument) {
        String name = argument.name().text();
        Optional<OpParameter<?>> parameter = signature.find(name);
        if (parameter.isPresent()) {
            put(parameter.get(), argument);
            return;
        }
        if (SCHEMES.contains(name)) {
            fail(Diagnostic
                    .error(DiagnosticCode.SCHEME_MISPLACED, "`" + signature.name() + "` takes no scheme for its "
                            + name,
                            argument.name().span(), "")
                    .help("schemes stand on ops with weights; `quantize(scheme)` quantizes a value in a place of "
                            + "its own"),
                    false);
            return;
        }
        Diagnostic unknown = Diagnostic.error(DiagnosticCode.UNKNOWN_ARGUMENT,
                "`" + signature.name() + "` has no argument `" + name + "`", argument.name().span(), "");
        String question = ForeignWords.argument(name, signature.parameterNames())
                .orElseGet(() -> NearestNames.question(NearestNames.similar(name, signature.parameterNames())));
        fail(question.isEmpty() ? unknown : unknown.help(question), question.isEmpty());
    }

    private void put(OpParameter<?> parameter, Argument argument) {
        Argument before = matched.putIfAbsent(parameter.name(), argument);
        if (before != null) {
            fail(Diagnostic
                    .error(DiagnosticCode.DUPLICATE_ARGUMENT,
                            "`" + parameter.name() + "` of `" + signature.name() + "` is given twice",
                            argument.span(), "given again here")
                    .alsoAt(before.span(), "first given here"), false);
        }
    }

    private void findMissing(SourceSpan call) {
        List<String> missing = signature.parameters().stream()
                .filter(p -> p.required() && !matched.containsKey(p.name())).map(p -> "`" + p.name() + "`").toList();
        // An unknown or surplus argument may be the one that is missing under another name.
        if (!missing.isEmpty() && !failed) {
            fail(Diagnostic.error(DiagnosticCode.MISSING_ARGUMENT,
                    "`" + signature.name() + "` needs " + String.join(" and ", missing), call, ""), true);
        }
    }

    private void fail(Diagnostic diagnostic, boolean showSignature) {
        failed = true;
        boolean show = showSignature && !signature.parameters().isEmpty();
        report.accept(show ? diagnostic.help("it is written `" + signature.describe() + "`" + words()) : diagnostic);
    }

    /** What may stand for arguments that have to be given and are words. */
    private String words() {
        return signature.parameters().stream()
                .filter(parameter -> parameter.required() && parameter.kind() instanceof Keyword<?>)
                .map(parameter -> ", where `" + parameter.name() + "` is " + parameter.documentation())
                .collect(Collectors.joining());
    }
}
