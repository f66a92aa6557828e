package dev.tern.importers.tflite;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which operators are read, by name. */
final class TfliteOperatorTable {
    private static final Map<String, TfliteTranslator> BUILTIN = new TreeMap<>();
    private static final Map<String, TfliteTranslator> CUSTOM = new TreeMap<>();

    static {
        FloatProducts.addTo(BUILTIN);
        FloatElements.addTo(BUILTIN);
        Reductions.addTo(BUILTIN);
        TfliteMovements.addTo(BUILTIN);
        LarqOperators.addTo(CUSTOM);
        // A quantized tensor is carried as its reals: both only say how a tensor is stored.
        BUILTIN.put("QUANTIZE", (TfliteTranslator.Single) node -> node.in(0));
        BUILTIN.put("DEQUANTIZE", (TfliteTranslator.Single) node -> node.in(0));
    }

    private TfliteOperatorTable() {
    }

    static Optional<TfliteTranslator> find(TfliteOperator operator) {
        return Optional.ofNullable((operator.custom() ? CUSTOM : BUILTIN).get(operator.name()));
    }

    /** The names of all operators. */
    static List<String> names() {
        return List.copyOf(BUILTIN.keySet());
    }
}
