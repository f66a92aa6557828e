package dev.tern.importers.tflite;

import dev.tern.compiler.diagnostics.NearestNames;
import java.util.List;
import java.util.Map;

/** What to do about an operator that is not read. */
final class TfliteUnknownOperators {
    private static final String RECURRENT = "recurrent networks are not supported; a convolution along time often does "
            + "as well";
    private static final String CONTROL = "control flow is not supported: convert the model with fixed shapes and "
            + "without branches";
    private static final String FLEX = "convert the model without SELECT_TF_OPS, so that it holds operators of TFLite "
            + "alone";
    private static final String BOXES = "cut the model in front of it, and choose among its boxes in Java";
    private static final Map<String, String> HELP = Map.ofEntries(Map.entry("LSTM", RECURRENT),
            Map.entry("UNIDIRECTIONAL_SEQUENCE_LSTM", RECURRENT), Map.entry("BIDIRECTIONAL_SEQUENCE_LSTM", RECURRENT),
            Map.entry("RNN", RECURRENT), Map.entry("UNIDIRECTIONAL_SEQUENCE_RNN", RECURRENT),
            Map.entry("SVDF", RECURRENT), Map.entry("IF", CONTROL), Map.entry("WHILE", CONTROL),
            Map.entry("CALL_ONCE", CONTROL), Map.entry("VAR_HANDLE", RECURRENT),
            Map.entry("TFLite_Detection_PostProcess", BOXES), Map.entry("NON_MAX_SUPPRESSION_V4", BOXES),
            Map.entry("NON_MAX_SUPPRESSION_V5", BOXES));

    private TfliteUnknownOperators() {
    }

    static String help(TfliteOperator operator) {
        String known = HELP.get(operator.name());
        if (known != null) {
            return known;
        }
        if (operator.custom()) {
            return operator.name().startsWith("Flex")
                    ? FLEX
                    : "of custom operators those of Larq are read: cut the"
                            + " model in front of this node";
        }
        List<String> near = NearestNames.similar(operator.name(), TfliteOperatorTable.names());
        return near.isEmpty()
                ? "build the model of operators that Tern has, or cut it in front of this node"
                : "the nearest operators that it has are " + String.join(", ", near);
    }
}
