package dev.tern.importers.export;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.expansion.ConvTranspose;
import dev.tern.importers.onnx.schema.AttributeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Products with weights. On codes they are sums of whole numbers, in f32 where every sum is exact there, else in
 * integers; on reals they are sums of reals, quantizers before them.
 */
record ProductExport(Translation translation, AxisOrder layout) {
    /** The least code of four bits. */
    private static final int FOUR_BITS = -8;
    /** Whole numbers up to here are exact in f32. */
    private static final long EXACT = 1L << 24;
    /** Two products of bytes that fit 16 bits: kernels that add such pairs would saturate beyond. */
    private static final int PAIR = Short.MAX_VALUE / 2;

    /** A product, whatever its kind. */
    private record Product(Operation operation, ValueId a, Optional<ValueId> zero, ValueId weights) {
        static Optional<Product> of(Operation operation) {
            return switch (operation) {
                case Operation.Product p -> Optional.of(new Product(p, p.a(), p.zero(), p.weights()));
                case Operation.Composite(ConvTranspose _, List<ValueId> operands) ->
                    Optional.of(new Product(operation, operands.get(0),
                            operands.size() > 2 ? Optional.of(operands.get(2)) : Optional.empty(), operands.get(1)));
                default -> Optional.empty();
            };
        }
    }

    private OnnxGraph out() {
        return translation.out();
    }

    private QuantizerExport quantizers() {
        return new QuantizerExport(translation, layout);
    }

    private AxisOrder operandLayout(Product product) {
        return product.operation() instanceof Operation.Dense ? AxisOrder.LAST : AxisOrder.FIRST;
    }

    // On codes

    /** The sum alone, as whole numbers where both sides are codes. */
    String sum(Node node) {
        Product product = Product.of(node.operation()).orElseThrow();
        return integers(product)
                ? integerProduct(product)
                : floatProduct(product, quantizers().lessZero(product.a(), product.zero(), operandLayout(product)),
                        Optional.empty(), false);
    }

    /** The sum as int32. @param id of a product of codes */
    String accumulators(ValueId id, AxisOrder wanted) {
        Optional<Product> product = Product.of(translation.operation(id)).filter(this::summedByIntegers)
                .filter(found -> new Grids(translation).bytes(found.a()));
        return product.isPresent() && wanted == layout
                ? integerSum(product.get())
                : out().node("Cast", List.of(translation.numbers(id, wanted)),
                        Attribute.of("to", TensorKind.INT32.number()));
    }

    private boolean codes(ValueId id) {
        return !translation.real(id);
    }

    /** Whether integer operators compute it. */
    private boolean integers(Product product) {
        if (!summedByIntegers(product)) {
            return false;
        }
        Grids grids = new Grids(translation);
        long terms = translation.shape(product.weights()).elements()
                / translation.shape(product.weights()).dimension(0);
        boolean exact = terms * grids.greatest(product.a(), product.zero().isPresent()) * greatestWeight(
                product) < EXACT;
        return grids.dynamicBytes(product.a()) || !exact;
    }

    /** Whether there are integer operators for it. */
    private boolean summedByIntegers(Product product) {
        return codes(product.a()) && codes(product.weights()) && !(product.operation() instanceof Operation.Composite)
                && !(product.operation() instanceof Operation.Conv conv && conv.padding() != Operation.Padding.ZERO);
    }

    private boolean signed(ValueId codes) {
        return ((ElementType.Code) translation.type(codes).element()).signed();
    }

    private int[] codesOf(Product product) {
        return ((Tensor.Integers) translation.constant(product.weights()).orElseThrow()).values();
    }

    private long greatestWeight(Product product) {
        return Arrays.stream(codesOf(product)).map(Math::abs).max().orElse(0);
    }

    private String integerProduct(Product product) {
        return out().node("Cast", List.of(integerSum(product)), Attribute.of("to", TensorKind.FLOAT.number()));
    }

