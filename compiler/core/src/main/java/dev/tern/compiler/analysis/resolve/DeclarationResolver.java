package dev.tern.compiler.analysis.resolve;

import dev.tern.compiler.analysis.catalogue.Schemes;
import dev.tern.compiler.analysis.resolve.Symbols.Symbol;
import dev.tern.compiler.analysis.resolve.Symbols.SymbolSource;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.Severity;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.syntax.Declaration;
import dev.tern.compiler.syntax.Expression;
import dev.tern.compiler.syntax.Identifier;
import dev.tern.compiler.syntax.Statement;
import dev.tern.compiler.syntax.TypeSyntax;
import java.util.HashSet;
import java.util.Set;

/** Resolves the names of one model or block. */
final class DeclarationResolver {
    private final Symbols symbols = new Symbols();
    private final Resolution resolution;
    private final Set<String> unread;
    private final Diagnostics diagnostics;
    private final ExpressionResolver expressions;
    private boolean failed;

    /** @param applied gets the names of the blocks that the declaration applies */
    DeclarationResolver(Resolution resolution, Set<String> unread, Diagnostics diagnostics, Set<String> applied) {
        this.resolution = resolution;
        this.unread = unread;
        this.diagnostics = diagnostics;
        this.expressions = new ExpressionResolver(resolution,
                new NameLookup(symbols, resolution, unread, applied, this::report, diagnostics::isFull), this::report);
    }

    void resolve(Declaration declaration) {
        switch (declaration) {
            case Declaration.Model model -> {
                model.parameters().forEach(this::modelInput);
                model.parameters().stream().filter(p -> p.frames().isPresent()).skip(1)
                        .forEach(p -> report(Diagnostic.error(DiagnosticCode.MISPLACED_STATEMENT,
                                "a model takes the frames of one stream", p.span(), "a second one")
                                .help("what comes at the same time is one frame")));
            }
            case Declaration.BlockDeclaration block -> {
                block.parameters().stream().filter(p -> p.frames().isPresent())
                        .forEach(p -> report(Diagnostic.error(DiagnosticCode.MISPLACED_STATEMENT,
                                "only a model takes the frames of a stream", p.span(), "this is a block")
                                .help("a block has the window: `" + p.name().text() + ": f32[t, c]`")));
                block.parameters().stream().filter(p -> p.type() instanceof TypeSyntax.ScalarSyntax)
                        .forEach(p -> define(p.name(), ExpressionKind.CONSTANT, SymbolSource.ARGUMENT));
                block.parameters().stream().filter(p -> p.type() instanceof TypeSyntax.TensorSyntax)
                        .forEach(this::blockInput);
                // A default may mention dimensions.
                block.parameters().stream().filter(p -> p.type() instanceof TypeSyntax.ScalarSyntax)
                        .filter(p -> p.defaultValue() != null).forEach(p -> expressions.constant(p.defaultValue()));
                checkShape(block);
            }
        }
        declaration.statements().stream().filter(Statement.Binding.class::isInstance)
                .forEach(s -> symbols.announce(((Statement.Binding) s).name()));
        // Defaults hold for the whole declaration wherever they stand, so they see its inputs and arguments only.
        declaration.statements().stream().filter(Statement.Default.class::isInstance).forEach(this::statement);
        declaration.statements().stream().filter(s -> !(s instanceof Statement.Default)).forEach(s -> {
            if (declaration instanceof Declaration.BlockDeclaration && !(s instanceof Statement.Binding)) {
                report(Diagnostic.error(DiagnosticCode.MISPLACED_STATEMENT,
                        "only a model has parameters, a budget and labels", s.span(), "this is a block"));
            } else {
                statement(s);
            }
        });
        results(declaration);
        warnOfUnused(declaration);
    }

    private void report(Diagnostic diagnostic) {
        failed |= diagnostic.severity() == Severity.ERROR;
        diagnostics.add(diagnostic);
    }

    private void define(Identifier name, ExpressionKind kind, SymbolSource origin) {
        symbols.define(name, kind, origin).ifPresent(before -> report(Diagnostic
                .error(DiagnosticCode.DUPLICATE_NAME, "`" + name.text() + "` is defined twice", name.span(),
                        "defined again here")
                .alsoAt(before.name().span(), "first defined here")));
    }

    // Inputs

    private void modelInput(Declaration.DeclaredParameter input) {
        if (input.defaultValue() != null) {
            report(Diagnostic.error(DiagnosticCode.NOT_A_TENSOR, "an input of a model has no default",
                    input.defaultValue().span(), ""));
        }
        switch (input.type()) {
            case TypeSyntax.ScalarSyntax scalar -> report(Diagnostic
                    .error(DiagnosticCode.NOT_A_TENSOR, "an input of a model is a tensor or a step", scalar.span(),
                            "")
                    .help("write its dimensions, as in `f32[28, 28, 1]`; compile-time arguments belong to blocks"));
            case TypeSyntax.TensorSyntax tensor -> tensor.dimensions().stream()
                    .filter(d -> !(d instanceof Expression.Inferred)).forEach(this::modelDimension);
        }
        define(input.name(), ExpressionKind.TENSOR, SymbolSource.INPUT);
    }

