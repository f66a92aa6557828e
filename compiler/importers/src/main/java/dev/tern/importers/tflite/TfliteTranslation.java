package dev.tern.importers.tflite;

import dev.tern.importers.network.CodeGrid;
import dev.tern.importers.network.ElementKind;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ForeignValue.Coding;
import dev.tern.importers.network.NetworkOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Translates a node by what its tensors hold: codes by integers alone where there is such arithmetic for them, else
 * reals, whose result is rounded to a code where the file has codes.
 */
final class TfliteTranslation {
    /** What gives elements of its inputs, so that their codes stay what they are. */
    private static final Set<String> CHOOSING = Set.of("RESHAPE", "SQUEEZE", "EXPAND_DIMS", "TRANSPOSE", "SPLIT",
            "SPLIT_V", "SLICE", "STRIDED_SLICE", "MAX_POOL_2D", "CONCATENATION", "GATHER", "PACK", "UNPACK",
            "DEPTH_TO_SPACE", "SPACE_TO_DEPTH", "RESIZE_NEAREST_NEIGHBOR", "PAD", "PADV2", "REDUCE_MAX", "REDUCE_MIN",
            "MAXIMUM", "MINIMUM", "BROADCAST_TO");

    private TfliteTranslation() {
    }

    /** A value for each of a node's results. */
    static List<ForeignValue> of(TfliteOperator operator, TfliteNode node) {
        Optional<ForeignValue> codes = operator.custom() ? Optional.empty() : onCodes(operator.name(), node);
        if (codes.isPresent()) {
            return List.of(codes.get());
        }
        TfliteNode reals = node.with(node.inputs().stream()
                .map(input -> input.map(value -> Codings.reals(node.network(), value))).toList());
        List<ForeignValue> results = TfliteOperatorTable.find(operator).orElseThrow().translate(reals);
        List<ForeignValue> coded = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            coded.add(i < node.results().size()
                    ? coded(operator.name(), node, results.get(i), node.results().get(i))
                    : results.get(i));
        }
        return coded;
    }

    private static Optional<ForeignValue> onCodes(String name, TfliteNode node) {
        boolean codes = node.results().size() == 1 && Codings.coded(node.result()) && !node.read().isEmpty()
                && node.read().getFirst() != null && Codings.coded(node.tensor(0));
        return codes
                ? TfliteQuantizedOperators.find(name).flatMap(operator -> operator.value(node))
                        .map(value -> node.network().coded(value, TensorData.kind(node.result()),
                                Optional.of(Codings.coding(node.result()))))
                : Optional.empty();
    }

    /** A result on the grid that the file has for it. */
    private static ForeignValue coded(String name, TfliteNode node, ForeignValue value, TfliteTensor result) {
        if (value.known() || value.coding().isPresent() || !result.quantization().present()) {
            return value;
        }
        ElementKind kind = TensorData.kind(result);
        if (!Codings.coded(result)) {
            return value;
        }
        Coding.Fixed coding = Codings.coding(result);
        if (!CHOOSING.contains(name) || !alike(node, coding)) {
            CodeGrid grid = Codings.grid(result);
            ForeignValue rounded = node.add(new NetworkOp.Quantize(new float[]{grid.scale()}, new long[]{grid.zero()},
                    0,
                    grid.lowest(), grid.highest(), NetworkOp.Quantize.Rounding.HALF_EVEN), value);
            return node.network().coded(rounded, kind, Optional.of(coding));
        }
        return node.network().coded(value, kind, Optional.of(coding));
    }

    /** Whether all that a node computes with has the same codes already. */
    private static boolean alike(TfliteNode node, Coding.Fixed coding) {
        return node.all().stream().filter(value -> value.coding().isPresent())
                .allMatch(value -> value.coding().get() instanceof Coding.Fixed other && other.same(coding));
    }
}
