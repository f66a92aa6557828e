package dev.tern.compiler.graph;

/** Where the nodes of one layer go; whoever implements it knows the layer's name and its place in the source. */
public interface NodeSink {
    /** Adds an operation whose operands determine its type. */
    ValueId add(Operation operation);

    /** Adds an operation of a given type. */
    ValueId add(Operation operation, TensorType type);

    TensorType type(ValueId id);

    /** Whether no element of a value can be below zero, by construction; see {@link Signs}. */
    boolean nonNegative(ValueId id);

    default ValueId constant(Tensor tensor) {
        return add(new Operation.Constant(tensor));
    }

    /** The same elements under another shape; the value itself where it has that shape. */
    default ValueId reshaped(ValueId id, Shape shape) {
        TensorType type = type(id);
        return type.shape().equals(shape)
                ? id
                : add(new Operation.Reshape(id), new TensorType(type.element(), shape));
    }
}