    private void modelDimension(Expression dimension) {
        if (dimension instanceof Expression.Name(Identifier name) && symbols.find(name.text()).isEmpty()) {
            report(Diagnostic
                    .error(DiagnosticCode.UNKNOWN_NAME, "nothing here is called `" + name.text() + "`", name.span(), "")
                    .help("the sizes of a model's inputs are numbers; sizes have names in blocks"));
        } else {
            expressions.constant(dimension);
        }
    }

    private void blockInput(Declaration.DeclaredParameter input) {
        if (input.defaultValue() != null) {
            report(Diagnostic.error(DiagnosticCode.NOT_A_TENSOR, "an input has no default",
                    input.defaultValue().span(), ""));
        }
        for (Expression dimension : ((TypeSyntax.TensorSyntax) input.type()).dimensions()) {
            if (dimension instanceof Expression.Name(Identifier name)
                    && symbols.find(name.text()).filter(s -> s.origin() != SymbolSource.INPUT).isEmpty()) {
                define(name, ExpressionKind.CONSTANT, SymbolSource.DIMENSION);
            }
            if (!(dimension instanceof Expression.Inferred)) {
                expressions.constant(dimension);
            }
        }
        define(input.name(), ExpressionKind.TENSOR, SymbolSource.INPUT);
    }

    private void checkShape(Declaration.BlockDeclaration block) {
        if (block.parameters().stream().noneMatch(p -> p.type() instanceof TypeSyntax.TensorSyntax)) {
            report(Diagnostic.error(DiagnosticCode.MISSING_ARGUMENT,
                    "the block `" + block.name().text() + "` has no input", block.name().span(), "")
                    .help("its first parameter is what stands before `|>`, as in `x: f32[h, w, c]`"));
        }
        if (block.results().size() > 1) {
            report(Diagnostic.error(DiagnosticCode.SURPLUS_ARGUMENT, "a block has one result",
                    block.results().get(1).span(), "a second result"));
        }
    }

    // Statements

    private void statement(Statement statement) {
        switch (statement) {
            case Statement.Binding binding -> {
                ExpressionKind kind = expressions.resolve(binding.value());
                define(binding.name(), kind, SymbolSource.STATEMENT);
            }
            case Statement.Default defaults -> expressions.arguments(Schemes.DEFAULTS,
                    new Expression.Call(new Identifier("default", defaults.span()), defaults.arguments(),
                            defaults.span()));
            case Statement.MemoryBudget limits -> limits.arguments().forEach(limit -> expressions.constant(limit
                    .value()));
            case Statement.ParametersFrom _,Statement.Labels _ -> {
                // They hold no names of values.
            }
        }
    }

    private void results(Declaration declaration) {
        if (declaration.results().isEmpty() && unread.isEmpty()) {
            report(Diagnostic.error(DiagnosticCode.OUTPUT_NOT_DEFINED,
                    "`" + declaration.name().text() + "` has no output", declaration.name().span(), ""));
        }
        Set<String> seen = new HashSet<>();
        for (Declaration.Result result : declaration.results()) {
            String name = result.name().text();
            if (result.type() instanceof TypeSyntax.TensorSyntax tensor) {
                tensor.dimensions().forEach(this::resultDimension);
            }
            if (!seen.add(name)) {
                report(Diagnostic.error(DiagnosticCode.DUPLICATE_NAME, "there are two outputs `" + name + "`",
                        result.name().span(), ""));
                continue;
            }
            symbols.use(name).ifPresentOrElse(symbol -> checkResult(symbol, result), () -> {
                if (!unread.contains(name)) {
                    report(Diagnostic.error(DiagnosticCode.OUTPUT_NOT_DEFINED,
                            "no statement defines the output `" + name + "`", result.name().span(), ""));
                }
            });
        }
    }

    private void resultDimension(Expression dimension) {
        if (dimension instanceof Expression.Name(Identifier name) && symbols.find(name.text()).isEmpty()) {
            report(Diagnostic
                    .error(DiagnosticCode.UNKNOWN_NAME, "no input has a dimension `" + name.text() + "`", name.span(),
                            "")
                    .help("a dimension that follows from what is computed is written `_`"));
        } else if (!(dimension instanceof Expression.Inferred)) {
            expressions.constant(dimension);
        }
    }

    private void checkResult(Symbol symbol, Declaration.Result result) {
        if (symbol.kind() == ExpressionKind.FUNCTION || symbol.kind() == ExpressionKind.CONSTANT) {
            SourceSpan span = symbol.name().span();
            report(Diagnostic
                    .error(DiagnosticCode.NOT_A_TENSOR,
                            "the output `" + symbol.name().text() + "` is "
                                    + (symbol.kind() == ExpressionKind.FUNCTION
                                            ? "a function that was never applied"
                                            : "a constant"),
                            span, "")
                    .alsoAt(result.span(), "declared here"));
        }
    }

    private void warnOfUnused(Declaration declaration) {
        // A name may have stood where an error was found.
        if (failed || !unread.isEmpty()) {
            return;
        }
        for (Symbol symbol : symbols.all()) {
            String name = symbol.name().text();
            if (symbol.origin() != SymbolSource.DIMENSION && !symbols.isUsed(name)) {
                String what = switch (symbol.origin()) {
                    case INPUT -> "the input";
                    case ARGUMENT -> "the argument";
                    case STATEMENT, DIMENSION -> "the value";
                };
                report(Diagnostic.warning(DiagnosticCode.UNUSED_VALUE,
                        what + " `" + name + "` of `" + declaration.name().text() + "` is never used",
                        symbol.name().span(), ""));
            }
        }
    }
}
