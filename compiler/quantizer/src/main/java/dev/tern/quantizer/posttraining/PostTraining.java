package dev.tern.quantizer.posttraining;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.meaning.Meaning;
import dev.tern.quantizer.FloatTwin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Quantizes a model layer by layer, from its inputs on. Each layer is fitted to what the float model's layer gives on
 * the same samples, from what the layers before it give once they are quantized: so a layer makes up for errors of
 * those before it. Weights get their codes from {@link CodeSearch}; biases, and the means and variances of batch
 * normalization, are corrected by what is left.
 *
 * <p>The model and the float model are computed node by node for all samples at once, as the graph defines them.
 */
public final class PostTraining {
    private final Graph graph;
    private final Graph floatGraph;
    private final Map<ValueId, Node> definitions;
    private final Map<ValueId, Node> twin;
    private final Map<ValueId, ProductSite> sites;
    private final Set<ValueId> sampled = new HashSet<>();
    private final Map<ValueId, Integer> lastUse = new HashMap<>();
    private final List<List<Tensor>> samples;
    private final Rounding rounding;
    private final Map<ValueId, Tensor> floatConstants = new HashMap<>();
    private final Map<ValueId, Tensor> constants = new HashMap<>();
    private final Map<ValueId, Tensor[]> floatValues = new HashMap<>();
    private final Map<ValueId, Tensor[]> values = new HashMap<>();
    private final Map<String, Tensor.Floats> floats = new LinkedHashMap<>();
    private final Map<String, QuantizedParameters.Codes> codes = new LinkedHashMap<>();
    private final List<LayerFit> fits = new ArrayList<>();

    private PostTraining(Graph graph, Map<String, Tensor.Floats> parameters, List<List<Tensor>> samples,
            Rounding rounding) {
        this.graph = graph;
        this.samples = samples;
        this.rounding = rounding;
        definitions = graph.definitions();
        floatGraph = FloatTwin.of(graph);
        twin = floatGraph.definitions();
        sites = ProductSite.of(graph);
        for (Node node : graph.nodes()) {
            if (node.operation() instanceof Operation.Input
                    || node.operation().operands().stream().anyMatch(sampled::contains)) {
                sampled.add(node.id());
            }
            if (node.operation() instanceof Operation.Parameter(String path, _)) {
                Tensor.Floats tensor = parameters.get(path);
                floats.put(path, tensor);
                floatConstants.put(node.id(), tensor);
                constants.put(node.id(), tensor);
            }
        }
        countUses();
    }

    /**
     * Quantizes a model.
     *
     * @param graph as analyzed, its parameters not bound; what its schemes leave float stays as it is
     * @param parameters of the float model, by path; of calibrated ranges, too
     * @param samples each the model's inputs in the order of its signature; at least one
     * @throws IllegalArgumentException if a parameter is missing
     */
    public static QuantizedModel quantize(Graph graph, Map<String, Tensor.Floats> parameters,
            List<List<Tensor>> samples, Rounding rounding) {
        for (Node node : graph.nodes()) {
            if (node.operation() instanceof Operation.Parameter(String path, _) && !parameters.containsKey(path)) {
                throw new IllegalArgumentException("no numbers for " + path);
            }
        }
        return new PostTraining(graph, parameters, samples, rounding).run();
    }

    /** The place after which no node, of the model or of the float model, needs a value any more. */
    private void countUses() {
        int place = 0;
        for (Node node : graph.nodes()) {
            for (ValueId operand : node.operation().operands()) {
                lastUse.put(operand, place);
            }
            if (twin.containsKey(node.id())) {
                for (ValueId operand : twin.get(node.id()).operation().operands()) {
                    lastUse.put(operand, place);
                }
            }
            place++;
        }
        shown(graph).forEach(id -> lastUse.put(id, Integer.MAX_VALUE));
        shown(floatGraph).forEach(id -> lastUse.put(id, Integer.MAX_VALUE));
    }

    /** The outputs, those of a softmax as they go into it: errors of small probabilities count as others do. */
    private static List<ValueId> shown(Graph graph) {
        Map<ValueId, Node> definitions = graph.definitions();
        return graph.outputs().stream().map(output -> definitions.get(output.value())
                .operation() instanceof Operation.Softmax(ValueId x) ? x : output.value()).toList();
    }

