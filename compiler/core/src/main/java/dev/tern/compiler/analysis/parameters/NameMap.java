package dev.tern.compiler.analysis.parameters;

import dev.tern.compiler.diagnostics.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Names of a file put in the place of the model's: names that begin with one path begin with another instead. The first
 * rule that applies is taken; a name to which none applies stays.
 */
public record NameMap(List<Rule> rules) {
    /** Leaves all names as they are. */
    public static final NameMap NONE = new NameMap(List.of());
    private static final String ANY = "*";

    public NameMap {
        rules = List.copyOf(rules);
    }

    /**
     * Whole parts of a path, joined by dots, in the place of others. Each {@code *} in {@code from} stands for any one
     * part, and in {@code to} for what it stood for, in the same order.
     *
     * @param from empty for the beginning of every path
     * @param to empty to leave {@code from} out
     */
    public record Rule(String from, String to, Position position) {
        /** What is wrong with the rule, or empty. */
        public Optional<String> problem() {
            List<String> from = parts(from());
            List<String> to = parts(to());
            if (from.contains("") || to.contains("")) {
                return Optional.of("a path is made of parts joined by single dots");
            }
            for (List<String> side : List.of(from, to)) {
                if (side.stream().anyMatch(part -> part.contains(ANY) && !part.equals(ANY))) {
                    return Optional.of("`*` stands for a whole part between dots");
                }
            }
            long given = from.stream().filter(ANY::equals).count();
            return to.stream().filter(ANY::equals).count() > given
                    ? Optional.of("there are more `*` on the right than on the left")
                    : Optional.empty();
        }

        private static List<String> parts(String path) {
            return path.isEmpty() ? List.of() : List.of(path.split("\\.", -1));
        }

        Optional<String> apply(String name) {
            List<String> from = parts(from());
            List<String> parts = parts(name);
            if (parts.size() < from.size()) {
                return Optional.empty();
            }
            List<String> stars = new ArrayList<>();
            for (int i = 0; i < from.size(); i++) {
                if (from.get(i).equals(ANY)) {
                    stars.add(parts.get(i));
                } else if (!from.get(i).equals(parts.get(i))) {
                    return Optional.empty();
                }
            }
            List<String> renamed = new ArrayList<>();
            int star = 0;
            for (String part : parts(to())) {
                renamed.add(part.equals(ANY) ? stars.get(star++) : part);
            }
            renamed.addAll(parts.subList(from.size(), parts.size()));
            return Optional.of(String.join(".", renamed));
        }
    }

    /** The first rule that applies to a name. */
    Optional<Rule> rule(String name) {
        return rules.stream().filter(rule -> rule.apply(name).isPresent()).findFirst();
    }
}
