package dev.tern.compiler;

import dev.tern.compiler.analysis.Layer;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.pass.GraphPasses;
import dev.tern.compiler.kernel.lower.CheckOperands;
import dev.tern.compiler.pipeline.PassPipeline;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.tuning.Tuning;
import dev.tern.compiler.tuning.TuningFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What compiling makes of a model for all targets alike, and the model lowered for those that were asked for. */
final class Optimized {
    private final Graph bound;
    private final List<Layer> layers;
    private final Graph graph;
    private final List<Stage> stages;
    private final List<Diagnostic> warnings;
    private final Optional<Path> file;
    private final Optional<Tuning> tuning;
    private final Map<Target, Lowered> lowered = new HashMap<>();

    /**
     * Runs the passes over a model's graph.
     *
     * @param bound the graph with its numbers
     * @param layers what was written of its layers
     * @param file beside which a tuning may lie, which is read here; empty where there is none to be used
     * @param diagnostics what was found before
     * @throws CompilationFailedException with all diagnostics if the model cannot be lowered for any target
     */
    Optimized(Graph bound, List<Layer> layers, Optional<Path> file, Diagnostics diagnostics) {
        this.bound = bound;
        this.layers = List.copyOf(layers);
        this.file = file;
        List<Stage> trace = new ArrayList<>();
        PassPipeline<Graph> passes = GraphPasses.standard();
        Stage.Recorder<Graph> graphs = new Stage.Recorder<>(passes.representation(), trace);
        graphs.add("Analyze", "read the text, resolve its names, infer its shapes, bind its parameters", bound);
        graph = passes.run(bound, diagnostics, graphs);
        CheckOperands.check(graph, diagnostics);
        diagnostics.throwIfErrors();
        tuning = file.flatMap(model -> TuningFile.read(model, diagnostics));
        stages = List.copyOf(trace);
        warnings = diagnostics.list();
    }

    /** The model's graph with its numbers, before any pass. */
    Graph bound() {
        return bound;
    }

    /** The layers as they were written, in the order of evaluation. */
    List<Layer> layers() {
        return layers;
    }

    /** The graph after all passes. */
    Graph graph() {
        return graph;
    }

    /** What each pass over the graph left. */
    List<Stage> stages() {
        return stages;
    }

    /** What there is to say of the model whatever its target is. */
    List<Diagnostic> warnings() {
        return warnings;
    }

    /** What was measured of the model, if anything, and the file beside which that lies. */
    Optional<Tuning> tuning() {
        return tuning;
    }

    Optional<Path> file() {
        return file;
    }

    /** The model for a target; lowered once, when it is first asked for. */
    synchronized Lowered lowered(Target target) {
        return lowered.computeIfAbsent(target, t -> Lowered.of(this, t));
    }
}
