package dev.tern.quantizer;

import dev.tern.quantizer.network.TrainedParameter;
import dev.tern.quantizer.scheme.PathPattern;
import java.util.Arrays;
import java.util.Collection;
import java.util.function.Predicate;

/**
 * Which parameters are trained.
 *
 * @param text paths with commas between them, {@code *} in one standing for any text: {@code *.weight,*.bias}
 */
public record ChosenPaths(String text) implements Predicate<String> {
    @Override
    public boolean test(String path) {
        return Arrays.stream(text.split(",")).anyMatch(each -> new PathPattern(each.strip()).test(path));
    }

    /** @throws IllegalArgumentException if no parameter is chosen, or a path chooses none */
    public void requireFrom(Collection<TrainedParameter> parameters) {
        for (String each : text.split(",")) {
            if (parameters.stream().map(TrainedParameter::path).noneMatch(new PathPattern(each.strip()))) {
                throw new IllegalArgumentException("no parameter is called '" + each.strip() + "': there are "
                        + String.join(", ", parameters.stream().map(TrainedParameter::path).toList()));
            }
        }
    }
}
