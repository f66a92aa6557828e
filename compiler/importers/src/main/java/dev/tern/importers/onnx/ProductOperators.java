package dev.tern.importers.onnx;

import dev.tern.importers.network.ElementKind;
import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ForeignNode;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ForeignWindow;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.NetworkOp.Binary;
import dev.tern.importers.network.NetworkOp.Layout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Matrix products, convolutions, and windows in general. */
final class ProductOperators {
    private ProductOperators() {
    }

    static void addTo(Map<String, OnnxTranslator> operators) {
        operators.put("MatMul", (OnnxTranslator.Single) ProductOperators::matMul);
        operators.put("Gemm", (OnnxTranslator.Single) ProductOperators::gemm);
        operators.put("Conv", (OnnxTranslator.Single) node -> conv(node, Layout.CHANNELS_FIRST));
        operators.put("ConvTranspose", (OnnxTranslator.Single) ProductOperators::convTranspose);
        operators.put("MaxPool", (OnnxTranslator.Single) node -> pool(node, NetworkOp.Pool.Kind.MAX));
        operators.put("AveragePool", (OnnxTranslator.Single) node -> pool(node, NetworkOp.Pool.Kind.AVERAGE));
        operators.put("GlobalAveragePool", (OnnxTranslator.Single) node -> global(node, NetworkOp.Reduce.Kind.MEAN));
        operators.put("GlobalMaxPool", (OnnxTranslator.Single) node -> global(node, NetworkOp.Reduce.Kind.MAX));
    }

    private static ForeignValue matMul(OnnxNode node) {
        if (node.in(1).coding().isPresent()) {
            return CodedProducts.ofTwo(node, node.in(0), node.in(1), ElementKind.F32);
        }
        ForeignValue b = matrix(node, node.in(1));
        return CodedProducts.product(node, node.in(0), x -> PatchOperators.product(node, x, b)
                .orElseGet(() -> node.add(new NetworkOp.MatMul(), x, b)));
    }

    /** One matrix for all of a batch, without the ones that stand for its axes. */
    private static ForeignValue matrix(OnnxNode node, ForeignValue b) {
        int batch = b.rank() - 2;
        boolean one = b.known() && batch > 0 && b.rank() <= node.in(0).rank()
                && b.shape().subList(0, batch).stream().allMatch(size -> size == 1);
        return one ? node.reshape(b, b.shape().subList(batch, b.rank())) : b;
    }

    /** A product with a matrix whose rows got an axis before it and lose it behind: the product of the rows. */
    static Optional<ForeignValue> without(OnnxNode node, ForeignValue x, List<Integer> shape) {
        Optional<ForeignNode> product = node.network().producer(x)
                .filter(made -> made.op() instanceof NetworkOp.MatMul && made.inputs().get(1).rank() == 2
                        && made.inputs().get(1).known());
        Optional<ForeignValue> rows = product.flatMap(made -> node.network().producer(made.x()))
                .filter(made -> made.op() instanceof NetworkOp.Reshape).map(ForeignNode::x)
                .filter(from -> from.rank() == shape.size() && from.rank() > 1 && from.shape().subList(0, from.rank()
                        - 1).equals(shape.subList(0, shape.size() - 1))
                        && from.shape().getLast().equals(product.get().x().shape().getLast()));
        return rows.map(from -> node.network().coded(node.add(new NetworkOp.MatMul(),
                node.network().coded(from, ElementKind.F32, Optional.empty()), product.get().inputs().get(1)),
                x.kind(), x.coding()));
    }

    private static ForeignValue gemm(OnnxNode node) {
        ForeignValue a = node.integer("transA", 0) == 0 ? node.in(0) : node.transpose(node.in(0), List.of(1, 0));
        ForeignValue b = node.integer("transB", 0) == 0 ? node.in(1) : node.transpose(node.in(1), List.of(1, 0));
        ForeignValue product = node.add(new NetworkOp.MatMul(), a, times(node, b, node.decimal("alpha", 1)));
        if (node.find(2).isEmpty()) {
            return product;
        }
        return node.binary(Binary.Function.ADD, product, times(node, node.in(2), node.decimal("beta", 1)));
    }

    private static ForeignValue times(OnnxNode node, ForeignValue value, float factor) {
        return factor == 1 ? value : node.binary(Binary.Function.MULTIPLY, value, node.network().scalar(factor));
    }

