package dev.tern.compiler.graph;

/** One operation and the one value it defines. */
public record Node(ValueId id, TensorType type, Operation operation, Origin origin) {
}
