package dev.tern.importers.onnx;

import dev.tern.compiler.diagnostics.NearestNames;
import dev.tern.importers.onnx.schema.NodeProto;
import java.util.List;
import java.util.Map;

/** What to do about an operator that is not read. */
final class UnknownOperators {
    private static final String RECURRENT = "recurrent networks are not supported; a convolution along time often does "
            + "as well";
    private static final String CONTROL = "control flow is not supported: export the model with fixed shapes and "
            + "without branches";
    private static final Map<String, String> HELP = Map.ofEntries(Map.entry("LSTM", RECURRENT),
            Map.entry("GRU", RECURRENT), Map.entry("RNN", RECURRENT), Map.entry("If", CONTROL),
            Map.entry("Loop", CONTROL), Map.entry("Scan", CONTROL), Map.entry("NonMaxSuppression",
                    "cut the model in front of it, and choose among its boxes in Java"),
            Map.entry("NonZero", "its result has no fixed shape: cut the model in front of it"));

    private UnknownOperators() {
    }

    static String help(NodeProto node) {
        String known = HELP.get(node.getOpType());
        if (known != null) {
            return known;
        }
        List<String> near = NearestNames.similar(node.getOpType(), List.copyOf(OperatorTable.standard()));
        return near.isEmpty()
                ? "export the model with operators of the standard (onnx.ai) or of QONNX, or cut it in front of this"
                        + " node"
                : "the nearest operators that it has are " + String.join(", ", near);
    }
}