    /** [out, in / groups, ...kernel] as [out, ...kernel, in / groups]. */
    static ForeignValue channelsLast(OnnxNode node, ForeignValue weights) {
        requireKernel(weights);
        List<Integer> order = new ArrayList<>(Extents.range(weights.rank()));
        order.add(order.remove(1));
        return node.transpose(weights, order);
    }

    private static void requireKernel(ForeignValue weights) {
        if (weights.rank() < 3) {
            throw new ImportProblemException("weights of shape " + weights.shape() + " are not those of a convolution");
        }
    }

    static ForeignValue conv(OnnxNode node, Layout layout) {
        return CodedProducts.product(node, node.in(0), x -> conv(node, x, layout));
    }

    private static ForeignValue conv(OnnxNode node, ForeignValue x, Layout layout) {
        List<ForeignValue> operands = new ArrayList<>();
        operands.add(x);
        operands.add(layout == Layout.CHANNELS_FIRST ? channelsLast(node, node.in(1)) : node.in(1));
        node.find(2).ifPresent(operands::add);
        ForeignWindow window = window(node, x, operands.get(1).shape().subList(1, operands.get(1).rank() - 1), layout);
        return node.add(new NetworkOp.Conv(window, (int) node.integer("group", 1), layout), operands);
    }

    /** The window that a node's attributes describe. @param kernel where no attribute says it */
    static ForeignWindow window(OnnxNode node, ForeignValue x, List<Integer> kernel, Layout layout) {
        List<Integer> sizes = node.integers("kernel_shape").orElse(kernel);
        int rank = sizes.size();
        if (x.rank() != rank + 2) {
            throw new ImportProblemException(
                    "a window of " + sizes + " does not go with an input of shape " + x.shape());
        }
        List<Integer> pads = node.integers("pads").orElse(Collections.nCopies(2 * rank, 0));
        if (pads.size() != 2 * rank) {
            throw new ImportProblemException("pads " + pads + " do not go with a window of " + sizes);
        }
        List<Integer> ones = Collections.nCopies(rank, 1);
        ForeignWindow window = new ForeignWindow(sizes, node.integers("strides").orElse(ones),
                node.integers("dilations").orElse(ones), pads.subList(0, rank), pads.subList(rank, 2 * rank));
        List<Integer> spatial = x.shape().subList(layout.firstSpatial(), layout.firstSpatial() + rank);
        return switch (node.text("auto_pad", "NOTSET")) {
            case "SAME_UPPER" -> window.same(spatial, ForeignWindow.AutoPad.SAME_UPPER);
            case "SAME_LOWER" -> window.same(spatial, ForeignWindow.AutoPad.SAME_LOWER);
            case "VALID" -> new ForeignWindow(sizes, window.strides(), window.dilations(), Collections.nCopies(rank, 0),
                    Collections.nCopies(rank, 0));
            default -> window;
        };
    }

    private static ForeignValue convTranspose(OnnxNode node) {
        return CodedProducts.product(node, node.in(0), x -> convTranspose(node, x));
    }

    private static ForeignValue convTranspose(OnnxNode node, ForeignValue x) {
        ForeignValue weights = node.in(1);
        requireKernel(weights);
        int rank = weights.rank() - 2;
        List<Integer> more = new ArrayList<>(node.integers("output_padding").orElse(Collections.nCopies(rank, 0)));
        ForeignWindow window = transposedWindow(node, x, weights.shape().subList(2, weights.rank()), more);
        if (rank > 1) {
            return convTranspose(node, x, weights, window, more);
        }
        // A line is a picture of one row.
        ForeignWindow flat = new ForeignWindow(flat(1, window.kernel()), flat(1, window.strides()), flat(1, window
                .dilations()),
                flat(0, window.before()), flat(0, window.after()));
        ForeignValue row = convTranspose(node, withRow(node, x), withRow(node, weights), flat, flat(0, more));
        return node.reshape(row, List.of(row.size(0), row.size(1), row.size(3)));
    }

    private static List<Integer> flat(int first, List<Integer> one) {
        return List.of(first, one.getFirst());
    }

    private static ForeignValue withRow(OnnxNode node, ForeignValue value) {
        return node.reshape(value, List.of(value.size(0), value.size(1), 1, value.size(2)));
    }

