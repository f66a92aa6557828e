package dev.tern.compiler;

import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.Layer;
import dev.tern.compiler.bytecode.ClassFile;
import dev.tern.compiler.bytecode.program.ClassName;
import dev.tern.compiler.bytecode.program.HiddenModel;
import dev.tern.compiler.bytecode.program.ModelFiles;
import dev.tern.compiler.bytecode.program.ProgramWeights;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.foreign.ImportFormat;
import dev.tern.compiler.foreign.ImportedModel;
import dev.tern.compiler.diagnostics.Position;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.pass.GraphPasses;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.lower.CheckOperands;
import dev.tern.compiler.kernel.lower.Lower;
import dev.tern.compiler.kernel.pass.KernelPasses;
import dev.tern.compiler.pipeline.PassPipeline;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.tuning.Machine;
import dev.tern.compiler.tuning.TunedChoice;
import dev.tern.compiler.tuning.Tuning;
import dev.tern.compiler.tuning.TuningFile;
import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One model on its road from text to class, with what every phase made of it.
 *
 * <p>Immutable. Classes are emitted when they are asked for, everything before that when the compilation is made.
 */
public final class Compilation {
    private static final String OVER_BUDGET = "vector code would break the model's budget";

    private final Graph graph;
    private final List<Layer> written;
    private final Optional<Path> file;
    private final Position named;
    private final Graph optimized;
    private final KernelProgram program;
    private final boolean atOnce;
    private final List<Stage> stages;
    private final List<LayerReport> layers;
    private final Weights weights;
    private final List<Diagnostic> warnings;

    /**
     * @param file beside which a tuning may lie
     * @param named where the model's name stands
     */
    private Compilation(Graph graph, List<Layer> written, HostTarget host, Optional<Path> file,
            Position named, Diagnostics diagnostics) {
        this.graph = graph;
        this.written = List.copyOf(written);
        this.file = file;
        this.named = named;
        List<Stage> trace = new ArrayList<>();
        PassPipeline<Graph> graphPasses = GraphPasses.standard();
        Stage.Recorder<Graph> graphs = new Stage.Recorder<>(graphPasses.representation(), trace);
        graphs.add("Analyze", "read the text, resolve its names, infer its shapes, bind its parameters", graph);
        optimized = graphPasses.run(graph, diagnostics, graphs);
        CheckOperands.check(optimized, diagnostics);
        diagnostics.throwIfErrors();
        HostTarget used = fitting(host);
        atOnce = used.atOnce();
        TunedChoice tuning = tuned(used.target(), diagnostics);
        program = kernels(used.target(), tuning, diagnostics, trace);
        file.ifPresent(model -> tuning.report(model, diagnostics));
        layers = LayerReports.of(written, graph, optimized, program, tuning);
        weights = weights(program, layers, used.reason());
        stages = List.copyOf(trace);
        warnings = diagnostics.list();
    }

    private TunedChoice tuned(Target target, Diagnostics diagnostics) {
        return file.map(model -> tuning(model, target, diagnostics)).orElseGet(TunedChoice::untuned);
    }

    /** What was measured of the model; nothing where the budget would not bear it. */
    private TunedChoice tuning(Path file, Target target, Diagnostics diagnostics) {
        Optional<Tuning> tuning = TuningFile.read(file, diagnostics);
        if (tuning.isEmpty()) {
            return TunedChoice.untuned();
        }
        TunedChoice choice = TunedChoice.of(tuning.get(), Machine.current(), target, file, diagnostics);
        if (!limited() || fits(target, choice)) {
            return choice;
        }
        diagnostics.add(Diagnostic.warning(DiagnosticCode.TUNING_UNUSED,
                "the tuning is not used, for with it the model would break its budget",
                new FilePosition(TuningFile.beside(file).toString(), -1, ""), ""));
        return TunedChoice.untuned();
    }

    private boolean limited() {
        return graph.budget().flash() != 0 || graph.budget().ram() != 0;
    }

    private boolean fits(Target target, CostModel.Choice choice) {
        try {
            kernels(target, choice, new Diagnostics(), new ArrayList<>());
            return true;
        } catch (CompilationFailedException overBudget) {
            return false;
        }
    }

