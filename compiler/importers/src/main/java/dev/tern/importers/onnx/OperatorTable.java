package dev.tern.importers.onnx;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Which operators are read, by domain and name. */
final class OperatorTable {
    private static final Set<String> STANDARD_DOMAINS = Set.of("", "ai.onnx", "com.microsoft");
    private static final Map<String, OnnxTranslator> STANDARD = new TreeMap<>();
    private static final Map<String, OnnxTranslator> QONNX = new TreeMap<>();
    private static final Map<String, OnnxTranslator> TERN = new TreeMap<>();

    static {
        ElementOperators.addTo(STANDARD);
        ProductOperators.addTo(STANDARD);
        NormOperators.addTo(STANDARD);
        MovementOperators.addTo(STANDARD);
        ShapeOperators.addTo(STANDARD);
        QuantizedOperators.addTo(STANDARD);
        ContribOperators.addTo(STANDARD);
        QonnxOperators.addTo(QONNX);
        TernOperators.addTo(TERN);
    }

    private OperatorTable() {
    }

    static Optional<OnnxTranslator> find(String domain, String name) {
        if (STANDARD_DOMAINS.contains(domain)) {
            // Some exporters leave the domain out.
            return Optional.ofNullable(STANDARD.getOrDefault(name, QONNX.get(name)));
        }
        if (domain.equals(TernOperators.DOMAIN)) {
            return Optional.ofNullable(TERN.get(name));
        }
        return QonnxOperators.DOMAINS.contains(domain) || domain.startsWith("onnx.finn")
                ? Optional.ofNullable(QONNX.get(name))
                : Optional.empty();
    }

    /** The names of all standard operators. */
    static Set<String> standard() {
        return STANDARD.keySet();
    }
}
