package dev.tern.importers.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reductions of constants: the products and sums that arithmetic on shapes is made of. */
final class ConstantReduction {
    private ConstantReduction() {
    }

    static Optional<Constant> evaluate(NetworkOp.Reduce reduce, Constant x, ForeignTypes.Type type) {
        List<Integer> kept = Folding.others(x.shape().size(), reduce.axes());
        List<Integer> order = new ArrayList<>(kept);
        order.addAll(reduce.axes());
        List<Integer> shape = order.stream().map(x.shape()::get).toList();
        int[] strides = Extents.strides(x.shape());
        int[] permuted = order.stream().mapToInt(axis -> strides[axis]).toArray();
        int results = Extents.elements(type.shape());
        int row = results == 0 ? 0 : Extents.elements(x.shape()) / results;
        if (row == 0) {
            return Optional.empty();
        }
        if (type.kind().floating()) {
            float[] values = x.floats();
            float[] reduced = new float[results];
            for (int i = 0; i < results; i++) {
                double[] elements = new double[row];
                for (int k = 0; k < row; k++) {
                    elements[k] = values[Folding.index(i * row + k, shape, permuted)];
                }
                Optional<Double> result = reduced(reduce.kind(), elements);
                if (result.isEmpty()) {
                    return Optional.empty();
                }
                reduced[i] = result.get().floatValue();
            }
            return Optional.of(new Constant.Floats(type.shape(), reduced));
        }
        long[] values = x.integers();
        long[] reduced = new long[results];
        for (int i = 0; i < results; i++) {
            long result = values[Folding.index(i * row, shape, permuted)];
            for (int k = 1; k < row; k++) {
                long value = values[Folding.index(i * row + k, shape, permuted)];
                result = switch (reduce.kind()) {
                    case SUM -> result + value;
                    case PRODUCT -> result * value;
                    case MAX -> Math.max(result, value);
                    case MIN -> Math.min(result, value);
                    default -> throw new ImportProblemException("a reduction of integers that is no sum, product,"
                            + " maximum or minimum");
                };
            }
            reduced[i] = result;
        }
        return Optional.of(new Constant.Integers(type.kind(), type.shape(), reduced));
    }

    private static Optional<Double> reduced(NetworkOp.Reduce.Kind kind, double[] elements) {
        double result = elements[0];
        for (int k = 1; k < elements.length; k++) {
            switch (kind) {
                case SUM, MEAN -> result += elements[k];
                case PRODUCT -> result *= elements[k];
                case MAX -> result = Math.max(result, elements[k]);
                case MIN -> result = Math.min(result, elements[k]);
                default -> {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(kind == NetworkOp.Reduce.Kind.MEAN ? result / elements.length : result);
    }
}