    private String integerSum(Product product) {
        AxisOrder wanted = operandLayout(product);
        Grids grids = new Grids(translation);
        TensorKind kind = signed(product.a()) ? TensorKind.INT8 : TensorKind.UINT8;
        String a = grids.bytes(product.a())
                ? translation.value(product.a(), Form.BYTES, wanted)
                : out().node("Cast", List.of(translation.numbers(product.a(), wanted)),
                        Attribute.of("to", kind.number()));
        String zero = grids.dynamicBytes(product.a())
                ? quantizers().dynamicZero(product.a())
                : product.zero().map(id -> integerZero(id, kind, translation.shape(product.a())))
                        .orElseGet(() -> out().integers("zero", kind, List.of(), 0));
        boolean conv = product.operation() instanceof Operation.Conv;
        // Kernels for bytes without a sign by such with one may add pairs in 16 bits.
        boolean shifted = (kind == TensorKind.UINT8 || conv) && 255 * greatestWeight(product) > PAIR;
        int offset = shifted ? 128 : 0;
        int[] moved = Arrays.stream(ordered(product)).map(code -> code + offset).toArray();
        TensorKind stored = shifted ? TensorKind.UINT8 : TensorKind.INT8;
        List<String> operands = new ArrayList<>(List.of(a,
                out().integers(weightName(product), stored, orderedShape(product), moved), zero));
        if (shifted || conv && kind == TensorKind.INT8) {
            operands.add(out().integers("zero", stored, List.of(), offset));
        }
        return switch (product.operation()) {
            case Operation.Conv window when kind == TensorKind.INT8 -> out().call(IntegerFunction.CONV, operands,
                    attributes(window));
            case Operation.Conv window -> out().node("ConvInteger", operands, attributes(window));
            default -> out().node("MatMulInteger", operands);
        };
    }

    private String integerZero(ValueId zero, TensorKind kind, Shape over) {
        Optional<Tensor> known = translation.constant(zero);
        return known.isPresent()
                ? out().integers("zero", kind, List.of(), ((Tensor.Integers) known.get()).values()[0])
                : out().node("Cast", List.of(quantizers().zero(zero, over)), Attribute.of("to", kind.number()));
    }

    // In f32

    /** @param quantized a is what DequantizeLinear gives */
    private String floatProduct(Product product, String a, Optional<ValueId> scale, boolean quantized) {
        boolean coded = !translation.real(product.weights());
        int rank = translation.shape(product.a()).rank() + 1;
        if (product.operation() instanceof Operation.Dense && coded && !quantized && !translation.options().qonnx()) {
            return apart(a, weights(product, scale, Math.max(rank, 3), false), rank);
        }
        String weights = weights(product, scale, 2, quantized);
        return switch (product.operation()) {
            case Operation.Dense _ -> out().node("MatMul", List.of(a, weights));
            case Operation.Conv conv when conv.padding() != Operation.Padding.ZERO -> {
                float ones = conv.padding() == Operation.Padding.PLUS_ONE ? 1 : -1;
                String padded = out().node("Pad", List.of(a, out().list("pads", List.of(0, 0, conv.geometry().padTop(),
                        conv.geometry().padLeft(), 0, 0, conv.geometry().padBottom(), conv.geometry().padRight())),
                        out().scalar(ones)));
                yield out().node("Conv", List.of(padded, weights), attributes(new Operation.Conv(conv.a(), conv.zero(),
                        conv.weights(), unpadded(conv), conv.groups(), Operation.Padding.ZERO)));
            }
            case Operation.Conv conv -> out().node("Conv", List.of(a, weights), attributes(conv));
            case Operation.Composite(ConvTranspose transpose, List<ValueId> _) -> transposed(product, transpose, a,
                    weights);
            default -> throw new IllegalStateException("no product");
        };
    }

    /**
     * A product with a matrix of at least three axes: what ONNX Runtime makes of one with two that DequantizeLinear
     * gives rounds activations to eight bits, and is wrong for weights of two.
     */
    private String apart(String a, String weights, int rank) {
        if (rank > 2) {
            return out().node("MatMul", List.of(a, weights));
        }
        String axis = out().list("axis", List.of(1));
        String product = out().node("MatMul", List.of(out().node("Unsqueeze", List.of(a, axis)), weights));
        return out().node("Squeeze", List.of(product, axis));
    }

    private static Geometry unpadded(Operation.Conv conv) {
        var g = conv.geometry();
        return new Geometry(g.kernelHeight(), g.kernelWidth(), g.strideHeight(),
                g.strideWidth(), g.dilationHeight(), g.dilationWidth(), 0, 0, 0, 0);
    }

