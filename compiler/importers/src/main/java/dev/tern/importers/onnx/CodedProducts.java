package dev.tern.importers.onnx;

import dev.tern.importers.network.Constant;
import dev.tern.importers.network.ElementKind;
import dev.tern.importers.network.ForeignNode;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ForeignValue.Coding;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.NetworkOp.Binary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Products of codes, in integers or as whole numbers in f32, which a multiplication by the scale makes real: the codes'
 * zero point is taken off first. A product of codes is carried as the product of what they stand for.
 */
final class CodedProducts {
    /** Neighbours among which the factor of a product of two scales lies. */
    private static final int NEAR = 4;
    private static final int MOST_FACTORS = 8;

    private CodedProducts() {
    }

    /**
     * A product of codes without a zero point.
     *
     * @param kind what the file stores it as
     * @param product of the reals that the codes stand for
     */
    static ForeignValue sum(OnnxNode node, ForeignValue codes, ElementKind kind, UnaryOperator<ForeignValue> product) {
        requireUnshifted(codes);
        ForeignValue real = node.network().coded(codes, ElementKind.F32, Optional.empty());
        return node.network().coded(product.apply(real), kind, codes.coding());
    }

    /** As {@link #sum}, of what may be reals as well. */
    static ForeignValue product(OnnxNode node, ForeignValue x, UnaryOperator<ForeignValue> product) {
        return x.coding().isPresent() ? sum(node, x, x.kind(), product) : product.apply(x);
    }

    /** A product of two tensors that the network computes, of which at least the second is codes. */
    static ForeignValue ofTwo(OnnxNode node, ForeignValue left, ForeignValue right, ElementKind kind) {
        requireUnshifted(right);
        Coding coding = right.coding().orElseThrow();
        if (left.coding().isPresent()) {
            requireUnshifted(left);
            coding = new Coding.Product(left.coding().get(), coding);
        }
        ForeignValue product = node.add(new NetworkOp.MatMul(),
                node.network().coded(left, ElementKind.F32, Optional.empty()),
                node.network().coded(right, ElementKind.F32, Optional.empty()));
        return node.network().coded(product, kind, Optional.of(coding));
    }

    private static void requireUnshifted(ForeignValue codes) {
        boolean shifted = switch (codes.coding().orElseThrow()) {
            case Coding.Fixed fixed -> fixed.scales().length > 1 || fixed.zeros()[0] != 0;
            case Coding.Measured measured -> measured.shifted();
            case Coding.Product _ -> false;
        };
        if (shifted) {
            throw new ImportProblemException("a product of codes whose zero point was not taken off",
                    "export the model with QuantizeLinear and DequantizeLinear around float operators (QDQ)");
        }
    }

    /** Codes less their own zero point; empty where the values are something else. */
    static Optional<ForeignValue> lessZero(OnnxNode node, ForeignValue codes, Optional<ForeignValue> zero) {
        Optional<Coding> without = switch (codes.coding().orElse(null)) {
            case Coding.Fixed fixed when fixed.scales().length == 1
                    && known(zero).map(given -> given == fixed.zeros()[0]).orElse(false) ->
                Optional.of(new Coding.Fixed(fixed.scales(), new long[]{0}, 0));
            case Coding.Measured(int scale, boolean shifted) when shifted
                    ? zero.map(given -> isZeroOf(node, given, scale)).orElse(false)
                    : known(zero).map(given -> given == 0).orElse(false) ->
                Optional.of(new Coding.Measured(scale, false));
            case null, default -> Optional.empty();
        };
        return without.map(coding -> node.network().coded(codes, codes.kind(), Optional.of(coding)));
    }

    /** A zero point that is known, or left out. */
    private static Optional<Long> known(Optional<ForeignValue> zero) {
        return zero.isEmpty()
                ? Optional.of(0L)
                : zero.get().constant().filter(constant -> constant.uniform())
                        .map(constant -> constant.integers()[0]);
    }

    /** Whether a value is the zero point that goes with a scale, as DynamicQuantizeLinear finds them. */
    private static boolean isZeroOf(OnnxNode node, ForeignValue zero, int scale) {
        Optional<ForeignNode> made = node.network().producer(zero);
        if (made.isPresent() && made.get().op() instanceof NetworkOp.Cast) {
            return isZeroOf(node, made.get().x(), scale);
        }
        return made.isPresent() && made.get().op() instanceof NetworkOp.DynamicZero
                && node.network().producer(scale).map(of -> of.op() instanceof NetworkOp.DynamicScale
                        && of.x().id() == made.get().x().id()).orElse(false);
    }

