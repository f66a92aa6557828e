package dev.tern.quantizer.calibration;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.quantizer.FloatTwin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Fixes the range of every {@code static(bits, calibrated)} quantizer from what the float model hands to it on samples;
 * {@code per: channel} that of each channel by itself.
 * Ranges follow from all samples. Where the rule is to be chosen, each is fitted to the samples of even index and
 * judged on those of odd index, so that none is judged by what it was fitted to; a single sample serves for both.
 */
public final class Calibrator {
    /** About as many values of each quantizer are looked at. */
    private static final int KEPT = 1 << 19;

    private final Graph twin;
    private final Map<String, Target> targets;

    /**
     * A range to be found.
     *
     * @param path of the parameter that it is, or the name of a channel's range
     * @param channels how many have ranges of their own; 1 where all share one
     * @param channel whose range it is
     * @param values what its quantizers read, in the float model
     */
    private record Target(String path, Grid grid, int channels, int channel, List<ValueId> values) {
        /** The channel's values of all. */
        float[] of(float[] all) {
            if (channels == 1) {
                return all;
            }
            float[] own = new float[all.length / channels];
            for (int i = 0; i < own.length; i++) {
                own[i] = all[i * channels + channel];
            }
            return own;
        }
    }

    private Calibrator(Graph twin, Map<String, Target> targets) {
        this.twin = twin;
        this.targets = targets;
    }

    /** Some range for each that a model's graph asks for, its parameters not bound yet; by the parameters' paths. */
    public static Map<String, StoredRanges> any(Graph graph) {
        Map<String, Range> ranges = new LinkedHashMap<>();
        targets(graph).keySet().forEach(path -> ranges.put(path, new Range(0, 1)));
        return StoredRanges.of(ranges);
    }

    /**
     * A calibrator of a model.
     *
     * @param graph as analyzed, its ranges still parameters
     * @param bound the same with its numbers, whatever its ranges are
     */
    public static Calibrator of(Graph graph, Graph bound) {
        return new Calibrator(FloatTwin.of(bound), targets(graph));
    }

    private static Map<String, Target> targets(Graph graph) {
        Map<ValueId, Node> definitions = graph.definitions();
        Map<String, Target> targets = new LinkedHashMap<>();
        for (Node node : graph.nodes()) {
            if (!(node.operation() instanceof Operation.Quantize quantize)) {
                continue;
            }
            range(quantize.scale(), definitions).ifPresent(parameter -> targets
                    .computeIfAbsent(parameter.path(), path -> new Target(path, quantize.grid(), 1, 0,
                            new ArrayList<>())).values.add(FloatTwin.standIn(definitions, quantize.x())));
            if (definitions.get(quantize.x()).operation() instanceof Operation.Elementwise steps
                    && steps.function() == BinaryFunction.DIVIDE) {
                range(steps.right(), definitions).ifPresent(parameter -> {
                    int channels = node.type().shape().channels();
                    for (int c = 0; c < channels; c++) {
                        int channel = c;
                        targets.computeIfAbsent(StoredRanges.ofChannel(parameter.path(), channel),
                                path -> new Target(path, quantize.grid(), channels, channel, new ArrayList<>())).values
                                .add(FloatTwin.standIn(definitions, steps.left()));
                    }
                });
            }
        }
        return targets;
    }

    /** The parameter that says how far a scale's codes reach, if that is one. */
    private static Optional<Operation.Parameter> range(ValueId scale, Map<ValueId, Node> definitions) {
        return definitions.get(scale).operation() instanceof Operation.RangeScale(ValueId range, _)
                && definitions.get(range).operation() instanceof Operation.Parameter parameter
                        ? Optional.of(parameter)
                        : Optional.empty();
    }

    /**
     * Finds the ranges.
     *
     * @param samples each the model's inputs in the order of its signature; at least one
     * @param rule empty to take for each quantizer the rule with the least error
     * @param percentile 50..100, of {@link RangeRule#PERCENTILE}
     * @return in the order of the graph
     * @throws IllegalArgumentException if a sample is no input of the model
     */
    public List<CalibratedRange> ranges(List<List<Tensor>> samples, Optional<RangeRule> rule, double percentile) {
        Map<String, List<Observation>> observed = observe(samples);
        return targets.values().stream()
                .map(target -> range(target, observed.get(target.path), rule, percentile)).toList();
    }

