package dev.tern.importers.network.pass;

import dev.tern.importers.network.Constant;
import dev.tern.importers.network.Constant.Coded;
import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ForeignNetwork;
import dev.tern.importers.network.ForeignNode;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.WeightCodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A product with weights that are codes without a scale, times a constant for each output channel: the constant is the
 * scale of the weights. Compilers for low bits, and dynamically quantized models, write products so.
 */
final class FoldScales {
    private FoldScales() {
    }

    static ForeignNetwork run(ForeignNetwork network) {
        Rewriting uses = new Rewriting(network);
        List<ForeignNode> nodes = new ArrayList<>();
        for (ForeignNode node : network.nodes()) {
            nodes.add(factor(node).flatMap(factor -> folded(node, factor, uses)).orElse(node));
        }
        // The scaled product takes the place of the multiplication; the bare one is read by nobody.
        return Rewriting.with(network, nodes);
    }

    private static Optional<Constant> factor(ForeignNode node) {
        if (!(node.op() instanceof NetworkOp.Binary(var function))
                || function != NetworkOp.Binary.Function.MULTIPLY) {
            return Optional.empty();
        }
        return node.inputs().get(0).constant().or(() -> node.inputs().get(1).constant());
    }

    private static ForeignValue product(ForeignNode node) {
        return node.inputs().get(0).known() ? node.inputs().get(1) : node.inputs().get(0);
    }

    private static Optional<ForeignNode> folded(ForeignNode node, Constant factor, Rewriting uses) {
        ForeignValue product = product(node);
        Optional<ForeignNode> producer = uses.producer(product);
        boolean weighted = producer.isPresent() && producer.get().inputs().size() == 2 && uses.usedOnce(product)
                && node.output().shape().equals(product.shape());
        if (!weighted || product.coding().isPresent()) {
            return Optional.empty();
        }
        int channelAxis;
        int outAxis;
        switch (producer.get().op()) {
            case NetworkOp.Conv conv -> {
                channelAxis = conv.layout().channelAxis(product.rank());
                outAxis = 0;
            }
            case NetworkOp.ConvTranspose conv when conv.groups() == 1 -> {
                channelAxis = conv.layout().channelAxis(product.rank());
                outAxis = 0;
            }
            case NetworkOp.MatMul _ when producer.get().inputs().get(1).rank() == 2 -> {
                channelAxis = product.rank() - 1;
                outAxis = 1;
            }
            default -> {
                return Optional.empty();
            }
        }
        ForeignValue weights = producer.get().inputs().get(1);
        Optional<Coded> codes = weights.constant().map(WeightCodes::recognized).filter(Coded.class::isInstance)
                .map(Coded.class::cast).filter(c -> c.scales().length == 1 && c.scales()[0] == 1);
        return codes.flatMap(c -> scales(factor, product, channelAxis))
                .map(scales -> {
                    Coded coded = codes.get();
                    Constant scaled = WeightCodes.coded(coded.shape(), widened(coded.codes()), coded.bits(),
                            coded.narrow(), scales, outAxis);
                    return new ForeignNode(producer.get().op(), List.of(producer.get().x(),
                            new ForeignValue(weights.id(), weights.name(), weights.kind(), weights.shape(),
                                    Optional.of(scaled), Optional.empty())),
                            node.output(), producer.get().origin());
                });
    }

    private static long[] widened(int[] codes) {
        long[] wide = new long[codes.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = codes[i];
        }
        return wide;
    }

    /** One number, or one for each channel; empty where the constant is something else. */
    private static Optional<float[]> scales(Constant factor, ForeignValue product, int channelAxis) {
        float[] values = factor.floats();
        if (values.length == 1) {
            return Optional.of(values);
        }
        int axis = channelAxis - (product.rank() - factor.shape().size());
        boolean perChannel = axis >= 0 && factor.shape().get(axis).equals(product.size(channelAxis))
                && Extents.elements(factor.shape()) == product.size(channelAxis);
        return perChannel ? Optional.of(values) : Optional.empty();
    }
}
