package dev.tern.quantizer;

import dev.tern.quantizer.network.TrainedParameter;
import java.util.Arrays;
import java.util.Collection;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which parameters are trained, or which layers are meant.
 *
 * @param text paths with commas between them, {@code *} in one standing for any text: {@code *.weight,*.bias}
 */
public record ChosenPaths(String text) implements Predicate<String> {
    @Override
    public boolean test(String path) {
        return Arrays.stream(text.split(",")).anyMatch(each -> matches(each.strip(), path));
    }

    private static boolean matches(String each, String path) {
        return Pattern.matches(Arrays.stream(each.split("\\*", -1)).map(Pattern::quote)
                .collect(Collectors.joining(".*")), path);
    }

    /** @throws IllegalArgumentException if no parameter is chosen, or a path chooses none */
    public void requireFrom(Collection<TrainedParameter> parameters) {
        for (String each : text.split(",")) {
            if (parameters.stream().noneMatch(parameter -> matches(each.strip(), parameter.path()))) {
                throw new IllegalArgumentException("no parameter is called '" + each.strip() + "': there are "
                        + String.join(", ", parameters.stream().map(TrainedParameter::path).toList()));
            }
        }
    }
}
