package dev.tern.importers.onnx;

import dev.tern.importers.network.Constant;
import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ForeignNode;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ForeignWindow;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.NetworkOp.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Im2Col, which lays the window of each place of a picture [n, height, width, channels] out as a row
 * [kernel height, kernel width, channels]: a convolution whose weights pick one element each. With a matrix product
 * behind it, it is the convolution that it was made from.
 */
final class PatchOperators {
    private static final String NAME = "Im2Col";

    private PatchOperators() {
    }

    static ForeignValue patches(OnnxNode node) {
        ForeignValue x = node.in(0);
        if (x.rank() != 4) {
            throw new ImportProblemException("patches of a value of shape " + x.shape() + " are not supported");
        }
        List<Integer> kernel = pair(node, "kernel_size", 1);
        List<Integer> pads = node.integers("pad_amount").filter(list -> !list.isEmpty())
                .orElse(List.of(0, 0, 0, 0));
        if (pads.size() != 4) {
            throw new ImportProblemException("pads " + pads + " do not go with a window of " + kernel);
        }
        float outside = node.integer("pad_value", 0);
        ForeignWindow window = new ForeignWindow(kernel, pair(node, "stride", 1), pair(node, "dilations", 1), pads
                .subList(0, 2),
                pads.subList(2, 4));
        if (outside != 0 && window.padded()) {
            x = node.add(new NetworkOp.Pad(List.of(0, pads.get(0), pads.get(1), 0),
                    List.of(0, pads.get(2), pads.get(3), 0), outside), x);
            window = new ForeignWindow(kernel, window.strides(), window.dilations(), List.of(0, 0), List.of(0, 0));
        }
        int channels = x.size(3);
        int rows = Extents.elements(List.of(kernel.get(0), kernel.get(1), channels));
        List<Integer> shape = List.of(rows, kernel.get(0), kernel.get(1), channels);
        float[] picks = new float[Extents.elements(shape)];
        node.network().countComputed(picks.length);
        for (int i = 0; i < rows; i++) {
            picks[i * rows + i] = 1;
        }
        return node.add(new NetworkOp.Conv(window, 1, Layout.CHANNELS_LAST), x,
                node.constant(new Constant.Floats(shape, picks)));
    }

    /** One number for both axes, or two. */
    private static List<Integer> pair(OnnxNode node, String name, int otherwise) {
        List<Integer> listed = node.integers(name).orElse(List.of());
        int one = listed.size() == 1 ? listed.getFirst() : OnnxNode.whole(node.integer(name, otherwise));
        return listed.size() > 1 ? listed : List.of(one, one);
    }

    /** The convolution that a product of patches with a matrix [rows, outputs] is; empty for other products. */
    static Optional<ForeignValue> product(OnnxNode node, ForeignValue x, ForeignValue matrix) {
        Optional<ForeignNode> made = node.network().producer(x).filter(of -> of.origin().operator().equals(NAME));
        if (made.isEmpty() || !(made.get().op() instanceof NetworkOp.Conv conv) || !matrix.known()
                || matrix.rank() != 2) {
            return Optional.empty();
        }
        List<Integer> apart = new ArrayList<>(conv.window().kernel());
        apart.add(made.get().x().size(3));
        apart.add(matrix.size(1));
        ForeignValue weights = node.transpose(node.reshape(matrix, apart), List.of(3, 0, 1, 2));
        return Optional.of(node.add(conv, made.get().x(), weights));
    }
}
