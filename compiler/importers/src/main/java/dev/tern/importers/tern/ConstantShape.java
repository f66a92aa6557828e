package dev.tern.importers.tern;

import dev.tern.importers.network.Constant;
import dev.tern.importers.network.ForeignNetworkBuilder;
import dev.tern.importers.network.ForeignOrigin;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.NetworkOp;
import java.util.List;

/** Weights in another shape or order, their codes kept. */
final class ConstantShape {
    private static final ForeignOrigin HERE = new ForeignOrigin("weights", "");

    private ConstantShape() {
    }

    static Constant reshaped(Constant constant, List<Integer> shape) {
        return moved(constant, new NetworkOp.Reshape(shape));
    }

    static Constant transposed(Constant constant, List<Integer> order) {
        return moved(constant, new NetworkOp.Transpose(order));
    }

    /** The columns of [out, in] in another order. @param places where each comes from */
    static Constant columns(Constant constant, int[] places) {
        ForeignNetworkBuilder network = new ForeignNetworkBuilder();
        long[] indices = new long[places.length];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = places[i];
        }
        if (constant instanceof Constant.Coded coded && coded.scales().length > 1) {
            int[] codes = new int[coded.codes().length];
            for (int i = 0; i < codes.length; i++) {
                codes[i] = coded.codes()[i / places.length * places.length + places[i % places.length]];
            }
            return new Constant.Coded(coded.shape(), codes, coded.bits(), coded.narrow(), coded.scales(),
                    coded.axis());
        }
        ForeignValue gathered = network.add(new NetworkOp.Gather(1), HERE, network.constant("", constant),
                network.constant("", Constant.Integers.vector(indices)));
        return gathered.require("weights");
    }

    private static Constant moved(Constant constant, NetworkOp op) {
        ForeignNetworkBuilder network = new ForeignNetworkBuilder();
        return network.add(op, HERE, network.constant("", constant)).require("weights");
    }
}
