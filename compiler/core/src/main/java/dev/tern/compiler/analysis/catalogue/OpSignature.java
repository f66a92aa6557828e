package dev.tern.compiler.analysis.catalogue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What may stand between the parentheses of an op, a block or a scheme, operands left out.
 *
 * @param name as written
 * @param positional how many parameters, from the first, may be given without their names
 */
public record OpSignature(String name, int positional, List<OpParameter<?>> parameters) {
    /** Words that begin statements, whose entries stand without parentheses. */
    private static final Set<String> STATEMENTS = Set.of("budget", "default");

    public OpSignature {
        parameters = List.copyOf(parameters);
    }

    public static OpSignature of(String name, int positional, OpParameter<?>... parameters) {
        return new OpSignature(name, positional, Arrays.asList(parameters));
    }

    public Optional<OpParameter<?>> find(String parameterName) {
        return parameters.stream().filter(p -> p.name().equals(parameterName)).findFirst();
    }

    public List<String> parameterNames() {
        return parameters.stream().map(OpParameter::name).toList();
    }

    /** {@code conv(channels, kernel, stride: ..., pad: ...)}, or of a statement {@code budget flash: ..., ram: ...}. */
    public String describe() {
        boolean statement = STATEMENTS.contains(name);
        StringBuilder text = new StringBuilder(name).append(statement ? ' ' : '(');
        for (int i = 0; i < parameters.size(); i++) {
            text.append(i > 0 ? ", " : "").append(parameters.get(i).name());
            if (i >= positional) {
                text.append(": ...");
            }
        }
        return text.append(statement ? "" : ")").toString();
    }
}