    private static AttributeProto[] attributes(Operation.Conv conv) {
        List<AttributeProto> attributes = new ArrayList<>(List.of(MovementExport.window(conv.geometry(), true)));
        if (conv.groups() > 1) {
            attributes.add(Attribute.of("group", conv.groups()));
        }
        return attributes.toArray(AttributeProto[]::new);
    }

    /** Of codes as reals, which are exact up to 2^24; else of integers. */
    String matMul(Operation.MatMul product) {
        Grids grids = new Grids(translation);
        boolean bytes = !translation.real(product.left()) && !translation.real(product.right())
                && grids.bytes(product.left()) && grids.bytes(product.right());
        boolean exact = !bytes || grids.greatest(product.left(), product.leftZero().isPresent())
                * grids.greatest(product.right(), product.rightZero().isPresent())
                * translation.shape(product.left()).channels() < EXACT;
        if (exact) {
            return out().node("MatMul", List.of(
                    quantizers().lessZero(product.left(), product.leftZero(), AxisOrder.LAST),
                    quantizers().lessZero(product.right(), product.rightZero(), AxisOrder.LAST)));
        }
        String sum = out().node("MatMulInteger",
                List.of(translation.value(product.left(), Form.BYTES, AxisOrder.LAST),
                        translation.value(product.right(), Form.BYTES, AxisOrder.LAST),
                        zeroOf(product.left(), product.leftZero()), zeroOf(product.right(), product.rightZero())));
        return out().node("Cast", List.of(sum), Attribute.of("to", TensorKind.FLOAT.number()));
    }

    /** The zero point of codes that are bytes, as their type. */
    private String zeroOf(ValueId codes, Optional<ValueId> zero) {
        TensorKind kind = TensorKind.of((ElementType.Code) translation.type(codes).element());
        return new Grids(translation).dynamicBytes(codes)
                ? quantizers().dynamicZero(codes)
                : zero.map(id -> integerZero(id, kind, translation.shape(codes)))
                        .orElseGet(() -> out().integers("zero", kind, List.of(), 0));
    }

    /** The padding is what is cut off before and after; rows that no input meets come from output_padding. */
    private String transposed(Product product, ConvTranspose op, String a, String weights) {
        Shape x = translation.shape(product.a());
        Shape w = translation.shape(product.weights());
        int wholeHeight = (x.dimension(0) - 1) * op.strideHeight() + (w.dimension(1) - 1) * op.dilationHeight() + 1;
        int wholeWidth = (x.dimension(1) - 1) * op.strideWidth() + (w.dimension(2) - 1) * op.dilationWidth() + 1;
        int below = wholeHeight - op.cutTop() - op.height();
        int right = wholeWidth - op.cutLeft() - op.width();
        List<AttributeProto> attributes = new ArrayList<>();
        attributes.add(Attribute.of("kernel_shape", List.of(w.dimension(1), w.dimension(2))));
        attributes.add(Attribute.of("strides", List.of(op.strideHeight(), op.strideWidth())));
        if (op.dilationHeight() > 1 || op.dilationWidth() > 1) {
            attributes.add(Attribute.of("dilations", List.of(op.dilationHeight(), op.dilationWidth())));
        }
        attributes.add(Attribute.of("pads",
                List.of(op.cutTop(), op.cutLeft(), Math.max(below, 0), Math.max(right, 0))));
        int moreBelow = Math.max(-below, 0);
        int moreRight = Math.max(-right, 0);
        boolean allowed = moreBelow < op.strideHeight() && moreRight < op.strideWidth();
        if (allowed && moreBelow + moreRight > 0) {
            attributes.add(Attribute.of("output_padding", List.of(moreBelow, moreRight)));
        }
        if (op.groups() > 1) {
            attributes.add(Attribute.of("group", op.groups()));
        }
        String result = out().node("ConvTranspose", List.of(a, weights), attributes.toArray(AttributeProto[]::new));
        return allowed
                ? result
                : out().node("Pad", List.of(result, out().list("pads",
                        List.of(0, 0, 0, 0, 0, 0, moreBelow, moreRight))));
    }

    // Weights

    private String weightName(Product product) {
        String path = translation.node(product.weights()).origin().path();
        return path.isEmpty() ? "weight" : path + ".weight";
    }