    private KernelProgram kernels(Target target, CostModel.Choice choice, Diagnostics diagnostics, List<Stage> trace) {
        PassPipeline<KernelProgram> passes = KernelPasses.standard(choice);
        Stage.Recorder<KernelProgram> programs = new Stage.Recorder<>(passes.representation(), trace);
        KernelProgram lowered = Lower.lower(optimized, target);
        programs.add("Lower", "make every operation a loop nest of its own", lowered);
        return passes.run(lowered, diagnostics, programs);
    }

    private static Weights weights(KernelProgram program, List<LayerReport> layers, String reason) {
        return ProgramWeights.of(program,
                layers.stream().filter(LayerReport::weighted).map(LayerReport::layer).toList(), reason);
    }

    /** The target, or plain loops where vector code, which needs more memory, would break the model's budget. */
    private HostTarget fitting(HostTarget host) {
        return !host.target().vector() || !limited() || fits(host.target(), CostModel.Choice.CHEAPEST)
                ? host
                : HostTarget.portable(OVER_BUDGET);
    }

    /** The kernels for a target, unless they break the model's budget. */
    private Optional<KernelProgram> withinBudget(Target target) {
        try {
            return Optional.of(kernels(target, tuned(target, new Diagnostics()), new Diagnostics(),
                    new ArrayList<>()));
        } catch (CompilationFailedException overBudget) {
            return Optional.empty();
        }
    }

    /**
     * Compiles the model of a file, Tern's or another tool's, by its tuning if there is one, see {@link TuningFile}.
     *
     * @throws CompilationFailedException with everything that is wrong with the text, the parameters, or with what the
     *         compiler can lower
     */
    public static Compilation of(Path file) {
        return of(file, HostTarget.find());
    }

    /** The same for a target, rather than for what this JVM runs best. */
    public static Compilation of(Path file, HostTarget host) {
        Diagnostics diagnostics = new Diagnostics();
        AnalyzedModel model = ModelReader.analyze(file, diagnostics);
        return new Compilation(ModelReader.bind(model, file, diagnostics), model.layers(), host, Optional.of(file),
                model.position(), diagnostics);
    }

    /**
     * Compiles a model for any JVM, as far as there may be something to say of it.
     *
     * @param bound the model's graph with its numbers
     * @param diagnostics gets what compiling finds
     * @throws CompilationFailedException with the diagnostics, if the model cannot be compiled
     */
    static void check(AnalyzedModel model, Graph bound, Path file, Diagnostics diagnostics) {
        new Compilation(bound, model.layers(), HostTarget.portable("plain loops run on any JVM"), Optional.of(file),
                model.position(), diagnostics);
    }

    /**
     * Compiles a model that another tool wrote.
     *
     * @throws CompilationFailedException if it cannot be lowered
     */
    public static Compilation of(ImportedModel imported) {
        Diagnostics diagnostics = new Diagnostics();
        AnalyzedModel model = ImportFormat.analyze(imported, diagnostics)
                .orElseThrow(() -> new CompilationFailedException(diagnostics.list()));
        return new Compilation(ModelReader.bind(model, Path.of(""), diagnostics), model.layers(), HostTarget.find(),
                Optional.empty(), model.position(), diagnostics);
    }

    /**
     * Compiles a graph whose parameters are bound.
     *
     * @param layers what there is to say of its layers
     * @throws CompilationFailedException if it cannot be lowered
     */
    public static Compilation of(Graph graph, List<Layer> layers) {
        return new Compilation(graph, layers, HostTarget.find(), Optional.empty(),
                new FilePosition("model " + graph.name(), -1, ""), new Diagnostics());
    }

    /** What was written, resolved, with its parameters; no pass has touched it. */
    public Graph graph() {
        return graph;
    }

    /** The graph after all passes. */
    public Graph optimizedGraph() {
        return optimized;
    }

    /** The kernels that the model became, placed in their arena. */
    public KernelProgram program() {
        return program;
    }

    /** What each pass left, in the order in which they ran. */
    public List<Stage> stages() {
        return stages;
    }

    /** The layers in the order of evaluation. */
    public List<LayerReport> layers() {
        return layers;
    }

    /** Signature, plan of the arena and weight arrays: all of a class that is data. */
    public Weights weights() {
        return weights;
    }

    /** What there is to say of a model that compiles. */
    public List<Diagnostic> warnings() {
        return warnings;
    }

    /** The class for this JVM, as {@link #model()} defines it. */
    public ClassFile hiddenClass() {
        return HiddenModel.emit(program);
    }

