package dev.tern.compiler.graph;

/** The type of a value: what its elements are and how many. */
public record TensorType(ElementType element, Shape shape) {
    public static TensorType f32(int... dimensions) {
        return new TensorType(ElementType.F32, Shape.of(dimensions));
    }

    @Override
    public String toString() {
        return element + shape.toString();
    }
}
