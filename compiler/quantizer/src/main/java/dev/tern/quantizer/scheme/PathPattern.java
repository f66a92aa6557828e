package dev.tern.quantizer.scheme;

import java.util.Arrays;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which paths are meant.
 *
 * @param text a path, {@code *} in it standing for any text: {@code body.*}
 */
public record PathPattern(String text) implements Predicate<String> {
    @Override
    public boolean test(String path) {
        return Pattern.matches(Arrays.stream(text.split("\\*", -1)).map(Pattern::quote)
                .collect(Collectors.joining(".*")), path);
    }
}
