package dev.tern.importers.tern;

import dev.tern.compiler.foreign.ImportOptions;
import dev.tern.importers.network.Constant;
import dev.tern.importers.network.WeightCodes;
import dev.tern.importers.tern.Call.Numbers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a layer with weights says of its schemes, and the numbers that go with them. */
final class LayerSchemes {
    private LayerSchemes() {
    }

    /** A layer's schemes and weights. */
    record SchemedLayer(List<String> arguments, Map<String, Numbers> parameters) {
    }

    /**
     * @param weights [out, ...]
     * @param quantizer of the input, where the file has one
     */
    static SchemedLayer of(Constant weights, Optional<Placed.Quantizer> quantizer) {
        List<String> arguments = new ArrayList<>();
        Map<String, Numbers> parameters = new HashMap<>();
        float factor = quantizer.map(Placed.Quantizer::factor).orElse(1f);
        Constant stored = quantizer.isPresent() ? WeightCodes.recognized(weights) : weights;
        if (stored instanceof Constant.Coded coded && factor != 1) {
            stored = WeightCodes.scaled(coded, factor);
        }
        switch (stored) {
            case Constant.Coded coded when coded.scales().length == 1 || coded.axis() == 0 ->
                coded(coded, arguments, parameters);
            case Constant.Coded _,Constant.Floats _,Constant.Integers _ -> {
                float[] values = weights.floats();
                if (factor != 1) {
                    values = values.clone();
                    for (int i = 0; i < values.length; i++) {
                        values[i] *= factor;
                    }
                }
                parameters.put("weight", new Numbers.Floats(weights.shape(), values));
            }
        }
        quantizer.ifPresent(found -> {
            arguments.add("activations: " + found.scheme());
            parameters.putAll(found.parameters());
        });
        return new SchemedLayer(arguments, parameters);
    }

    private static void coded(Constant.Coded coded, List<String> arguments,
            Map<String, Numbers> parameters) {
        byte[] codes = new byte[coded.codes().length];
        boolean ternary = coded.bits() == 2;
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) coded.codes()[i];
            ternary &= codes[i] >= -1;
        }
        float[] scales = coded.scales();
        boolean one = true;
        for (float scale : scales) {
            one &= scale == 1;
        }
        String scheme = coded.bits() == 1 ? "binary" : ternary ? "ternary" : "int";
        String scale = one ? "scale: none" : "";
        // Two bits are ternary in Tern; with -2 among the codes they take three.
        String inner = scheme.equals("int") ? Math.max(3, coded.bits()) + (one ? ", " + scale : "") : scale;
        arguments.add("weights: " + scheme + (inner.isEmpty() ? "" : "(" + inner + ")"));
        parameters.put("weight.codes", new Numbers.Codes(coded.shape(), codes));
        if (!one) {
            List<Integer> shape = scales.length == 1 ? List.of() : List.of(scales.length);
            parameters.put("weight.scale", new Numbers.Floats(shape, scales));
        }
    }

    /** Where {@code bias: true} goes among a layer's arguments: before its schemes. */
    static int biasPlace(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).startsWith("weights:") || arguments.get(i).startsWith("activations:")) {
                return i;
            }
        }
        return arguments.size();
    }

    /** Schemes that the user asks for, on a layer that the file leaves float. */
    static List<String> asked(Call layer, boolean end, ImportOptions options) {
        List<String> arguments = new ArrayList<>(layer.arguments());
        boolean coded = arguments.stream().anyMatch(a -> a.startsWith("weights:"));
        boolean quantized = arguments.stream().anyMatch(a -> a.startsWith("activations:"));
        Optional<String> weights = end && options.firstLast().isPresent() ? options.firstLast() : options.weights();
        Optional<String> activations = end && options.firstLast().isPresent()
                ? options.firstLast().filter(s -> s.startsWith("int(8")).map(_ -> "dynamic(8)")
                        .or(options::activations)
                : options.activations();
        if (!coded && !quantized) {
            weights.ifPresent(scheme -> arguments.add("weights: " + scheme));
        }
        if (!quantized) {
            activations.ifPresent(scheme -> arguments.add("activations: " + scheme));
        }
        return arguments;
    }

}
