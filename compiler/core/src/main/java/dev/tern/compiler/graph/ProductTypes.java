package dev.tern.compiler.graph;

import static dev.tern.compiler.graph.TypeInference.real;
import static dev.tern.compiler.graph.TypeInference.require;
import static dev.tern.compiler.graph.TypeInference.requirePerTensorOrRow;

import dev.tern.compiler.graph.ElementType.Accumulator;
import dev.tern.compiler.graph.ElementType.Code;
import dev.tern.compiler.graph.ElementType.F32;
import java.util.List;

/** Typing rules of products and of the rescaling after them. */
final class ProductTypes {
    private ProductTypes() {
    }

    static TensorType dense(Operation.Dense operation, List<TensorType> operands) {
        TensorType a = operands.get(0);
        TensorType w = operands.get(1);
        require(a.shape().rank() >= 1, "dense of a scalar");
        require(w.shape().rank() == 2 && w.shape().dimension(1) == a.shape().channels(),
                "dense of " + a + " by " + w);
        if (operation.zero().isPresent()) {
            QuantizerTypes.checkZero(operands.get(2), a.shape());
        }
        int[] dimensions = a.shape().toArray();
        dimensions[dimensions.length - 1] = w.shape().dimension(0);
        return new TensorType(sum(operation, operands, a.shape().channels()), Shape.of(dimensions));
    }

    static TensorType conv(Operation.Conv operation, List<TensorType> operands) {
        TensorType a = operands.get(0);
        TensorType w = operands.get(1);
        Geometry geometry = operation.geometry();
        String what = "conv of " + a + " by " + w;
        require(a.shape().rank() == 3 && w.shape().rank() == 4, what);
        int groups = operation.groups();
        int channels = a.shape().channels();
        require(groups >= 1 && channels % groups == 0 && w.shape().dimension(0) % groups == 0,
                what + " in " + groups + " groups");
        require(w.shape().dimension(1) == geometry.kernelHeight() && w.shape().dimension(2) == geometry.kernelWidth()
                && w.shape().dimension(3) == channels / groups, what + " with " + geometry);
        if (operation.zero().isPresent()) {
            QuantizerTypes.checkZero(operands.get(2), a.shape());
            require(operands.get(2).shape().rank() == 0, "a zero point for each row of a convolution");
        }
        int terms = geometry.taps() * (channels / groups);
        Shape plane = WindowTypes.output(geometry, a.shape(), w.shape().dimension(0));
        return new TensorType(sum(operation, operands, terms), plane);
    }

    static TensorType matMul(Operation.MatMul operation, List<TensorType> operands) {
        TensorType left = operands.get(0);
        TensorType right = operands.get(1);
        String what = "matmul of " + left + " by " + right;
        int rank = left.shape().rank();
        require(rank >= 2 && right.shape().rank() == rank, what);
        int[] dimensions = left.shape().toArray();
        for (int i = 0; i < rank - 2; i++) {
            require(dimensions[i] == right.shape().dimension(i), what);
        }
        int terms = left.shape().channels();
        require(right.shape().dimension(rank - 2) == terms, what);
        dimensions[rank - 1] = right.shape().channels();
        Shape shape = Shape.of(dimensions);
        if (left.element() instanceof F32 && right.element() instanceof F32 && operands.size() == 2) {
            return new TensorType(ElementType.F32, shape);
        }
        require(left.element() instanceof Code && right.element() instanceof Code, what);
        Interval a = Interval.of(left.element());
        Interval b = Interval.of(right.element());
        int next = 2;
        if (operation.leftZero().isPresent()) {
            a = a.minus(zero(operands.get(next++)));
        }
        if (operation.rightZero().isPresent()) {
            b = b.minus(zero(operands.get(next)));
        }
        return new TensorType(a.times(b).times(terms).accumulator(), shape);
    }

    private static Interval zero(TensorType zero) {
        require(zero.element() instanceof Accumulator && zero.shape().rank() == 0, "a zero point of type " + zero);
        return Interval.of(zero.element());
    }

    /** f32 where either side is, else the interval of a sum of so many products of codes. */
    private static ElementType sum(Operation.Product product, List<TensorType> operands, int terms) {
        ElementType a = operands.get(0).element();
        ElementType w = operands.get(1).element();
        require(a instanceof F32 || a instanceof Code, "activations of type " + operands.get(0));
        require(w instanceof F32 || w instanceof Code, "weights of type " + operands.get(1));
        require(product.zero().isEmpty() || a instanceof Code, "a zero point beside " + operands.get(0));
        if (a instanceof F32 || w instanceof F32) {
            return ElementType.F32;
        }
        Interval codes = Interval.of(a);
        if (product.zero().isPresent()) {
            codes = codes.minus(Interval.of(operands.get(2).element()));
        }
        Interval weights = Interval.of(w);
        Interval term = codes.times(weights);
        if (product instanceof Operation.Conv conv && conv.geometry().padded()) {
            term = term.hull(switch (conv.padding()) {
                case ZERO -> Interval.of(0);
                case PLUS_ONE -> weights;
                case MINUS_ONE -> weights.times(-1);
            });
        }
        return term.times(terms).accumulator();
    }

    static TensorType rescale(Operation.Rescale operation, List<TensorType> operands) {
        TensorType x = operands.get(0);
        require(x.element() instanceof F32 || x.element() instanceof Accumulator || x.element() instanceof Code,
                "rescale of " + x);
        int next = 1;
        if (operation.activationScale().isPresent()) {
            requirePerTensorOrRow("a scale", real("a scale", operands.get(next++)), x.shape());
        }
        if (operation.weightScale().isPresent()) {
            TensorType scale = real("a weight scale", operands.get(next));
            require(scale.shape().rank() == 0 || scale.shape().equals(Shape.of(x.shape().channels())),
                    "a weight scale of type " + scale + " beside " + x);
        }
        return new TensorType(ElementType.F32, x.shape());
    }
}