    private QuantizedModel run() {
        int place = 0;
        for (Node node : graph.nodes()) {
            if (sampled.contains(node.id())) {
                visit(node);
            }
            int now = place++;
            values.keySet().removeIf(id -> lastUse.getOrDefault(id, -1) <= now);
            floatValues.keySet().removeIf(id -> lastUse.getOrDefault(id, -1) <= now);
        }
        List<Tensor[]> outputs = shown(graph).stream().map(values::get).toList();
        List<Tensor[]> wanted = shown(floatGraph).stream().map(floatValues::get).toList();
        Map<String, Tensor.Floats> kept = new LinkedHashMap<>(floats);
        kept.keySet().removeAll(codes.keySet());
        Map<String, Integer> bits = new LinkedHashMap<>();
        sites.values().forEach(site -> bits.put(site.path(),
                ((ElementType.Code) site.codes().type().element()).bits()));
        return new QuantizedModel(new QuantizedParameters(kept, codes, bits), fits, outputs, wanted);
    }

    private void visit(Node node) {
        if (twin.containsKey(node.id())) {
            floatValues.put(node.id(), all(twin.get(node.id()), floatValues, true));
        }
        if (sites.containsKey(node.id())) {
            fit(sites.get(node.id()));
        }
        if (node.operation() instanceof Operation.BatchNorm norm) {
            correct(norm);
        }
        values.put(node.id(), untouched(node) ? floatValues.get(node.id()) : all(node, values, false));
        ProductSite.bias(node, definitions).filter(bias -> corrects(node)).ifPresent(bias -> {
            correct(node, bias);
            values.put(node.id(), all(node, values, false));
        });
    }

    /** Whether nothing before a node is quantized, so that its values are those of the float model. */
    private boolean untouched(Node node) {
        if (!node.equals(twin.get(node.id()))) {
            return false;
        }
        for (ValueId operand : node.operation().operands()) {
            boolean same = sampled.contains(operand)
                    ? values.get(operand) == floatValues.get(operand)
                    : constant(operand, false).equals(constant(operand, true));
            if (!same) {
                return false;
            }
        }
        return true;
    }

    /** Whether a node adds its bias to a product that is quantized. */
    private boolean corrects(Node node) {
        ValueId x = ((Operation.Elementwise) node.operation()).left();
        while (definitions.get(x).operation() instanceof Operation.Reshape(ValueId inner)) {
            x = inner;
        }
        return definitions.get(x).operation() instanceof Operation.Rescale(ValueId product, _, _)
                && definitions.get(product).operation() instanceof Operation.Product;
    }

    /** A node's value for each sample. */
    private Tensor[] all(Node node, Map<ValueId, Tensor[]> from, boolean real) {
        Tensor[] result = new Tensor[samples.size()];
        List<ValueId> operands = node.operation().operands();
        List<Tensor> fixed = operands.stream().map(id -> sampled.contains(id) ? null : constant(id, real)).toList();
        IntStream.range(0, result.length).parallel().forEach(sample -> {
            if (node.operation() instanceof Operation.Input input) {
                result[sample] = samples.get(sample).get(input.index());
                return;
            }
            List<Tensor> given = IntStream.range(0, operands.size())
                    .mapToObj(i -> fixed.get(i) != null ? fixed.get(i) : from.get(operands.get(i))[sample]).toList();
            result[sample] = Meaning.evaluate(node.operation(), node.type(), given);
        });
        return result;
    }

    /** A value that is the same for all samples. */
    private Tensor constant(ValueId id, boolean real) {
        Map<ValueId, Tensor> known = real ? floatConstants : constants;
        Tensor found = known.get(id);
        if (found == null) {
            Node node = (real ? twin : definitions).get(id);
            found = Meaning.evaluate(node.operation(), node.type(),
                    node.operation().operands().stream().map(operand -> constant(operand, real)).toList());
            known.put(id, found);
        }
        return found;
    }