    /**
     * Codes, or a product of codes, times their scale: what they stand for.
     *
     * @return empty where neither operand is coded, or the other is something else
     */
    static Optional<ForeignValue> times(OnnxNode node, ForeignValue x, ForeignValue y) {
        ForeignValue coded = x.coding().isPresent() ? x : y;
        ForeignValue factor = coded == x ? y : x;
        if (coded.coding().isEmpty()) {
            return Optional.empty();
        }
        requireUnshifted(coded);
        ForeignValue real = node.network().coded(coded, ElementKind.F32, Optional.empty());
        return switch (coded.coding().get()) {
            case Coding.Fixed fixed -> factor.constant().map(known -> {
                float[] rest = known.floats().clone();
                boolean one = true;
                for (int i = 0; i < rest.length; i++) {
                    rest[i] = quotient(rest[i], fixed.scales()[0]);
                    one &= rest[i] == 1;
                }
                return one
                        ? real
                        : node.binary(Binary.Function.MULTIPLY, real, node.constant(
                                new Constant.Floats(known.shape(), rest)));
            });
            case Coding.Measured(int scale, boolean _) -> factor(node, factor, scale).map(constants -> {
                ForeignValue scaled = real;
                for (ForeignValue constant : constants) {
                    scaled = node.binary(Binary.Function.MULTIPLY, scaled, constant);
                }
                return scaled;
            });
            case Coding.Product(Coding left, Coding right) -> both(node, real, factor, List.of(left, right));
        };
    }

    /** A product of two tensors of codes by their scales, by both at once or by one; the other then follows. */
    private static Optional<ForeignValue> both(OnnxNode node, ForeignValue real, ForeignValue factor,
            List<Coding> codings) {
        List<ForeignValue> factors = new ArrayList<>();
        collect(node, factor, factors);
        Optional<Float> known = factors.stream().flatMap(one -> one.constant().stream())
                .filter(constant -> constant.floats().length == 1).map(constant -> constant.floats()[0])
                .reduce((a, b) -> a * b);
        factors.removeIf(one -> one.constant().filter(constant -> constant.floats().length == 1).isPresent());
        float given = 1;
        List<Coding> open = new ArrayList<>();
        for (Coding coding : codings) {
            switch (coding) {
                case Coding.Fixed fixed when known.isPresent() -> given *= fixed.scales()[0];
                case Coding.Measured(int scale, boolean _) when remove(factors, scale) -> {
                }
                default -> open.add(coding);
            }
        }
        if (!factors.isEmpty() || open.size() == codings.size()) {
            return Optional.empty();
        }
        float rest = quotient(known.orElse(1f), given);
        ForeignValue scaled = rest == 1
                ? real
                : node.binary(Binary.Function.MULTIPLY, real, node.network().scalar(rest));
        return Optional.of(open.isEmpty()
                ? scaled
                : node.network().coded(scaled, ElementKind.F32, Optional.of(open.getFirst())));
    }

    private static boolean remove(List<ForeignValue> factors, int id) {
        for (int i = 0; i < factors.size(); i++) {
            if (factors.get(i).id() == id) {
                factors.remove(i);
                return true;
            }
        }
        return false;
    }

    /** What is multiplied to give a factor. */
    private static void collect(OnnxNode node, ForeignValue factor, List<ForeignValue> factors) {
        Optional<ForeignNode> made = node.network().producer(factor);
        boolean product = made.isPresent() && made.get().op() instanceof Binary(var function)
                && function == Binary.Function.MULTIPLY && factors.size() < MOST_FACTORS;
        if (product) {
            made.get().inputs().forEach(input -> collect(node, input, factors));
        } else if (made.isPresent() && made.get().op() instanceof NetworkOp.Reshape) {
            collect(node, made.get().x(), factors);
        } else {
            factors.add(factor);
        }
    }

    /** The number that gives a product when a scale is multiplied by it: one does, as the product was made so. */
    private static float quotient(float product, float scale) {
        float quotient = product / scale;
        float candidate = quotient;
        for (int i = 0; i < NEAR; i++) {
            candidate = Math.nextDown(candidate);
        }
        for (int i = 0; i <= 2 * NEAR; i++) {
            if (scale * candidate == product) {
                return scale * quotient == product ? quotient : candidate;
            }
            candidate = Math.nextUp(candidate);
        }
        return quotient;
    }

    /** What a factor holds besides a scale. */
    private static Optional<List<ForeignValue>> factor(OnnxNode node, ForeignValue factor, int scale) {
        if (factor.id() == scale) {
            return Optional.of(List.of());
        }
        Optional<ForeignNode> made = node.network().producer(factor);
        if (made.isEmpty()) {
            return Optional.empty();
        }
        if (made.get().op() instanceof NetworkOp.Reshape) {
            return factor(node, made.get().x(), scale);
        }
        if (made.get().op() instanceof Binary(var function) && function == Binary.Function.MULTIPLY) {
            ForeignValue left = made.get().inputs().get(0);
            ForeignValue right = made.get().inputs().get(1);
            ForeignValue known = left.known() ? left : right;
            return known.known()
                    ? factor(node, known == left ? right : left, scale).map(_ -> List.of(known))
                    : Optional.empty();
        }
        return Optional.empty();
    }
}