    /**
     * The compiled model in this JVM; new classes each time. Where vector code is best here and was not asked for,
     * plain loops run until it is compiled, see {@link CompiledModel#warm()}; unless only vector code keeps the model's
     * budget or both together break it.
     */
    public CompiledModel model() {
        Optional<ModelFiles.Source> first = first();
        if (first.isEmpty()) {
            return HiddenModel.define(hiddenClass(), weights);
        }
        // The class that is defined later needs nothing else of this compilation.
        KernelProgram later = program;
        Weights laterWeights = weights;
        return HiddenModel.define(HiddenModel.emit(first.get().program()), first.get().weights())
                .changingTo(program.target().vectorBits(),
                        () -> HiddenModel.define(HiddenModel.emit(later), laterWeights));
    }

    /** What runs until vector code is compiled, if anything. */
    private Optional<ModelFiles.Source> first() {
        return atOnce || !program.target().vector()
                ? Optional.empty()
                : withinBudget(Target.PORTABLE).filter(this::fitsBeside)
                        .map(plain -> source(plain, "plain loops run on any JVM"));
    }

    private boolean fitsBeside(KernelProgram plain) {
        return (graph.budget().flash() == 0
                || plain.constantBytes() + program.constantBytes() <= graph.budget().flash())
                && (graph.budget().ram() == 0
                        || plain.arenaBytes() + program.arenaBytes() <= graph.budget().ram());
    }

    /**
     * The name of the class that {@link #files} writes.
     *
     * @param packageName empty for none
     * @param simpleName empty for the model's own name
     * @throws CompilationFailedException with CLASS_NAME where Java cannot write the name or load such a class
     */
    public ClassName className(String packageName, Optional<String> simpleName) {
        ClassName name = new ClassName(packageName, simpleName.orElse(graph.name()));
        Diagnostics diagnostics = new Diagnostics();
        name.classProblem().ifPresent(problem -> diagnostics.add(simpleName.isPresent()
                ? Diagnostic.error(DiagnosticCode.CLASS_NAME, "`" + name.simpleName() + "` " + problem,
                        new FilePosition("--class", -1, ""), "")
                : Diagnostic.error(DiagnosticCode.CLASS_NAME,
                        "the class of this model cannot be named as the model: `" + name.simpleName() + "` " + problem,
                        named, "").help("rename the model, or give the class another name with --class NAME")));
        name.packageProblem().ifPresent(problem -> diagnostics.add(Diagnostic
                .error(DiagnosticCode.CLASS_NAME, "`" + packageName + "` " + problem,
                        new FilePosition("--package", -1, ""), "")));
        diagnostics.throwIfErrors();
        return name;
    }

    /**
     * The model as class files for Java 17 and later, with their weights beside them: plain loops and, where that keeps
     * the model's budget, vector code, which is chosen where it can run. All weights together count as flash. The same
     * whatever this compilation's own target is; where there is no vector code the signature says why.
     *
     * @param name as {@link #className} gives it
     * @throws CompilationFailedException if plain loops break a budget that this compilation's target keeps
     */
    public ModelFiles files(ClassName name) {
        KernelProgram portable = portable();
        long bytes = portable.constantBytes();
        List<ModelFiles.Source> vectors = new ArrayList<>();
        for (Target target : Target.VECTORS) {
            Optional<KernelProgram> vector = withinBudget(target);
            long more = vector.map(KernelProgram::constantBytes).orElse(0L);
            if (vector.isPresent() && (graph.budget().flash() == 0 || bytes + more <= graph.budget().flash())) {
                bytes += more;
                vectors.add(source(vector.get(), "the Vector API with vectors of " + target.vectorBits() + " bits"));
            }
        }
        String reason = vectors.isEmpty() ? OVER_BUDGET : "plain loops run on any JVM";
        return ModelFiles.of(source(portable, reason), vectors, name);
    }

    /**
     * The same without vector code.
     *
     * @param reason what the signature says of that
     */
    public ModelFiles portableFiles(ClassName name, String reason) {
        return ModelFiles.of(source(portable(), reason), List.of(), name);
    }

    private KernelProgram portable() {
        return program.target().vector()
                ? kernels(Target.PORTABLE, tuned(Target.PORTABLE, new Diagnostics()), new Diagnostics(),
                        new ArrayList<>())
                : program;
    }

    private ModelFiles.Source source(KernelProgram lowered, String reason) {
        return new ModelFiles.Source(lowered,
                weights(lowered, LayerReports.of(written, graph, optimized, lowered,
                        tuned(lowered.target(), new Diagnostics())), reason));
    }
}
