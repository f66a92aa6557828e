package dev.tern.compiler.analysis.resolve;

import dev.tern.compiler.analysis.catalogue.Kind;
import dev.tern.compiler.analysis.catalogue.Kinds;
import dev.tern.compiler.analysis.catalogue.OpParameter;
import dev.tern.compiler.analysis.catalogue.OpSignature;
import dev.tern.compiler.analysis.value.KnownValue;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.syntax.Declaration;
import dev.tern.compiler.syntax.TypeSyntax;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A block with its parameters sorted.
 *
 * @param tensors the values it is applied to, in order
 * @param arguments the compile-time arguments, in order
 * @param signature of the compile-time arguments
 */
public record BlockDefinition(Declaration.BlockDeclaration block, List<Declaration.DeclaredParameter> tensors,
        List<Declaration.DeclaredParameter> arguments, OpSignature signature) {
    private static final Map<String, Kind<KnownValue>> KINDS = Map.of("int",
            Kinds.constant("a whole number", c -> c instanceof KnownValue.Whole ? Optional.of(c) : Optional.empty()),
            "float", Kinds.constant("a number", c -> c.number().map(KnownValue.Decimal::new)), "bool",
            Kinds.constant("`true` or `false`",
                    c -> c instanceof KnownValue.Truth ? Optional.of(c) : Optional.empty()),
            "size",
            Kinds.constant("a size like 3x3",
                    c -> c instanceof KnownValue.Extents || c instanceof KnownValue.Whole
                            ? Optional.of(c)
                            : Optional.empty()));

    /** Stands for a type that there is not, which was reported. */
    private static final Kind<KnownValue> ANYTHING = Kinds.constant("a constant", Optional::of);

    public BlockDefinition {
        tensors = List.copyOf(tensors);
        arguments = List.copyOf(arguments);
    }

    /** A block of a text that may have errors. */
    public static BlockDefinition of(Declaration.BlockDeclaration block) {
        return of(block, _ -> {
            // Whoever resolves the names of the text reports it.
        });
    }

    /** @param report gets arguments of a type that there is not */
    static BlockDefinition of(Declaration.BlockDeclaration block, Consumer<Diagnostic> report) {
        List<Declaration.DeclaredParameter> tensors = new ArrayList<>();
        List<Declaration.DeclaredParameter> arguments = new ArrayList<>();
        List<OpParameter<?>> parameters = new ArrayList<>();
        for (Declaration.DeclaredParameter parameter : block.parameters()) {
            if (parameter.type() instanceof TypeSyntax.ScalarSyntax scalar) {
                if (!KINDS.containsKey(scalar.name().text())) {
                    report.accept(Diagnostic
                            .error(DiagnosticCode.UNKNOWN_NAME, "there is no type `" + scalar.name().text() + "`",
                                    scalar.span(), "")
                            .help("a compile-time argument is an `int`, `float`, `bool` or `size`; a value has its "
                                    + "dimensions beside its type, as in `f32[h, w, c]`"));
                }
                arguments.add(parameter);
                parameters.add(new OpParameter<>(parameter.name().text(), kind(parameter),
                        parameter.defaultValue() == null, Optional.empty(), ""));
            } else {
                tensors.add(parameter);
            }
        }
        return new BlockDefinition(block, tensors, arguments,
                new OpSignature(block.name().text(), parameters.size(), parameters));
    }

    /** How an argument, or its default, is read. */
    public static Kind<KnownValue> kind(Declaration.DeclaredParameter argument) {
        return KINDS.getOrDefault(((TypeSyntax.ScalarSyntax) argument.type()).name().text(), ANYTHING);
    }

    public String name() {
        return block.name().text();
    }
}