    /** The noise of ranges on other samples: of each range, and of one measured for each sample. */
    public List<CalibratedRange> measured(List<List<Tensor>> samples, List<CalibratedRange> ranges) {
        Map<String, List<Observation>> observed = observe(samples);
        return ranges.stream().map(found -> {
            Target target = targets.get(found.path());
            List<Observation> all = observed.get(found.path());
            return measured(target, found.rule(), found.range(), all);
        }).toList();
    }

    private static CalibratedRange range(Target target, List<Observation> all, Optional<RangeRule> wanted,
            double percentile) {
        RangeRule rule = wanted.orElseGet(() -> best(target, all, percentile));
        return measured(target, rule, rule.find(values(all), whole(all), target.grid, percentile), all);
    }

    private static RangeRule best(Target target, List<Observation> all, double percentile) {
        List<Observation> fitted = every(all, 0);
        List<Observation> held = every(all, 1).isEmpty() ? fitted : every(all, 1);
        float[] values = values(fitted);
        Range whole = whole(fitted);
        return Arrays.stream(RangeRule.values())
                .min(Comparator.comparingDouble(rule -> measured(target, rule,
                        rule.find(values, whole, target.grid, percentile), held).fixed().error()))
                .orElseThrow();
    }

    private static List<Observation> every(List<Observation> all, int remainder) {
        return all.stream().filter(each -> each.sample() % 2 == remainder).toList();
    }

    private static CalibratedRange measured(Target target, RangeRule rule, Range range,
            List<Observation> all) {
        Noise fixed = Noise.NONE;
        Noise dynamic = Noise.NONE;
        for (Observation each : all) {
            fixed = fixed.plus(Noise.of(each.values(), range, target.grid));
            dynamic = dynamic.plus(Noise.of(each.values(), each.whole(), target.grid));
        }
        float[] values = values(all);
        long outside = IntStream.range(0, values.length).filter(i -> !range.contains(values[i])).count();
        int extreme = all.stream().max(Comparator.comparingDouble(Observation::magnitude)).orElseThrow().sample();
        return new CalibratedRange(target.path, target.grid.code().bits(), rule, range, whole(all),
                (double) outside / values.length, extreme, fixed, dynamic);
    }

    private static Range whole(List<Observation> all) {
        return new Range((float) all.stream().mapToDouble(each -> each.whole().low()).min().orElseThrow(),
                (float) all.stream().mapToDouble(each -> each.whole().high()).max().orElseThrow());
    }

    private static float[] values(List<Observation> all) {
        float[] values = new float[all.stream().mapToInt(each -> each.values().length).sum()];
        int end = 0;
        for (Observation each : all) {
            System.arraycopy(each.values(), 0, values, end, each.values().length);
            end += each.values().length;
        }
        return values;
    }

    private Map<String, List<Observation>> observe(List<List<Tensor>> samples) {
        Map<ValueId, List<Target>> readers = targets.values().stream()
                .flatMap(target -> target.values.stream().distinct().map(value -> Map.entry(value, target)))
                .collect(Collectors.groupingBy(Map.Entry::getKey,
                        Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
        Function<Integer, List<Map.Entry<String, Observation>>> one = sample -> {
            List<Map.Entry<String, Observation>> seen = new ArrayList<>();
            GraphInterpreter.run(twin, samples.get(sample), (node, value) -> readers
                    .getOrDefault(node.id(), List.of()).forEach(target -> {
                        float[] floats = target.of(((Tensor.Floats) value).values());
                        seen.add(Map.entry(target.path, Observation.of(sample, floats,
                                stride((long) floats.length * samples.size()))));
                    }));
            return seen;
        };
        return IntStream.range(0, samples.size()).parallel().boxed().map(one).flatMap(List::stream)
                .collect(Collectors.groupingBy(Map.Entry::getKey,
                        Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    /** Odd, so that channels, often a power of two, come in turn. */
    private static int stride(long values) {
        return (int) Math.min(Integer.MAX_VALUE, values / KEPT | 1);
    }
}
