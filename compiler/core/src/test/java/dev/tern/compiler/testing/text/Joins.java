package dev.tern.compiler.testing.text;

import dev.tern.compiler.graph.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Expressions of several values. */
final class Joins {
    private final Draft draft;
    private final Choices choices;
    private final Products products;
    private final Elements elements;

    Joins(Draft draft, Products products, Elements elements) {
        this.draft = draft;
        this.choices = draft.choices;
        this.products = products;
        this.elements = elements;
    }

    /** Codes made by integers alone: of a product's accumulators, or of two tensors of one shape. */
    Optional<Value> integers(Value x) {
        if (x.shape().rank() > 0 && choices.below(2) == 0) {
            int features = 1 + choices.below(8);
            int[] dimensions = x.shape().toArray();
            dimensions[dimensions.length - 1] = features;
            return Optional.of(x.then("dense(" + features + ", weights: "
                    + choices.of("int(8)", "int(3)", "ternary", "binary") + ", activations: " + anyGrid() + ")"
                    + " |> requantize(" + anyGrid() + choices.of("", "", ", rounding: short", ", bias: true",
                            ", rounding: single, bias: true, rest: true")
                    + ")", Shape.of(dimensions)));
        }
        List<Value> fitting = draft.values().stream().filter(v -> v.shape().equals(x.shape())).toList();
        if (fitting.isEmpty()) {
            return Optional.empty();
        }
        boolean wide = choices.rarely(4);
        return Optional.of(new Value(choices.of("qadd", "qsub", "qmul") + "("
                + fitting.get(choices.below(fitting.size())).text() + ", " + x.text() + ", " + grid(wide) + ", left: "
                + grid(wide) + ", right: " + grid(wide) + ")", x.shape(), Value.Kind.REAL));
    }

    private String anyGrid() {
        return grid(choices.rarely(4));
    }

    /** @param wide of 16 bits, which have no zero point here */
    private String grid(boolean wide) {
        return wide ? "static(16, scale: " + choices.of("0.0001", "0.001", "0.3") + ")" : grid();
    }

    private String grid() {
        return "static(" + choices.of(8, 4) + ", scale: " + choices.of("0.02", "0.25", "0.7")
                + choices.of("", "", ", zero: 1") + ")";
    }

    /** Any two values whose shapes align. */
    Optional<Value> sum(Value x) {
        List<Value> fitting = draft.values().stream().filter(v -> aligned(v.shape(), x.shape()).isPresent()).toList();
        if (fitting.isEmpty()) {
            return Optional.empty();
        }
        Value other = fitting.get(choices.below(fitting.size()));
        boolean alike = other.shape().equals(x.shape()) && x.shape().rank() > 0 && !other.stored() && !x.stored();
        if (alike && choices.rarely(3)) {
            return Optional.of(new Value(codes(other.text(), x.text()), x.shape(), Value.Kind.REAL));
        }
        String function = choices.rarely(3) ? choices.of("max", "min") : "";
        return Optional.of(new Value(function.isEmpty()
                ? other.text() + choices.of(" + ", " - ", " * ", " / ") + x.text()
                : function + "(" + other.text() + ", " + x.text() + ")",
                aligned(other.shape(), x.shape()).orElseThrow(), Value.Kind.REAL));
    }

    /** A sum of codes whose scales are the same or differ by a power of two, or a little more, and what follows it. */
    private String codes(String left, String right) {
        String scale = choices.of("0.02", "0.25", "0.7");
        return "(" + left + " |> quantize(" + code(scale) + ")) + (" + right + " |> quantize(" + code(choices.of(scale,
                scale, scale, "1.4", "0.5", "0.3")) + "))" + choices.of("", " |> relu", " |> batchnorm")
                + choices.of("", " |> quantize(" + code(scale) + ")", " |> quantize(" + code("0.31") + ")",
                        " |> quantize(" + grid() + ")", " |> quantize(sign)", " |> quantize(ternary(0.3))");
    }

    private String code(String scale) {
        return "static(" + choices.of(8, 4, 3) + ", scale: " + scale + choices.of("", ", zero: 1") + ")";
    }

    /** Trailing dimensions align and a dimension of 1 stretches. */
    private static Optional<Shape> aligned(Shape a, Shape b) {
        int rank = Math.max(a.rank(), b.rank());
        int[] dimensions = new int[rank];
        long elements = 1;
        for (int i = 1; i <= rank; i++) {
            int left = i <= a.rank() ? a.dimension(a.rank() - i) : 1;
            int right = i <= b.rank() ? b.dimension(b.rank() - i) : 1;
            if (left != right && left != 1 && right != 1) {
                return Optional.empty();
            }
            dimensions[rank - i] = Math.max(left, right);
            elements *= dimensions[rank - i];
        }
        return Draft.small(elements) ? Optional.of(Shape.of(dimensions)) : Optional.empty();
    }

