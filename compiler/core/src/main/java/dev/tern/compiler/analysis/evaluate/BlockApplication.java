package dev.tern.compiler.analysis.evaluate;

import dev.tern.compiler.analysis.catalogue.ArgumentReader;
import dev.tern.compiler.analysis.draft.LayerScope;
import dev.tern.compiler.analysis.resolve.Application;
import dev.tern.compiler.analysis.resolve.BlockDefinition;
import dev.tern.compiler.analysis.value.KnownValue;
import dev.tern.compiler.analysis.value.Operand;
import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.syntax.Argument;
import dev.tern.compiler.syntax.Declaration;
import dev.tern.compiler.syntax.Identifier;
import dev.tern.compiler.syntax.TypeSyntax;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Applies a block: a frame of its own, its dimensions bound, its statements run, its result checked. */
final class BlockApplication {
    private final EvaluationState evaluation;
    private final Frame caller;
    private final BlockDefinition definition;

    BlockApplication(EvaluationState evaluation, Frame caller, BlockDefinition definition) {
        this.evaluation = evaluation;
        this.caller = caller;
        this.definition = definition;
    }

    /**
     * @param reader reads arguments where the block is applied
     * @param name what {@code as} calls it, or null
     */
    Optional<TensorValue> apply(List<Operand> operands, Application application, ArgumentReader reader,
            LayerScope scope, Identifier name) {
        if (evaluation.resolution().isEndless(definition)) {
            return Optional.empty();
        }
        SourceSpan span = application.span();
        Frame frame = caller.inside(definition.name(), span);
        ExpressionEvaluator inside = new ExpressionEvaluator(evaluation, frame);
        DeclaredTypes types = new DeclaredTypes(evaluation, frame, inside);
        if (!given(application, reader, frame)) {
            return Optional.empty();
        }
        // Dimensions before defaults, which may mention them; checked after, when every argument is known.
        for (int i = 0; i < operands.size(); i++) {
            types.bind(tensorType(i), operands.get(i).value().type());
            frame.define(definition.tensors().get(i).name().text(), operands.get(i).value());
            evaluation.listener().bound(definition.tensors().get(i).name(), operands.get(i).value());
        }
        if (!defaults(inside, frame)) {
            return Optional.empty();
        }
        for (int i = 0; i < operands.size(); i++) {
            if (!types.accepts(definition, definition.tensors().get(i), operands.get(i), span, caller)) {
                return Optional.empty();
            }
        }
        LayerScope inner = name == null
                ? scope.block(lowerCamel(definition.name()), span)
                : scope.named(name.text(), name.span());
        return run(frame, inside, types, inner);
    }

    private TypeSyntax.TensorSyntax tensorType(int index) {
        return (TypeSyntax.TensorSyntax) definition.tensors().get(index).type();
    }

    private boolean given(Application application, ArgumentReader reader, Frame frame) {
        boolean complete = true;
        for (Declaration.DeclaredParameter parameter : definition.arguments()) {
            Argument argument = application.arguments().get(parameter.name().text());
            if (argument != null) {
                String title = "`" + parameter.name().text() + "` of `" + definition.name() + "`";
                Optional<KnownValue> value = BlockDefinition.kind(parameter).read(argument.value(), title, reader);
                value.ifPresent(v -> define(frame, parameter.name(), v));
                complete &= value.isPresent();
            }
        }
        return complete;
    }

    private void define(Frame frame, Identifier name, KnownValue value) {
        frame.define(name.text(), value);
        evaluation.listener().bound(name, value);
    }

    private boolean defaults(ExpressionEvaluator inside, Frame frame) {
        boolean complete = true;
        for (Declaration.DeclaredParameter parameter : definition.arguments()) {
            if (parameter.defaultValue() != null && !(frame.value(parameter.name().text()) instanceof KnownValue)) {
                String title = "the default of `" + parameter.name().text() + "`";
                Optional<KnownValue> value = BlockDefinition.kind(parameter).read(parameter.defaultValue(), title,
                        new ConstantsOnly(inside, diagnostic -> evaluation.report(frame, diagnostic)));
                value.ifPresent(v -> define(frame, parameter.name(), v));
                complete &= value.isPresent();
            }
        }
        return complete;
    }

    private Optional<TensorValue> run(Frame frame, ExpressionEvaluator inside, DeclaredTypes types,
            LayerScope scope) {
        Declaration.BlockDeclaration block = definition.block();
        if (block.results().size() != 1) {
            return Optional.empty();
        }
        Declaration.Result result = block.results().getFirst();
        frame.documentation(caller.documentation());
        new StatementRunner(evaluation, frame, inside).run(block.statements(),
                binding -> binding.name().text().equals(result.name().text())
                        ? scope
                        : scope.named(binding.name().text(), binding.name().span()));
        return frame.value(result.name().text()) instanceof TensorValue value && types.gives(block, result, value)
                ? Optional.of(value)
                : Optional.empty();
    }

    private static String lowerCamel(String name) {
        return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }
}
