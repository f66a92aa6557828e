package dev.tern.importers.tern;

import dev.tern.compiler.foreign.ImportOptions;
import dev.tern.importers.network.Constant;
import dev.tern.importers.network.Extents;
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
        if (stored instanceof Constant.Grouped && factor != 1) {
            stored = new Constant.Floats(stored.shape(), stored.floats());
        }
        switch (stored) {
            case Constant.Coded coded when (coded.scales().length == 1 || coded.axis() == 0)
                    && quantizer.map(found -> fits(coded, found.scheme())).orElse(true) ->
                coded(coded, arguments, parameters);
            case Constant.Grouped grouped when grouped.axis() == grouped.shape().size() - 1 ->
                grouped(grouped, arguments, parameters);
            case Constant.Coded _,Constant.Grouped _,Constant.Floats _,Constant.Integers _ -> {
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

    /** Whether 32 bits hold the sums by codes of 16 bits; where not, weights are reals. */
    private static boolean fits(Constant.Coded weights, String scheme) {
        if (!scheme.startsWith("static(16,")) {
            return true;
        }
        long greatest = scheme.contains("zero:") || scheme.contains("unsigned") ? 0xffff : -Short.MIN_VALUE;
        return WeightCodes.greatestSum(weights) * greatest <= Integer.MAX_VALUE;
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

    /** Scales for each group of inputs. */
    private static void grouped(Constant.Grouped grouped, List<String> arguments, Map<String, Numbers> parameters) {
        List<Integer> shape = grouped.shape();
        int size = grouped.parts().getFirst().shape().getLast();
        byte[] codes = new byte[Extents.elements(shape)];
        int bits = 1;
        int least = 0;
        for (List<Constant.Coded> parts : List.of(grouped.parts(), grouped.negative())) {
            for (int group = 0; group < parts.size(); group++) {
                int[] part = parts.get(group).codes();
                bits = Math.max(bits, parts.get(group).bits());
                for (int i = 0; i < part.length; i++) {
                    codes[i / size * shape.getLast() + group * size + i % size] += (byte) part[i];
                    least = Math.min(least, part[i]);
                }
            }
        }
        String group = "scale: group(" + size + ")";
        if (!grouped.negative().isEmpty()) {
            arguments.add("weights: ternary(ttq, " + group + ")");
            parameters.put("weight.scale.positive", scales(grouped.parts()));
            parameters.put("weight.scale.negative", scales(grouped.negative()));
        } else {
            boolean ternary = bits == 2 && least >= -1;
            arguments.add("weights: " + (bits == 1
                    ? "binary(" + group
                    : ternary
                            ? "ternary(" + group
                            : "int(" + Math.max(3, bits) + ", " + group)
                    + ")");
            parameters.put("weight.scale", scales(grouped.parts()));
        }
        parameters.put("weight.codes", new Numbers.Codes(shape, codes));
    }

    /** [out, groups]. */
    private static Numbers scales(List<Constant.Coded> parts) {
        int groups = parts.size();
        int outputs = parts.getFirst().shape().getFirst();
        float[] scales = new float[outputs * groups];
        for (int i = 0; i < scales.length; i++) {
            float[] given = parts.get(i % groups).scales();
            scales[i] = given[given.length == 1 ? 0 : i / groups];
        }
        return new Numbers.Floats(List.of(outputs, groups), scales);
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