    private void fit(ProductSite site) {
        Operation.Product product = (Operation.Product) site.product().operation();
        Operation.Product floatProduct = (Operation.Product) twin.get(site.product().id()).operation();
        List<float[]> reals = reals(product, site.activationScale());
        List<float[]> wanted = Arrays.stream(floatValues.get(floatProduct.a()))
                .map(value -> ((Tensor.Floats) value).values()).toList();
        LayerFit.Found found = LayerFit.of(site, reals, wanted, definitions.get(product.a()).type().shape(),
                floats.get(site.path()), rounding);
        constants.put(site.codes().id(), found.codes());
        site.scale().ifPresent(scale -> constants.put(scale.id(), found.scale()));
        codes.put(site.path(), new QuantizedParameters.Codes(found.codes(),
                site.scale().map(_ -> found.scale())));
        fits.add(found.fit());
    }

    /** What a product's operand stands for. */
    private List<float[]> reals(Operation.Product product, Optional<ValueId> scale) {
        Tensor[] operands = values.get(product.a());
        List<float[]> reals = new ArrayList<>();
        for (int sample = 0; sample < operands.length; sample++) {
            float[] scales = scale.isEmpty() ? new float[]{1} : ((Tensor.Floats) one(scale.get(), sample)).values();
            int[] zeros = product.zero().isEmpty()
                    ? new int[]{0}
                    : ((Tensor.Integers) one(product.zero().get(), sample)).values();
            float[] real = switch (operands[sample]) {
                case Tensor.Floats(_, float[] x) -> x.clone();
                case Tensor.Integers(_, int[] x) -> {
                    float[] copy = new float[x.length];
                    for (int i = 0; i < x.length; i++) {
                        copy[i] = x[i];
                    }
                    yield copy;
                }
            };
            for (int i = 0; i < real.length; i++) {
                int row = (int) ((long) i * scales.length / real.length);
                int zeroRow = (int) ((long) i * zeros.length / real.length);
                real[i] = scales[row] * (real[i] - zeros[zeroRow]);
            }
            reals.add(real);
        }
        return reals;
    }

    private Tensor one(ValueId id, int sample) {
        return sampled.contains(id) ? values.get(id)[sample] : constant(id, false);
    }

    /** The mean error of each channel, taken off its bias. */
    private void correct(Node node, Node bias) {
        Moments moments = Moments.of(values.get(node.id()));
        Moments wanted = Moments.of(floatValues.get(node.id()));
        Tensor.Floats old = (Tensor.Floats) constants.get(bias.id());
        float[] corrected = old.values().clone();
        for (int c = 0; c < corrected.length; c++) {
            corrected[c] += (float) (wanted.mean(c) - moments.mean(c));
        }
        replace(bias, new Tensor.Floats(old.shape(), corrected));
    }

    /**
     * Means and variances changed as quantization changes those of the samples: what training saw counts, the samples
     * only say what became of it.
     */
    private void correct(Operation.BatchNorm norm) {
        if (!(definitions.get(norm.mean()).operation() instanceof Operation.Parameter)
                || !(definitions.get(norm.variance()).operation() instanceof Operation.Parameter)) {
            return;
        }
        Moments moments = Moments.of(values.get(norm.x()));
        Moments wanted = Moments.of(floatValues.get(FloatTwin.standIn(definitions, norm.x())));
        Tensor.Floats oldMean = (Tensor.Floats) constants.get(norm.mean());
        Tensor.Floats oldVariance = (Tensor.Floats) constants.get(norm.variance());
        float[] mean = oldMean.values().clone();
        float[] variance = oldVariance.values().clone();
        for (int c = 0; c < mean.length; c++) {
            double spread = wanted.variance(c) > 0 && moments.variance(c) > 0
                    ? moments.variance(c) / wanted.variance(c)
                    : 1;
            // The middle of the samples goes to where the float model has it.
            mean[c] = (float) (moments.mean(c) - (wanted.mean(c) - mean[c]) * Math.sqrt(spread));
            variance[c] = (float) (variance[c] * spread);
        }
        replace(definitions.get(norm.mean()), new Tensor.Floats(oldMean.shape(), mean));
        replace(definitions.get(norm.variance()), new Tensor.Floats(oldVariance.shape(), variance));
    }

    private void replace(Node parameter, Tensor.Floats tensor) {
        constants.put(parameter.id(), tensor);
        floats.put(((Operation.Parameter) parameter.operation()).path(), tensor);
    }
}
