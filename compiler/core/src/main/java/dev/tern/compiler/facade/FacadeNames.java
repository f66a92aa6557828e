package dev.tern.compiler.facade;

import dev.tern.runtime.Signature;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.lang.model.SourceVersion;

/** Names of the language as Java can write them, each once. */
final class FacadeNames {
    private final Set<String> parameters;
    private final Set<String> constants = new HashSet<>();

    /** @param taken names that no parameter may have */
    FacadeNames(Set<String> taken) {
        parameters = new HashSet<>(taken);
    }

    /** Inputs or outputs with names that no port before has: {@code class} becomes {@code class_}. */
    List<FacadePort> of(List<Signature.Port> ports) {
        List<FacadePort> named = new ArrayList<>();
        for (Signature.Port port : ports) {
            named.add(new FacadePort(port, free(port.name(), parameters),
                    free(port.name().toUpperCase(Locale.ROOT), constants)));
        }
        return named;
    }

    private static String free(String wanted, Set<String> taken) {
        String name = wanted;
        while (!SourceVersion.isName(name) || taken.contains(name)) {
            name += "_";
        }
        taken.add(name);
        return name;
    }
}