    /** Where a dimension of the operator's weights comes from among [out, height, width, in / groups] or [out, in]. */
    private List<Integer> order(Product product) {
        return switch (product.operation()) {
            case Operation.Dense _ -> List.of(1, 0);
            case Operation.Conv _ -> List.of(0, 3, 1, 2);
            default -> List.of(3, 0, 1, 2);
        };
    }

    private int groups(Product product) {
        return product.operation() instanceof Operation.Composite(ConvTranspose op, List<ValueId> _) ? op.groups() : 1;
    }

    private List<Integer> orderedShape(Product product) {
        Shape shape = translation.shape(product.weights());
        List<Integer> sizes = new ArrayList<>(order(product).stream().map(shape::dimension).toList());
        int groups = groups(product);
        if (groups > 1) {
            sizes.set(0, sizes.get(0) * groups);
            sizes.set(1, sizes.get(1) / groups);
        }
        return sizes;
    }

    private int[] ordered(Product product) {
        int[] from = places(product);
        int[] codes = codesOf(product);
        int[] moved = new int[from.length];
        for (int i = 0; i < moved.length; i++) {
            moved[i] = codes[from[i]];
        }
        return moved;
    }

    /** For each element of the operator's weights its place in Tern's. */
    private int[] places(Product product) {
        Shape shape = translation.shape(product.weights());
        List<Integer> sizes = orderedShape(product);
        List<Integer> order = order(product);
        int groups = groups(product);
        int[] places = new int[shape.elements()];
        for (int i = 0; i < places.length; i++) {
            int rest = i;
            int[] index = new int[sizes.size()];
            for (int axis = index.length - 1; axis >= 0; axis--) {
                index[axis] = rest % sizes.get(axis);
                rest /= sizes.get(axis);
            }
            if (groups > 1) {
                // [in, out / groups, ...]: the inputs of a group meet the outputs of that group.
                int inputs = sizes.get(0) / groups;
                index[1] += index[0] / inputs * sizes.get(1);
                index[0] %= inputs;
            }
            int[] here = new int[index.length];
            for (int axis = 0; axis < index.length; axis++) {
                here[order.get(axis)] = index[axis];
            }
            for (int axis = 0; axis < here.length; axis++) {
                places[i] = places[i] * shape.dimension(axis) + here[axis];
            }
        }
        return places;
    }

    /**
     * Weights as f32: as they are, or codes by way of DequantizeLinear under a scale, or as whole numbers.
     *
     * @param rank how many axes a matrix has at least, the first of them 1
     * @param wide whether codes take four bits at least
     */
    private String weights(Product product, Optional<ValueId> scale, int rank, boolean wide) {
        List<Integer> shape = new ArrayList<>(orderedShape(product));
        Tensor known = translation.constant(product.weights()).orElseThrow();
        if (known instanceof Tensor.Floats floats) {
            int[] from = places(product);
            float[] moved = new float[from.length];
            for (int i = 0; i < moved.length; i++) {
                moved[i] = floats.values()[from[i]];
            }
            return out().floats(weightName(product), shape, moved);
        }
        int[] codes = ordered(product);
        float[] scales = scale.map(translation::floats).orElse(new float[]{1});
        int axis = product.operation() instanceof Operation.Conv ? 0 : 1;
        if (translation.options().qonnx() && scale.isPresent()) {
            return quant(product, codes, scales, axis);
        }
        while (shape.size() < rank) {
            shape.addFirst(1);
            axis++;
        }
        long least = wide && !translation.options().narrowest() ? FOUR_BITS : -1;
        TensorKind kind = TensorKind.narrowest(Math.min(least, Arrays.stream(codes).min().orElse(0)),
                Arrays.stream(codes).max().orElse(0), translation.options().opset());
        String stored = out().integers(weightName(product), kind, shape, codes);
        return scales.length == 1
                ? out().node("DequantizeLinear", List.of(stored, out().scalar(scales[0])))
                : out().node("DequantizeLinear", List.of(stored, out().floats(weightName(product) + ".scale",
                        List.of(scales.length), scales)), Attribute.of("axis", axis));
    }