    private static ForeignValue convTranspose(OnnxNode node, ForeignValue x, ForeignValue weights, ForeignWindow window,
            List<Integer> more) {
        // [in, out / groups, ...kernel] to [out / groups, ...kernel, in].
        List<Integer> order = new ArrayList<>(Extents.range(weights.rank()));
        order.add(order.remove(0));
        List<ForeignValue> operands = new ArrayList<>(List.of(x, node.transpose(weights, order)));
        int rank = window.rank();
        boolean unreached = Extents.range(rank).stream().anyMatch(i -> more.get(i) > window.after().get(i));
        Optional<ForeignValue> bias = node.find(2);
        if (!unreached) {
            bias.ifPresent(operands::add);
        }
        ForeignValue result = node.add(new NetworkOp.ConvTranspose(window, (int) node.integer("group", 1), more,
                Layout.CHANNELS_FIRST), operands);
        if (unreached && bias.isPresent()) {
            // Places that no input reaches hold the bias alone.
            List<Integer> stretched = new ArrayList<>(List.of(bias.get().size(0)));
            stretched.addAll(Collections.nCopies(rank, 1));
            return node.binary(Binary.Function.ADD, result, node.reshape(bias.get(), stretched));
        }
        return result;
    }

    /** Explicit pads, or those that give a wanted output; {@code more} grows where that is larger than all there is. */
    private static ForeignWindow transposedWindow(OnnxNode node, ForeignValue x, List<Integer> kernel,
            List<Integer> more) {
        int rank = kernel.size();
        List<Integer> ones = Collections.nCopies(rank, 1);
        List<Integer> strides = node.integers("strides").orElse(ones);
        List<Integer> dilations = node.integers("dilations").orElse(ones);
        String auto = node.text("auto_pad", "NOTSET");
        boolean same = auto.startsWith("SAME");
        if (!same && !node.has("output_shape")) {
            List<Integer> pads = auto.equals("VALID")
                    ? Collections.nCopies(2 * rank, 0)
                    : node.integers("pads").orElse(Collections.nCopies(2 * rank, 0));
            return new ForeignWindow(kernel, strides, dilations, pads.subList(0, rank), pads.subList(rank, 2 * rank));
        }
        List<Integer> before = new ArrayList<>();
        List<Integer> after = new ArrayList<>();
        List<Integer> wanted = node.integers("output_shape").map(s -> s.subList(s.size() - rank, s.size()))
                .orElse(List.of());
        for (int i = 0; i < rank; i++) {
            int size = x.size(i + 2);
            int output = wanted.isEmpty() ? size * strides.get(i) : wanted.get(i);
            int beyond = strides.get(i) * (size - 1) + more.get(i) + (kernel.get(i) - 1) * dilations.get(i) + 1
                    - output;
            int total = Math.max(0, beyond);
            more.set(i, more.get(i) + total - beyond);
            int half = total / 2;
            // The odd one goes after with SAME_UPPER, before otherwise.
            before.add(auto.equals("SAME_UPPER") ? half : total - half);
            after.add(auto.equals("SAME_UPPER") ? total - half : half);
        }
        return new ForeignWindow(kernel, strides, dilations, before, after);
    }

    private static ForeignValue pool(OnnxNode node, NetworkOp.Pool.Kind kind) {
        if (node.outputs() > 1) {
            throw new ImportProblemException("the places of the greatest elements (its second output) are not"
                    + " supported");
        }
        if (node.integer("storage_order", 0) != 0) {
            throw new ImportProblemException("column-major storage is not supported");
        }
        List<Integer> kernel = node.integers("kernel_shape")
                .orElseThrow(() -> new ImportProblemException("`kernel_shape` is missing"));
        ForeignWindow window = window(node, node.in(0), kernel, Layout.CHANNELS_FIRST);
        NetworkOp.Pool pool = new NetworkOp.Pool(kind, window, node.integer("ceil_mode", 0) != 0,
                node.integer("count_include_pad", 0) != 0, Layout.CHANNELS_FIRST);
        return PoolTaps.of(node, pool, node.in(0)).orElseGet(() -> node.add(pool, node.in(0)));
    }

    private static ForeignValue global(OnnxNode node, NetworkOp.Reduce.Kind kind) {
        int rank = node.in(0).rank();
        return node.add(new NetworkOp.Reduce(kind, Extents.range(rank).subList(Math.min(2, rank), rank), true),
                node.in(0));
    }
}
