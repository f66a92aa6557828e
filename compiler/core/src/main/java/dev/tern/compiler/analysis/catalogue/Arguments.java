package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.syntax.Argument;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The arguments of one call, read, with defaults in the places of those not given. */
public final class Arguments {
    private final Map<OpParameter<?>, Object> values = new HashMap<>();
    private final Map<OpParameter<?>, Argument> written = new HashMap<>();

    private Arguments() {
    }

    /**
     * Reads what was matched.
     *
     * @param matched the arguments by parameter name
     * @return empty if an error was reported
     */
    public static Optional<Arguments> read(OpSignature signature, Map<String, Argument> matched,
            ArgumentReader reader) {
        Arguments arguments = new Arguments();
        boolean complete = true;
        for (OpParameter<?> parameter : signature.parameters()) {
            complete &= arguments.readOne(signature, parameter, matched.get(parameter.name()), reader);
        }
        return complete ? Optional.of(arguments) : Optional.empty();
    }

    private <T> boolean readOne(OpSignature signature, OpParameter<T> parameter, Argument argument,
            ArgumentReader reader) {
        if (argument == null) {
            parameter.byDefault().ifPresent(value -> values.put(parameter, value));
            return true;
        }
        written.put(parameter, argument);
        String title = "`" + parameter.name() + "` of `" + signature.name() + "`";
        Optional<T> value = parameter.kind().read(argument.value(), title, reader);
        value.ifPresent(v -> values.put(parameter, v));
        return value.isPresent();
    }

    /** The value of a parameter that is required or has a default. */
    public <T> T get(OpParameter<T> parameter) {
        return find(parameter).orElseThrow(() -> new IllegalStateException(parameter.name() + " has no value"));
    }

    @SuppressWarnings("unchecked")
    public <T> Optional<T> find(OpParameter<T> parameter) {
        // Only readOne fills the map, with a T for a Parameter<T>.
        return Optional.ofNullable((T) values.get(parameter));
    }

    /** The argument as written, if it was. */
    public Optional<Argument> written(OpParameter<?> parameter) {
        return Optional.ofNullable(written.get(parameter));
    }
}
