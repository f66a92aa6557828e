package dev.tern.importers.tern;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** Names of the language after names of other tools, each given once. */
final class Names {
    private static final Set<String> RESERVED = Set.of("if", "as", "and", "or", "not", "true", "false", "_",
            // Words that begin statements read badly as names, and names of ops hide the ops.
            "parameters", "default", "budget", "labels", "input");
    private static final Pattern OTHER = Pattern.compile("[^A-Za-z0-9_]+");
    private static final int LONGEST = 48;

    private final Set<String> taken = new HashSet<>();

    /** @param ops names that the language has a meaning for already */
    Names(Set<String> ops) {
        taken.addAll(RESERVED);
        taken.addAll(ops);
    }

    /**
     * A name like the wanted one that nothing else has.
     *
     * @param otherwise where nothing of the wanted one can be kept
     */
    String of(String wanted, String otherwise) {
        String name = plain(wanted);
        if (name.isEmpty()) {
            name = otherwise;
        }
        String free = name;
        for (int i = 2; !taken.add(free); i++) {
            free = name + "_" + i;
        }
        return free;
    }

    private static String plain(String wanted) {
        String name = OTHER.matcher(wanted).replaceAll("_").replaceAll("__+", "_").replaceAll("^_+|_+$", "");
        if (name.length() > LONGEST) {
            name = name.substring(name.length() - LONGEST).replaceAll("^_+", "");
        }
        return name.isEmpty() || !Character.isDigit(name.charAt(0)) ? name : "x" + name;
    }

    /** {@code Mnist8} for {@code mnist-8}. */
    static String model(String wanted) {
        StringBuilder name = new StringBuilder();
        boolean first = true;
        for (char c : wanted.toCharArray()) {
            boolean letter = c < 128 && (Character.isLetterOrDigit(c) || c == '_');
            if (letter) {
                name.append(first ? Character.toUpperCase(c) : c);
            }
            first = !letter;
        }
        String plain = name.length() > LONGEST ? name.substring(0, LONGEST) : name.toString();
        return plain.isEmpty() ? "Imported" : Character.isDigit(plain.charAt(0)) ? "Model" + plain : plain;
    }
}
