package dev.tern.compiler.graph;

import static dev.tern.compiler.graph.TypeInference.distinct;
import static dev.tern.compiler.graph.TypeInference.require;

import dev.tern.compiler.graph.ElementType.Accumulator;
import java.util.Arrays;
import java.util.List;

/** Typing rules of operations that only move elements. */
final class MovementTypes {
    private MovementTypes() {
    }

    static TensorType reshape(TensorType x, TensorType declared) {
        require(x.shape().elements() == declared.shape().elements(), "reshape of " + x + " to " + declared);
        require(TypeInference.narrower(new TensorType(declared.element(), x.shape()), x),
                "reshape of " + x + " to " + declared);
        return declared;
    }

    static TensorType transpose(Operation.Transpose operation, TensorType x) {
        List<Integer> permutation = operation.permutation();
        require(permutation.size() == x.shape().rank() && distinct(permutation)
                && permutation.stream().allMatch(d -> d >= 0 && d < x.shape().rank()),
                "transpose of " + x + " by " + permutation);
        return new TensorType(x.element(), Shape.of(permutation.stream().map(x.shape()::dimension).toList()));
    }

    static TensorType slice(Operation.Slice operation, TensorType x) {
        int axis = operation.axis();
        require(axis >= 0 && axis < x.shape().rank(), "slice of axis " + axis + " of " + x);
        require(operation.start() >= 0 && operation.start() < operation.end()
                && operation.end() <= x.shape().dimension(axis),
                "slice " + operation.start() + ".." + operation.end() + " of axis " + axis + " of " + x);
        int[] dimensions = x.shape().toArray();
        dimensions[axis] = operation.end() - operation.start();
        return new TensorType(x.element(), Shape.of(dimensions));
    }

    static TensorType gather(Operation.Gather operation, TensorType x) {
        int axis = operation.axis();
        require(axis >= 0 && axis < x.shape().rank(), "gather along axis " + axis + " of " + x);
        int size = x.shape().dimension(axis);
        require(!operation.indices().isEmpty() && operation.indices().stream().allMatch(i -> i >= 0 && i < size),
                "gather of " + operation.indices() + " along axis " + axis + " of " + x);
        int[] dimensions = x.shape().toArray();
        dimensions[axis] = operation.indices().size();
        return new TensorType(x.element(), Shape.of(dimensions));
    }

    static TensorType concat(Operation.Concat operation, List<TensorType> parts) {
        require(!parts.isEmpty(), "concat of nothing");
        TensorType first = parts.getFirst();
        int axis = operation.axis();
        require(axis >= 0 && axis < first.shape().rank(), "concat along axis " + axis + " of " + first);
        ElementType element = first.element();
        int[] dimensions = first.shape().toArray();
        for (TensorType part : parts.subList(1, parts.size())) {
            element = common(element, part.element());
            int[] others = part.shape().toArray();
            require(others.length == dimensions.length, "concat of " + first + " and " + part);
            int length = dimensions[axis] + others[axis];
            others[axis] = dimensions[axis];
            require(Arrays.equals(others, dimensions), "concat of " + first + " and " + part);
            dimensions[axis] = length;
        }
        return new TensorType(element, Shape.of(dimensions));
    }

    private static ElementType common(ElementType a, ElementType b) {
        if (a instanceof Accumulator && b instanceof Accumulator) {
            return Interval.of(a).hull(Interval.of(b)).accumulator();
        }
        require(a.equals(b), "concat of " + a + " and " + b);
        return a;
    }
}
