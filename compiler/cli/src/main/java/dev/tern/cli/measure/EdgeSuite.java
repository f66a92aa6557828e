package dev.tern.cli.measure;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.HostTarget;
import dev.tern.compiler.LayerReport;
import dev.tern.compiler.ModelReader;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.parameters.InitialParameters;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.footprint.Footprint;
import dev.tern.compiler.graph.Graph;
import dev.tern.runtime.Warming;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Stream;

/** MLPerf Tiny's networks in three schemes and two classics, each measured in this JVM. */
public final class EdgeSuite {
    private static final List<String> NETWORKS = List.of("kws", "ic", "ic02", "vww", "ad", "sww");
    private static final List<String> SCHEMES = List.of("1bit", "ternary4", "int8");
    private static final List<String> CLASSICS = List.of("cnv", "quicknet");

    private EdgeSuite() {
    }

    /**
     * What was found of a network.
     *
     * @param random whether its parameters are random, for want of a file
     * @param multiplyAdds of one inference; of a model of a stream, for one frame
     * @param nanosByOp of layers measured alone, by what they are
     * @param peerFloat what ONNX Runtime takes for the reference network in f32; a model of a stream's for a window
     * @param peerInt8 the same in int8
     * @param doubts why the latency may not be what the network takes, one line each
     */
    public record Result(String name, boolean random, long multiplyAdds, Latency latency, Footprint footprint,
            Map<String, Double> nanosByOp, OptionalDouble peerFloat, OptionalDouble peerInt8, List<String> doubts) {
        public Result {
            doubts = List.copyOf(doubts);
        }
    }

    /** The texts that a folder has of the suite, in its order. */
    public static List<Path> texts(Path folder) {
        return Stream.concat(NETWORKS.stream().flatMap(network -> SCHEMES.stream()
                .map(scheme -> folder.resolve(network).resolve(network + "-" + scheme + ".tern"))),
                CLASSICS.stream().map(network -> folder.resolve(network).resolve(network + ".tern")))
                .filter(Files::isRegularFile).toList();
    }

    /** What a network is called in the suite: {@code kws-1bit}. */
    public static String name(Path text) {
        return text.getFileName().toString().replaceFirst("\\.tern$", "");
    }

    /** Whether a network is meant by a name: its own, or that of its family, {@code kws}. */
    public static boolean named(Path text, String name) {
        return name(text).equals(name) || family(text).equals(name);
    }

    private static String family(Path text) {
        return name(text).replaceFirst("-.*", "");
    }

    /**
     * Compiles a text and measures it, in turn with its peers.
     *
     * @param peers a folder with reference_kws_f32.onnx and so on, if there is one; it takes {@link OnnxLibrary}
     * @param seconds for which inferences are timed
     */
    public static Result measure(Path text, HostTarget host, Optional<Path> peers, double seconds) {
        Diagnostics diagnostics = new Diagnostics();
        AnalyzedModel model = ModelReader.analyze(text, diagnostics);
        boolean random = model.parameters().stream()
                .noneMatch(file -> Files.exists(text.resolveSibling(file.name())));
        AnalyzedModel numbered = random ? model.withNumbers(new InitialParameters(model.graph(), 1)) : model;
        Graph graph = ModelReader.bindSteps(numbered, text, diagnostics);
        Compilation compilation = Compilation.of(graph, model.layers(), host);
        Measurable measurable = Measurable.of(compilation);
        Warming warming = measurable.warm();
        Beside beside = beside(measurable.on(measurable.signature().sampleInputs()),
                peers.map(folder -> folder.resolve("reference_" + family(text))), seconds);
        Latency latency = beside.own;
        Map<String, Double> layers = compilation.layerNanos();
        Map<String, Double> ops = new TreeMap<>();
        for (LayerReport report : compilation.layers()) {
            Stream.ofNullable(layers.get(report.layer().path()))
                    .forEach(nanos -> ops.merge(report.layer().op(), nanos, Double::sum));
        }
        long multiplyAdds = compilation.layers().stream()
                .mapToLong(layer -> layer.binaryMultiplyAdds() + layer.otherMultiplyAdds()).sum();
        List<String> doubts = new ArrayList<>(Doubts.about(latency));
        if (warming.state() == Warming.State.KEPT) {
            doubts.add("plain loops ran: " + measurable.signature().variantReason());
        }
        return new Result(name(text), random, multiplyAdds, latency, compilation.footprint(), ops,
                beside.peerFloat, beside.peerInt8, doubts);
    }

    /** What a network takes, and what its peers do. */
    private record Beside(Latency own, OptionalDouble peerFloat, OptionalDouble peerInt8) {
    }

    /** @param reference the beginning of the peers' files' names */
    private static Beside beside(Runnable own, Optional<Path> reference, double seconds) {
        List<Optional<OnnxPeer>> peers = Stream.of("_f32.onnx", "_int8.onnx").map(end -> reference
                .flatMap(name -> OnnxPeer.open(name.resolveSibling(name.getFileName() + end)))).toList();
        try {
            List<Runnable> inferences = new ArrayList<>(List.of(own));
            peers.forEach(peer -> peer.ifPresent(one -> inferences.add(one::inference)));
            Iterator<Latency> latencies = Latency.measure(inferences, seconds).iterator();
            return new Beside(latencies.next(), median(peers.getFirst(), latencies), median(peers.getLast(),
                    latencies));
        } finally {
            peers.forEach(peer -> peer.ifPresent(OnnxPeer::close));
        }
    }

    private static OptionalDouble median(Optional<OnnxPeer> peer, Iterator<Latency> latencies) {
        return peer.isPresent() ? OptionalDouble.of(latencies.next().medianNanos()) : OptionalDouble.empty();
    }
}
