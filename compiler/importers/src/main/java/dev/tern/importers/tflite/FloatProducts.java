package dev.tern.importers.tflite;

import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ForeignWindow;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.NetworkOp.Layout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Matrix products, convolutions and pools of reals. */
final class FloatProducts {
    private FloatProducts() {
    }

    static void addTo(Map<String, TfliteTranslator> operators) {
        operators.put("CONV_2D", (TfliteTranslator.Single) FloatProducts::conv);
        operators.put("DEPTHWISE_CONV_2D", (TfliteTranslator.Single) FloatProducts::depthwise);
        operators.put("TRANSPOSE_CONV", (TfliteTranslator.Single) FloatProducts::transposed);
        operators.put("FULLY_CONNECTED", (TfliteTranslator.Single) FloatProducts::fullyConnected);
        operators.put("BATCH_MATMUL", (TfliteTranslator.Single) FloatProducts::matMul);
        operators.put("AVERAGE_POOL_2D", (TfliteTranslator.Single) node -> pool(node, NetworkOp.Pool.Kind.AVERAGE));
        operators.put("MAX_POOL_2D", (TfliteTranslator.Single) node -> pool(node, NetworkOp.Pool.Kind.MAX));
    }

    private static ForeignValue conv(TfliteNode node) {
        return node.activated(node.add(convolution(node), operands(node, node.in(1))), node.activation(3));
    }

    /** Input, weights, and a bias where there is one. */
    private static List<ForeignValue> operands(TfliteNode node, ForeignValue weights) {
        List<ForeignValue> operands = new ArrayList<>(List.of(node.in(0), weights));
        node.find(2).ifPresent(operands::add);
        return operands;
    }

    /** The convolution that a CONV_2D is. */
    static NetworkOp.Conv convolution(TfliteNode node) {
        ForeignValue x = node.in(0);
        ForeignValue weights = node.in(1);
        requirePicture(x);
        requirePicture(weights);
        List<Integer> kernel = weights.shape().subList(1, 3);
        ForeignWindow window = padded(x, new ForeignWindow(kernel, List.of(node.i32(2, 0), node.i32(1, 0)),
                List.of(node.i32(5, 1), node.i32(4, 1)), Collections.nCopies(2, 0), Collections.nCopies(2, 0)),
                node.i8(0, 0));
        return new NetworkOp.Conv(window, groups(x, weights), Layout.CHANNELS_LAST);
    }

    private static int groups(ForeignValue x, ForeignValue weights) {
        int each = weights.size(3);
        if (each < 1 || x.size(3) % each != 0) {
            throw new ImportProblemException("weights of shape " + weights.shape()
                    + " do not go with an input of shape "
                    + x.shape());
        }
        return x.size(3) / each;
    }

    static void requirePicture(ForeignValue x) {
        if (x.rank() != 4) {
            throw new ImportProblemException("four axes are needed where the shape is " + x.shape());
        }
    }

    /** A window with TFLite's padding: 0 is SAME, with the odd place behind; 1 is VALID. */
    static ForeignWindow padded(ForeignValue x, ForeignWindow window, int padding) {
        return padding == 0 ? window.same(x.shape().subList(1, 3), ForeignWindow.AutoPad.SAME_UPPER) : window;
    }

    private static ForeignValue depthwise(TfliteNode node) {
        ForeignValue weights = depthwiseWeights(node, node.in(1));
        return node.activated(node.add(depthwiseConvolution(node), operands(node, weights)), node.activation(4));
    }

    /** [1, h, w, out] as [out, h, w, 1]. */
    static ForeignValue depthwiseWeights(TfliteNode node, ForeignValue weights) {
        requirePicture(weights);
        return node.transpose(weights, List.of(3, 1, 2, 0));
    }

    /** The convolution that a DEPTHWISE_CONV_2D is. */
    static NetworkOp.Conv depthwiseConvolution(TfliteNode node) {
        ForeignValue x = node.in(0);
        ForeignValue weights = node.in(1);
        requirePicture(x);
        requirePicture(weights);
        List<Integer> kernel = weights.shape().subList(1, 3);
        ForeignWindow window = padded(x, new ForeignWindow(kernel, List.of(node.i32(2, 0), node.i32(1, 0)),
                List.of(node.i32(6, 1), node.i32(5, 1)), Collections.nCopies(2, 0), Collections.nCopies(2, 0)),
                node.i8(0, 0));
        return new NetworkOp.Conv(window, x.size(3), Layout.CHANNELS_LAST);
    }