    /** QONNX quantizes weights where it reads them. */
    private String quant(Product product, int[] codes, float[] scales, int axis) {
        List<Integer> shape = orderedShape(product);
        int inner = shape.subList(axis + 1, shape.size()).stream().reduce(1, (a, b) -> a * b);
        float[] values = new float[codes.length];
        boolean bipolar = scales.length == 1;
        long greatest = 1;
        for (int i = 0; i < values.length; i++) {
            values[i] = codes[i] * scales[i / inner % scales.length];
            bipolar &= Math.abs(codes[i]) == 1;
            greatest = Math.max(greatest, codes[i] < 0 ? -codes[i] - 1L : codes[i]);
        }
        String floats = out().floats(weightName(product), shape, values);
        if (bipolar) {
            return out().qonnx("BipolarQuant", List.of(floats, out().scalar(scales[0])));
        }
        List<Integer> stretched = new ArrayList<>(shape);
        stretched.replaceAll(_ -> 1);
        stretched.set(axis, scales.length);
        int bits = Long.SIZE - Long.numberOfLeadingZeros(greatest) + 1;
        boolean narrow = Arrays.stream(codes).noneMatch(code -> code == -(1 << bits - 1));
        return out().qonnx("Quant",
                List.of(floats, scales.length == 1
                        ? out().scalar(scales[0])
                        : out().floats(
                                weightName(product) + ".scale", stretched, scales), out().scalar(0), out().scalar(
                                        bits)),
                Attribute.of("signed", 1), Attribute.of("narrow", narrow ? 1 : 0),
                Attribute.of("rounding_mode", "ROUND"));
    }

    // The scales of a product

    String rescale(Node node, Operation.Rescale rescale) {
        Optional<Product> product = Product.of(translation.operation(rescale.x()));
        if (product.isPresent()) {
            Optional<String> reals = onReals(product.get(), rescale);
            if (reals.isPresent()) {
                return reals.get();
            }
        }
        String x = translation.numbers(rescale.x(), layout);
        Shape shape = node.type().shape();
        Optional<String> factor = factor(rescale, shape);
        return factor.map(scale -> out().node("Mul", List.of(x, scale))).orElse(x);
    }

    /** Quantizers and weights as reals, and a product of those; empty where codes are multiplied. */
    private Optional<String> onReals(Product product, Operation.Rescale rescale) {
        boolean perChannel = rescale.weightScale().map(scale -> translation.floats(scale).length > 1).orElse(false);
        if (perChannel && groups(product) > 1) {
            return Optional.empty();
        }
        AxisOrder wanted = operandLayout(product);
        if (!codes(product.a()) && rescale.activationScale().isEmpty()) {
            return Optional.of(floatProduct(product, translation.numbers(product.a(), wanted),
                    rescale.weightScale(), false));
        }
        if (translation.operation(product.a()) instanceof Operation.Sign && translation.options().qonnx()) {
            return Optional.of(floatProduct(product, translation.numbers(product.a(), wanted),
                    rescale.weightScale(), false));
        }
        Optional<Float> scale = rescale.activationScale().flatMap(translation::scalar);
        boolean known = product.zero().map(zero -> translation.constant(zero).isPresent()).orElse(true);
        if (translation.options().codes() || !codes(product.a()) || scale.isEmpty() || !known
                || !new Grids(translation).fixed(product.a())) {
            return Optional.empty();
        }
        int zero = product.zero().map(id -> ((Tensor.Integers) translation.constant(id).orElseThrow()).values()[0])
                .orElse(0);
        return Optional.of(floatProduct(product,
                translation.value(product.a(), new Form.Reals(scale.get(), zero), wanted), rescale.weightScale(),
                true));
    }

    /** The product of both scales, computed before anything is multiplied by it, as Tern does. */
    private Optional<String> factor(Operation.Rescale rescale, Shape shape) {
        Optional<ValueId> activations = rescale.activationScale();
        Optional<ValueId> weights = rescale.weightScale();
        if (activations.isEmpty()) {
            return weights.map(scale -> translation.perChannel(scale, layout));
        }
        Optional<Float> known = translation.scalar(activations.get());
        if (known.isPresent() && weights.isPresent()) {
            float[] scales = translation.floats(weights.get()).clone();
            for (int i = 0; i < scales.length; i++) {
                scales[i] *= known.get();
            }
            return Optional.of(out().floats("scale", scales.length == 1
                    ? List.of()
                    : layout.perChannel(scales.length), scales));
        }
        String scale = quantizers().scale(activations.get(), shape);
        return Optional.of(weights.isEmpty()
                ? scale
                : out().node("Mul", List.of(scale, translation.perChannel(weights.get(), layout))));
    }
}
