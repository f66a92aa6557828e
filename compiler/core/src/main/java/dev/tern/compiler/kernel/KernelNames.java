package dev.tern.compiler.kernel;

import dev.tern.compiler.graph.Origin;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Names for kernels, buffers and constants, made from the paths of the layers they serve. */
public final class KernelNames {
    /** The method of a class that runs all kernels. */
    private static final String INFERENCE = "infer";

    private final Set<String> taken;
    /** The last number that was tried behind a name. */
    private final Map<String, Integer> next = new HashMap<>();

    public KernelNames() {
        this(List.of());
    }

    /** @param taken names of kernels that are there already */
    public KernelNames(Collection<String> taken) {
        this.taken = new HashSet<>(taken);
        this.taken.add(INFERENCE);
    }

    /** A Java identifier that no kernel has yet: the layer's path and, unless it says so already, what is done. */
    public String unique(Origin origin, String what) {
        StringBuilder name = new StringBuilder();
        for (char c : path(origin, what).toCharArray()) {
            name.append(c < 128 && Character.isLetterOrDigit(c) ? c : '_');
        }
        if (!Character.isLetter(name.charAt(0))) {
            name.insert(0, '_');
        }
        String unique = name.toString();
        while (!taken.add(unique)) {
            unique = name + "_" + next.merge(name.toString(), 2, (last, _) -> last + 1);
        }
        return unique;
    }

    /** The layer's path and what is meant of it: {@code stem.conv.weight}; {@code stem.conv} alone for its conv. */
    public static String path(Origin origin, String what) {
        String path = origin.path();
        String last = path.substring(path.lastIndexOf('.') + 1).replaceAll("[0-9]+$", "");
        return path.isEmpty() ? what : last.equals(what) ? path : path + "." + what;
    }
}