    /** A product and its own input, in the ways that residual networks join them. */
    Optional<Value> residual(Value x) {
        int channels = x.shape().channels();
        Optional<Value> product = x.shape().rank() == 3
                ? products.sameConv(x, channels)
                : products.dense(x, channels).filter(y -> y.shape().equals(x.shape()));
        return product.map(y -> {
            Value inner = draft.bind(after(y));
            String a = inner.text();
            String b = x.text();
            return new Value(choices.of(a + " + " + b, "relu(" + a + " + " + b + ")", "relu(" + b + ") + " + a,
                    "2 * " + a + " - " + b, "relu(" + a + ") - relu(" + b + ")", a + " * sigmoid(" + b + ")",
                    "(" + a + " + " + b + ") * " + b), x.shape(), Value.Kind.REAL);
        });
    }

    /** A product with another matrix, or with itself changed over. */
    Optional<Value> matrices(Value x) {
        int rank = x.shape().rank();
        if (rank < 2 || rank > 3 || !draft.afford((long) x.shape().elements() * x.shape().dimension(rank - 2))) {
            return Optional.empty();
        }
        String scheme = choices.of("", "", ", activations: float", ", activations: dynamic(4)",
                ", activations: dynamic(8, minmax)", ", activations: sign", ", activations: static(8, -1..1)",
                ", activations: ternary(0.1)", ", activations: static(3, scale: 0.2)");
        if (scheme.isEmpty() && x.kind() == Value.Kind.ROWS) {
            return Optional.empty();
        }
        List<Value> fitting = draft.values().stream().filter(v -> v.kind() == x.kind() && v.shape().rank() == rank
                && v.shape().dimension(rank - 2) == x.shape().channels()
                && (rank == 2 || v.shape().dimension(0) == x.shape().dimension(0))
                && draft.afford((long) x.shape().elements() * v.shape().channels())).toList();
        Value other = fitting.isEmpty() || choices.below(2) == 0
                ? x.then(rank == 2 ? "transpose" : "transpose([0, 2, 1])", x.shape())
                : fitting.get(choices.below(fitting.size()));
        int[] dimensions = x.shape().toArray();
        dimensions[rank - 1] = fitting.contains(other) ? other.shape().channels() : dimensions[rank - 2];
        return Draft.small(Shape.of(dimensions).elements())
                ? Optional.of(new Value("matmul(" + x.text() + ", " + other.text() + scheme + ")",
                        Shape.of(dimensions), Value.Kind.REAL))
                : Optional.empty();
    }

    private Value after(Value y) {
        Value result = y;
        while (choices.below(3) > 0) {
            result = elements.step(result);
        }
        return result;
    }

    /** Two products of one value, with its quantizers alike or not, side by side or joined. */
    Optional<Value> twins(Value x) {
        Value codes = choices.rarely(3)
                ? draft.bound(x.then("quantize(" + draft.schemes.activations(x.kind()) + ")",
                        x.shape()))
                : x;
        int features = draft.size();
        Optional<Value> left = twin(codes, features);
        Optional<Value> right = twin(codes, features);
        if (left.isEmpty() || right.isEmpty()) {
            return left.or(() -> right);
        }
        Value a = draft.bound(left.get());
        Value b = draft.bound(right.get());
        if (a.shape().equals(b.shape()) && choices.below(3) > 0) {
            return Optional.of(new Value(a.text() + choices.of(" + ", " - ", " * ") + b.text(), a.shape(),
                    Value.Kind.REAL));
        }
        return concatenation(List.of(a, b), a.shape().rank() - 1);
    }

    private Optional<Value> twin(Value x, int features) {
        return x.shape().rank() == 3
                ? products.sameConv(x, Math.min(features, 16))
                : products.dense(x, features);
    }

    /** Two to four values one after the other along any axis. */
    Optional<Value> concat(Value x) {
        if (x.shape().rank() == 0) {
            return Optional.empty();
        }
        int axis = choices.below(x.shape().rank());
        List<Value> fitting = draft.values().stream().filter(v -> joinable(v.shape(), x.shape(), axis)).toList();
        List<Value> parts = new ArrayList<>(List.of(x));
        for (int more = 1 + choices.below(3); more > 0; more--) {
            parts.add(fitting.get(choices.below(fitting.size())));
        }
        return concatenation(parts, axis);
    }

    private static boolean joinable(Shape a, Shape b, int axis) {
        if (a.rank() != b.rank()) {
            return false;
        }
        for (int i = 0; i < a.rank(); i++) {
            if (i != axis && a.dimension(i) != b.dimension(i)) {
                return false;
            }
        }
        return true;
    }

    private Optional<Value> concatenation(List<Value> parts, int axis) {
        Shape first = parts.getFirst().shape();
        int[] dimensions = first.toArray();
        dimensions[axis] = 0;
        for (Value part : parts) {
            if (!joinable(part.shape(), first, axis)) {
                return Optional.empty();
            }
            dimensions[axis] += part.shape().dimension(axis);
        }
        Shape shape = Shape.of(dimensions);
        if (!Draft.small(shape.elements())) {
            return Optional.empty();
        }
        String where = axis == first.rank() - 1 && choices.below(2) == 0
                ? ""
                : ", axis: " + (choices.below(2) == 0 ? axis : axis - first.rank());
        return Optional.of(new Value("concat(" + String.join(", ", parts.stream().map(Value::text).toList()) + where
                + ")", shape, Value.Kind.REAL));
    }
}
