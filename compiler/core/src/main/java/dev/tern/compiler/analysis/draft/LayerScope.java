package dev.tern.compiler.analysis.draft;

import dev.tern.compiler.diagnostics.SourceSpan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A place in the tree of parameter paths. Names follow once the tree is complete, because they depend on what else
 * stands in a scope: a name that occurs twice is numbered from 1, and a block that is the only thing with parameters
 * in its scope shares that scope.
 */
public final class LayerScope {
    /** Methods of the class have paths for names; a class file holds names of 65,535 bytes. */
    static final int MAX_PATH = 4096;

    private enum Naming {
        /** As given: a statement, an index, {@code as name}. */
        FIXED,
        /** An op; numbered where its name occurs again. */
        COUNTED,
        /** A block; counted, or one with the scope around it. */
        BLOCK
    }

    private final String name;
    private final Naming naming;
    private final SourceSpan position;
    private final List<LayerScope> children = new ArrayList<>();
    private boolean ownsParameters;
    private boolean anyParameters;
    private int indices;
    private String path = "";

    private LayerScope(String name, Naming naming, SourceSpan position) {
        this.name = name;
        this.naming = naming;
        this.position = position;
    }

    public static LayerScope root(SourceSpan position) {
        return new LayerScope("", Naming.FIXED, position);
    }

    /** A scope whose name was written: of a statement, or by {@code as}. */
    public LayerScope named(String childName, SourceSpan at) {
        return add(childName, Naming.FIXED, at);
    }

    /** The scope of one op. */
    public LayerScope op(String opName, SourceSpan at) {
        return add(opName, Naming.COUNTED, at);
    }

    /** The scope of one application of a block. */
    public LayerScope block(String blockName, SourceSpan at) {
        return add(blockName, Naming.BLOCK, at);
    }

    /** The scope of the next turn of a {@code repeat}. */
    public LayerScope nextIndex(SourceSpan at) {
        return add(Integer.toString(indices++), Naming.FIXED, at);
    }

    private LayerScope add(String childName, Naming childNaming, SourceSpan at) {
        LayerScope child = new LayerScope(childName, childNaming, at);
        children.add(child);
        return child;
    }

    /** Says that parameters are bound directly under this path. */
    void ownParameters() {
        ownsParameters = true;
    }

    /** The full path, once {@link #assignPaths} has run. */
    public String path() {
        return path;
    }

    public SourceSpan position() {
        return position;
    }

    /**
     * Names everything below this root.
     *
     * @param clash called with two scopes that hold parameters and got the same path
     * @throws GraphDraft.TooLarge where a path has more than {@value #MAX_PATH} letters
     */
    public void assignPaths(BiConsumer<LayerScope, LayerScope> clash) {
        findParameters();
        assign(clash);
    }

    private boolean findParameters() {
        anyParameters = ownsParameters;
        for (LayerScope child : children) {
            anyParameters |= child.findParameters();
        }
        return anyParameters;
    }

    private void assign(BiConsumer<LayerScope, LayerScope> clash) {
        List<LayerScope> members = members();
        Map<String, Integer> occurrences = new HashMap<>();
        for (LayerScope member : members) {
            if (member.naming != Naming.FIXED) {
                occurrences.merge(member.name, 1, Integer::sum);
            }
        }
        Map<String, Integer> numbers = new HashMap<>();
        Map<String, LayerScope> taken = new HashMap<>();
        for (LayerScope member : members) {
            String given = member.name;
            if (member.naming != Naming.FIXED && occurrences.get(member.name) > 1) {
                given += numbers.merge(member.name, 1, Integer::sum);
            }
            member.path = path.isEmpty() ? given : path + "." + given;
            if (member.path.length() > MAX_PATH) {
                throw new GraphDraft.TooLarge("the path of a layer has more than " + MAX_PATH + " letters",
                        member.position);
            }
            if (member.anyParameters) {
                LayerScope other = taken.putIfAbsent(given, member);
                if (other != null) {
                    clash.accept(other, member);
                }
            }
            member.assign(clash);
        }
    }

    /** The children, with the members of a block that shares this scope in its place. */
    private List<LayerScope> members() {
        List<LayerScope> withParameters = children.stream().filter(c -> c.anyParameters).toList();
        if (ownsParameters || withParameters.size() != 1 || withParameters.getFirst().naming != Naming.BLOCK) {
            return children;
        }
        LayerScope shared = withParameters.getFirst();
        shared.path = path;
        List<LayerScope> all = new ArrayList<>();
        for (LayerScope child : children) {
            if (child == shared) {
                all.addAll(shared.members());
            } else {
                all.add(child);
            }
        }
        return all;
    }
}
