package dev.tern.importers.tern;

import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.Node;
import dev.tern.importers.network.Value;
import dev.tern.importers.tern.Placed.Quantizer;

/** Quantizers: they wait for the layer that reads them. */
final class QuantizerPlacement {
    private final Site site;

    QuantizerPlacement(Site site) {
        this.site = site;
    }

    Placed place(Node node) {
        Value x = node.x();
        return switch (node.op()) {
            case NetworkOp.Binarize(float scale) -> site.real(x).with(new Quantizer("sign", scale));
            case NetworkOp.DynamicQuantize(int bits) ->
                site.real(x).with(new Quantizer("dynamic(" + bits + ")", 1));
            case NetworkOp.Quantize _ -> throw new ImportProblemException("fixed grids are not supported yet");
            case NetworkOp.Thresholds _ -> throw new ImportProblemException("thresholds are not supported yet");
            default -> throw new IllegalStateException(node.op() + " is no quantizer");
        };
    }
}
