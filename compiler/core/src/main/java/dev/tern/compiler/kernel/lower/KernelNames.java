package dev.tern.compiler.kernel.lower;

import dev.tern.compiler.graph.GraphPrinter;
import dev.tern.compiler.graph.Node;
import java.util.HashSet;
import java.util.Set;

/** Names for kernels, buffers and constants, made from the paths of the layers they serve. */
final class KernelNames {
    private final Set<String> taken = new HashSet<>();

    /** A Java identifier that no kernel has yet: the layer's path and, unless it says so already, what is done. */
    String unique(Node node, String what) {
        StringBuilder name = new StringBuilder();
        for (char c : path(node, what).toCharArray()) {
            name.append(c < 128 && Character.isLetterOrDigit(c) ? c : '_');
        }
        if (!Character.isLetter(name.charAt(0))) {
            name.insert(0, '_');
        }
        String unique = name.toString();
        for (int i = 2; !taken.add(unique); i++) {
            unique = name + "_" + i;
        }
        return unique;
    }

    /** The layer's path and what is meant of it: {@code stem.conv.weight}; {@code stem.conv} alone for its conv. */
    static String path(Node node, String what) {
        String path = node.origin().path();
        String last = path.substring(path.lastIndexOf('.') + 1).replaceAll("[0-9]+$", "");
        return path.isEmpty() ? what : last.equals(what) ? path : path + "." + what;
    }

    /** What a node does, in one word. */
    static String word(Node node) {
        return GraphPrinter.name(node.operation()).replace("_", "");
    }
}