    /** Inputs are the result's shape, the weights [out, h, w, in], the data, and maybe a bias. */
    private static ForeignValue transposed(TfliteNode node) {
        List<Integer> shape = node.whole(0, "output_shape");
        ForeignValue weights = node.in(1);
        ForeignValue x = node.in(2);
        requirePicture(x);
        requirePicture(weights);
        if (shape.size() != 4) {
            throw new ImportProblemException("the output's shape " + shape + " has not four axes");
        }
        List<Integer> kernel = weights.shape().subList(1, 3);
        List<Integer> strides = List.of(node.i32(2, 0), node.i32(1, 0));
        List<Integer> before = new ArrayList<>();
        List<Integer> after = new ArrayList<>();
        List<Integer> more = new ArrayList<>();
        for (int axis = 0; axis < 2; axis++) {
            // What a convolution from the result back to the input would be padded by.
            int whole = (x.size(axis + 1) - 1) * strides.get(axis) + kernel.get(axis);
            int cut = node.i8(0, 0) == 0 ? Math.max(0, whole - shape.get(axis + 1)) : 0;
            before.add(cut / 2);
            after.add(cut - cut / 2);
            more.add(Math.max(0, shape.get(axis + 1) - whole));
        }
        ForeignWindow window = new ForeignWindow(kernel, strides, List.of(1, 1), before, after);
        List<ForeignValue> operands = new ArrayList<>(List.of(x, weights));
        node.find(3).ifPresent(operands::add);
        return node.activated(node.add(new NetworkOp.ConvTranspose(window, 1, more, Layout.CHANNELS_LAST), operands),
                node.activation(3));
    }

    private static ForeignValue fullyConnected(TfliteNode node) {
        ForeignValue x = rows(node);
        ForeignValue product = node.add(new NetworkOp.MatMul(), x, columns(node));
        ForeignValue biased = node.find(2).map(bias -> node.binary(NetworkOp.Binary.Function.ADD, product, bias))
                .orElse(product);
        return node.activated(biased, node.activation(0));
    }

    /** The input of a FULLY_CONNECTED as [rows, in], or with its own axes before the last where they are kept. */
    static ForeignValue rows(TfliteNode node) {
        ForeignValue x = node.in(0);
        ForeignValue weights = node.in(1);
        int in = weights.shape().getLast();
        if (weights.rank() != 2 || in == 0 || Extents.elements(x.shape()) % in != 0) {
            throw new ImportProblemException("weights of shape " + weights.shape()
                    + " do not go with an input of shape " + x.shape());
        }
        boolean kept = node.truth(2) && x.rank() > 0 && x.shape().getLast() == in;
        return kept ? x : node.reshape(x, List.of(Extents.elements(x.shape()) / in, in));
    }

    /** The weights of a FULLY_CONNECTED as [in, out]. */
    static ForeignValue columns(TfliteNode node) {
        if (node.i8(1, 0) != 0) {
            throw new ImportProblemException("shuffled weights are not supported");
        }
        return node.transpose(node.in(1), List.of(1, 0));
    }

    private static ForeignValue matMul(TfliteNode node) {
        ForeignValue x = node.truth(0) ? lastTwoTurned(node, node.in(0)) : node.in(0);
        ForeignValue y = node.truth(1) ? lastTwoTurned(node, node.in(1)) : node.in(1);
        return node.add(new NetworkOp.MatMul(), x, y);
    }

    private static ForeignValue lastTwoTurned(TfliteNode node, ForeignValue x) {
        if (x.rank() < 2) {
            throw new ImportProblemException("two axes are needed where the shape is " + x.shape());
        }
        List<Integer> order = new ArrayList<>(Extents.range(x.rank()));
        Collections.swap(order, x.rank() - 1, x.rank() - 2);
        return node.transpose(x, order);
    }

    private static ForeignValue pool(TfliteNode node, NetworkOp.Pool.Kind kind) {
        return node.activated(node.add(pooling(node, kind), node.in(0)), node.activation(5));
    }

    /** The pool that a node is. */
    static NetworkOp.Pool pooling(TfliteNode node, NetworkOp.Pool.Kind kind) {
        ForeignValue x = node.in(0);
        requirePicture(x);
        ForeignWindow window = padded(x, new ForeignWindow(List.of(node.i32(4, 0), node.i32(3, 0)),
                List.of(node.i32(2, 0), node.i32(1, 0)), List.of(1, 1), List.of(0, 0), List.of(0, 0)), node.i8(0, 0));
        return new NetworkOp.Pool(kind, window, false, false, Layout.CHANNELS_LAST);
    }
}
