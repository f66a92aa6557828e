package dev.tern.compiler.syntax;

import dev.tern.compiler.diagnostics.SourceSpan;
import java.util.List;

/** One statement of a model or block. */
public sealed interface Statement {
    SourceSpan span();

    /** {@code name = expression}; documentation is that of {@code ///} comments before it. */
    record Binding(String documentation, Identifier name, Expression value, SourceSpan span) implements Statement {
    }

    /**
     * {@code parameters "digits.safetensors" layout: pytorch map "features.0" to "stem"}.
     *
     * @param layout how the file orders and names its tensors, or null where that is not said
     * @param renamings in the order in which they are tried
     */
    record ParametersFrom(Expression.Text file, Identifier layout, List<Renaming> renamings,
            SourceSpan span) implements Statement {
        public ParametersFrom {
            renamings = List.copyOf(renamings);
        }
    }

    /** {@code "features.0" to "stem"}: names of the file that begin with one begin with the other in the model. */
    record Renaming(Expression.Text from, Expression.Text to, SourceSpan span) {
    }

    /** {@code default weights: ternary(twn), activations: dynamic(4)}. */
    record Default(List<Argument> arguments, SourceSpan span) implements Statement {
        public Default {
            arguments = List.copyOf(arguments);
        }
    }

    /** {@code budget flash: 40 KiB, ram: 24 KiB}. */
    record MemoryBudget(List<Argument> arguments, SourceSpan span) implements Statement {
        public MemoryBudget {
            arguments = List.copyOf(arguments);
        }
    }

    /** {@code labels scores: "zero", "one"} or {@code labels scores "labels.txt"} (then {@code file} is not null). */
    record Labels(Identifier output, List<Expression.Text> names, Expression.Text file,
            SourceSpan span) implements Statement {
        public Labels {
            names = List.copyOf(names);
        }
    }
}
