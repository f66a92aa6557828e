package dev.tern.compiler.analysis.catalogue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** All ops of the language by name. */
public final class Catalogue {
    private static final Map<String, OpDefinition> OPS = new LinkedHashMap<>();

    static {
        Stream.of(DenseOps.ALL, ConvOps.ALL, NormOps.ALL, ElementOps.ALL, ArithmeticOps.ALL, MatrixOps.ALL, PoolOps.ALL,
                ReductionOps.ALL,
                ShapeOps.ALL,
                WideningOps.ALL,
                StructureOps.ALL, IntegerOps.ALL, TokenOps.ALL).flatMap(List::stream).forEach(op -> OPS.put(op.name(),
                        op));
    }

    private Catalogue() {
    }

    public static Optional<OpDefinition> find(String name) {
        return Optional.ofNullable(OPS.get(name));
    }

    /** Whether a layer of several ops begins with this one: it has weights, reads a step, or repeats a block. */
    public static boolean startsLayer(String name) {
        return find(name).filter(op -> op.weighted() || op.operands() == OpDefinition.Operands.STEP || !op.layer())
                .isPresent();
    }

    /** In the order of the families: products, norms, functions, pools, movement, structure, and the rest. */
    public static List<OpDefinition> ops() {
        return List.copyOf(OPS.values());
    }

    public static Set<String> names() {
        return Set.copyOf(OPS.keySet());
    }
}
