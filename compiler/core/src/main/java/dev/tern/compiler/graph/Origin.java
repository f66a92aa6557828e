package dev.tern.compiler.graph;

import dev.tern.compiler.diagnostics.Position;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a node came from.
 *
 * @param path the layer's parameter path ({@code body.0.pw}); nodes of one layer share it; empty for none
 * @param position the text that asked for it
 * @param passes the passes that changed it, in order
 */
public record Origin(String path, Position position, List<String> passes) {
    public Origin {
        passes = List.copyOf(passes);
    }

    public Origin(String path, Position position) {
        this(path, position, List.of());
    }

    /** This origin with another's passes too: that of a node which took over what another one did. */
    public Origin absorbing(Origin other) {
        Origin all = this;
        for (String pass : other.passes) {
            all = all.changedBy(pass);
        }
        return all;
    }

    public Origin changedBy(String pass) {
        if (passes.contains(pass)) {
            return this;
        }
        List<String> all = new ArrayList<>(passes);
        all.add(pass);
        return new Origin(path, position, all);
    }
}
