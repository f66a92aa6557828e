package dev.tern.compiler.syntax;

import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.grammar.TernLexer;
import dev.tern.grammar.TernParser;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;

/** Turns ANTLR's parse tree into declarations and statements; leaves out what was not read to its end. */
final class TreeBuilder {
    private final TokenScan scan;
    private final SyntaxReport report;
    private final ExpressionBuilder expressions;
    private final LiteralReader literals;
    private final Set<String> unread = new LinkedHashSet<>();

    TreeBuilder(TokenScan scan, SyntaxReport report) {
        this.scan = scan;
        this.report = report;
        this.literals = new LiteralReader(scan, report);
        this.expressions = new ExpressionBuilder(scan, literals, report);
    }

    SyntaxTree file(TernParser.FileContext file) {
        List<Declaration> declarations = new ArrayList<>();
        for (TernParser.DeclarationContext declaration : file.declaration()) {
            if (declaration.exception == null) {
                declarations.add(declaration(declaration));
            } else if (declaration.name() != null && declaration.name().exception == null) {
                unread.add(declaration.name().getText());
            }
        }
        return new SyntaxTree(scan.source(), declarations, unread);
    }

    private Declaration declaration(TernParser.DeclarationContext context) {
        String documentation = documentation(context.getStart());
        Identifier name = expressions.identifier(context.name());
        List<Declaration.DeclaredParameter> parameters = new ArrayList<>();
        if (context.inputs() != null) {
            context.inputs().input().forEach(input -> parameters.add(parameter(input)));
        }
        List<Declaration.Result> results = new ArrayList<>();
        if (context.outputs() != null) {
            for (TernParser.OutputContext output : context.outputs().output()) {
                results.add(new Declaration.Result(expressions.identifier(output.name()), type(output.type()),
                        span(output)));
            }
        }
        List<Statement> statements = new ArrayList<>();
        for (TernParser.StatementContext statement : context.body().statement()) {
            statement(statement).ifPresent(statements::add);
        }
        SourceSpan span = span(context);
        return context.kind.getType() == TernParser.MODEL
                ? new Declaration.Model(documentation, name, parameters, results, statements, span)
                : new Declaration.BlockDeclaration(documentation, name, parameters, results, statements, span);
    }

    private Declaration.DeclaredParameter parameter(TernParser.InputContext input) {
        return new Declaration.DeclaredParameter(expressions.identifier(input.name()), type(input.type()),
                input.INTEGER() == null
                        ? OptionalLong.empty()
                        : OptionalLong.of(expressions.whole(input.INTEGER().getSymbol())),
                input.pipeline() == null ? null : expressions.pipeline(input.pipeline()), span(input));
    }

    private TypeSyntax type(TernParser.TypeContext type) {
        Identifier name = expressions.identifier(type.name());
        if (type.LBRACKET() == null) {
            return new TypeSyntax.ScalarSyntax(name, span(type));
        }
        return new TypeSyntax.TensorSyntax(name, expressions.pipelines(type.pipeline()), span(type));
    }

    private Optional<Statement> statement(TernParser.StatementContext context) {
        Optional<Statement> read = context.exception == null ? readStatement(context) : Optional.empty();
        Token start = context.getStart();
        if (read.isEmpty() && TokenKinds.isName(start) && binds(start)) {
            unread.add(start.getText());
        }
        return read;
    }

    /** Whether a sign of binding follows the name, or {@code ==} or {@code :=} in its place. */
    private boolean binds(Token name) {
        Optional<Token> sign = scan.next(name);
        int type = sign.map(Token::getType).orElse(Token.EOF);
        return type == TernParser.ASSIGN || type == TernParser.EQUAL || type == TernParser.COLON
                && sign.flatMap(scan::next).map(Token::getType).orElse(Token.EOF) == TernParser.ASSIGN;
    }

    /** Empty where something in it was reported: what is left of it would be misunderstood further on. */
    private Optional<Statement> readStatement(TernParser.StatementContext context) {
        int before = report.count();
        SourceSpan span = span(context);
        Statement statement = switch (context) {
            case TernParser.ParametersStatementContext file -> parameters(file, span);
            case TernParser.DefaultStatementContext settings ->
                new Statement.Default(settings(settings.settings()), span);
            case TernParser.BudgetStatementContext settings ->
                new Statement.MemoryBudget(settings(settings.settings()), span);
            case TernParser.LabelsStatementContext labels -> labels(labels, span);
            case TernParser.BindingStatementContext binding ->
                new Statement.Binding(documentation(binding.getStart()), expressions.identifier(binding.name()),
                        expressions.pipeline(binding.pipeline()), span);
            default -> throw new IllegalStateException("unknown statement " + context.getClass());
        };
        boolean sound = report.count() == before && !scan.isDamaged(context.getStart(), context.getStop());
        return sound ? Optional.of(statement) : Optional.empty();
    }

    private Statement parameters(TernParser.ParametersStatementContext file, SourceSpan span) {
        List<Statement.Renaming> renamings = file.renamings() == null
                ? List.of()
                : file.renamings().renaming().stream().map(renaming -> new Statement.Renaming(
                        literals.text(renaming.STRING(0).getSymbol()), literals.text(renaming.STRING(1).getSymbol()),
                        span(renaming))).toList();
        return new Statement.ParametersFrom(literals.text(file.STRING().getSymbol()),
                file.name() == null ? null : expressions.identifier(file.name()), renamings, span);
    }

    private List<Argument> settings(TernParser.SettingsContext settings) {
        List<Argument> arguments = new ArrayList<>();
        for (TernParser.SettingContext setting : settings.setting()) {
            arguments.add(new Argument(expressions.identifier(setting.name()),
                    expressions.pipeline(setting.pipeline()), span(setting)));
        }
        return arguments;
    }

    private Statement labels(TernParser.LabelsStatementContext labels, SourceSpan span) {
        Identifier output = expressions.identifier(labels.name());
        if (labels.strings() == null) {
            return new Statement.Labels(output, List.of(), literals.text(labels.STRING().getSymbol()), span);
        }
        List<Expression.Text> names = labels.strings().STRING().stream().map(name -> literals.text(name.getSymbol()))
                .toList();
        return new Statement.Labels(output, names, null, span);
    }

    /** The documentation comments on lines of their own between the token before this one and this one. */
    private String documentation(Token start) {
        List<String> lines = new ArrayList<>();
        for (Token comment : Documentation.before(scan, start)) {
            lines.add(Documentation.text(comment));
        }
        return String.join("\n", lines);
    }

    private SourceSpan span(ParserRuleContext context) {
        Token last = context.getStop();
        return last == null || last.getType() == TernLexer.EOF
                ? scan.span(context.getStart())
                : scan.span(context.getStart(), last);
    }
}
