package dev.tern.compiler.analysis.resolve;

import dev.tern.compiler.analysis.catalogue.OpDefinition;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.syntax.Argument;
import dev.tern.compiler.syntax.Expression;
import java.util.List;
import java.util.Map;

/**
 * What a call, or a name that stands for one, refers to.
 *
 * @param operands the tensors between its parentheses; the one before {@code |>} is not among them
 * @param waits it needs one more operand and is a function
 * @param arguments the compile-time arguments by parameter name
 */
public record Application(Applicable target, List<Expression> operands, boolean waits, Map<String, Argument> arguments,
        SourceSpan span) {
    public Application {
        operands = List.copyOf(operands);
        arguments = Map.copyOf(arguments);
    }

    /** What is applied. */
    public sealed interface Applicable {
    }

    public record Op(OpDefinition definition) implements Applicable {
    }

    public record DefinedBlock(BlockDefinition definition) implements Applicable {
    }

    /** A function that a statement named. */
    public record Named(String name) implements Applicable {
    }
}
