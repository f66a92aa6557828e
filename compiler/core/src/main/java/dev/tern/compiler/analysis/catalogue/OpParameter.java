package dev.tern.compiler.analysis.catalogue;

import java.util.Optional;

/**
 * A compile-time parameter of an op or a scheme.
 *
 * @param required an argument must be given
 * @param byDefault what stands where none is given; empty where that depends on other things
 * @param documentation what it means, in a few words
 * @param <T> what an argument is read as
 */
public record OpParameter<T>(String name, Kind<T> kind, boolean required, Optional<T> byDefault, String documentation) {
    public static <T> OpParameter<T> required(String name, Kind<T> kind, String documentation) {
        return new OpParameter<>(name, kind, true, Optional.empty(), documentation);
    }

    public static <T> OpParameter<T> optional(String name, Kind<T> kind, String documentation) {
        return new OpParameter<>(name, kind, false, Optional.empty(), documentation);
    }

    public static <T> OpParameter<T> optional(String name, Kind<T> kind, T byDefault, String documentation) {
        return new OpParameter<>(name, kind, false, Optional.of(byDefault), documentation);
    }
}
