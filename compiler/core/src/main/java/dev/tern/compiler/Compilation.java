package dev.tern.compiler;

import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.DeclaredInput;
import dev.tern.compiler.analysis.Layer;
import dev.tern.compiler.bytecode.ClassFile;
import dev.tern.compiler.bytecode.ClassLimitException;
import dev.tern.compiler.bytecode.model.ClassName;
import dev.tern.compiler.bytecode.model.EdgeClass;
import dev.tern.compiler.bytecode.model.HiddenModel;
import dev.tern.compiler.bytecode.model.ModelFiles;
import dev.tern.compiler.bytecode.model.ProgramRun;
import dev.tern.compiler.bytecode.model.ProgramWeights;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.diagnostics.Position;
import dev.tern.compiler.footprint.Footprint;
import dev.tern.compiler.foreign.ImportFormat;
import dev.tern.compiler.foreign.ImportedModel;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.StoredConstants;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.tuning.LayerClock;
import dev.tern.compiler.tuning.TuningFile;
import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * One model on its road from text to class, with what every phase made of it.
 *
 * <p>In three steps: what is the same for all targets, the model lowered for a target, and the classes of that. The
 * first two are done when the compilation is made, for its own target; lowering for others, once for each, and emitting
 * classes when that is asked for.
 */
public final class Compilation {
    private static final String OVER_BUDGET = "vector code would break the model's budget";

    private static final String OVER_CLASS_FILE = "vector code would not fit into a class file";

    private static final String PLAIN = "plain loops run on any JVM";

    private final Optimized model;
    private final Position named;
    private final HostTarget host;
    private final Lowered lowered;
    private final Weights weights;

    /**
     * @param named where the model's name stands
     * @throws CompilationFailedException if the model breaks its budget for the host, and as plain loops
     */
    private Compilation(Optimized model, Position named, HostTarget wanted) {
        this.model = model;
        this.named = named;
        // Vector code needs more memory.
        host = model.lowered(wanted.target()).fits() || !wanted.target().vector()
                ? wanted
                : HostTarget.of(wanted.target().plain(), OVER_BUDGET);
        lowered = keeping(model, host.target());
        weights = weights(lowered, host.reason());
    }

    /** What the model is for a target whose budget it has to keep. */
    private static Lowered keeping(Optimized model, Target target) {
        Lowered lowered = model.lowered(target);
        if (!lowered.fits()) {
            List<Diagnostic> all = warnings(model, lowered);
            all.addAll(lowered.exceeded());
            throw new CompilationFailedException(all);
        }
        return lowered;
    }

    private static List<Diagnostic> warnings(Optimized model, Lowered lowered) {
        List<Diagnostic> all = new ArrayList<>(model.warnings());
        all.addAll(lowered.warnings());
        return all;
    }

    private static Weights weights(Lowered lowered, String reason) {
        return ProgramWeights.of(lowered.program(),
                lowered.layers().stream().filter(LayerReport::weighted).map(LayerReport::layer).toList(), reason);
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
        return of(file, host, true, UnaryOperator.identity());
    }

    /**
     * The same but of a model of a stream, which is compiled to one that takes the window of all its frames and keeps
     * nothing: whoever has whole windows need not push them. It gives the same bits. What the text allows it of memory
     * is meant for a frame at a time, and does not count.
     */
    public static Compilation ofWindow(Path file, HostTarget host) {
        Diagnostics diagnostics = new Diagnostics();
        AnalyzedModel model = ModelReader.analyze(file, diagnostics);
        if (model.inputs().stream().noneMatch(DeclaredInput::stream)) {
            return of(file, host);
        }
        Graph bound = ModelReader.bind(model, file, diagnostics).withBudget(Graph.Budget.NONE);
        return new Compilation(new Optimized(bound, model.layers(), Optional.empty(), diagnostics), model.position(),
                host);
    }

    /**
     * The same with more to choose.
     *
     * @param tuned whether a tuning beside the file is used
     * @param budget gives of the budget that is written the one that is to be kept
     */
    static Compilation of(Path file, HostTarget host, boolean tuned, UnaryOperator<Graph.Budget> budget) {
        Diagnostics diagnostics = new Diagnostics();
        AnalyzedModel model = ModelReader.analyze(file, diagnostics);
        Graph bound = ModelReader.bindSteps(model, file, diagnostics);
        return new Compilation(new Optimized(bound.withBudget(budget.apply(bound.budget())), model.layers(),
                Optional.of(file).filter(there -> tuned), diagnostics), model.position(), host);
    }

    /**
     * Finds all that compiling says of a model for any JVM; the class files that are made for it are thrown away.
     *
     * @param bound the model's graph with its numbers
     * @param diagnostics gets what compiling finds
     * @throws CompilationFailedException with the diagnostics, if the model cannot be compiled
     */
    static void check(AnalyzedModel model, Graph bound, Path file, Diagnostics diagnostics) {
        Lowered plain = new Optimized(bound, model.layers(), Optional.of(file), diagnostics).lowered(Target.PORTABLE);
        plain.warnings().forEach(diagnostics::add);
        plain.exceeded().forEach(diagnostics::add);
        diagnostics.throwIfErrors();
        plainFiles(plain, PLAIN, new ClassName("", "Checked"), model.position());
    }

    /**
     * Compiles a model that another tool wrote.
     *
     * @throws CompilationFailedException if it cannot be lowered
     */
    public static Compilation of(ImportedModel imported) {
        return of(imported, HostTarget.find());
    }

    /** The same for a target, rather than for what this JVM runs best. */
    public static Compilation of(ImportedModel imported, HostTarget host) {
        Diagnostics diagnostics = new Diagnostics();
        AnalyzedModel model = ImportFormat.analyze(imported, diagnostics)
                .orElseThrow(() -> new CompilationFailedException(diagnostics.list()));
        Graph bound = ModelReader.bindSteps(model, Path.of(""), diagnostics);
        return new Compilation(new Optimized(bound, model.layers(), Optional.empty(), diagnostics), model.position(),
                host);
    }

    /**
     * Compiles a graph whose parameters are bound.
     *
     * @param layers what there is to say of its layers
     * @throws CompilationFailedException if it cannot be lowered
     */
    public static Compilation of(Graph graph, List<Layer> layers) {
        return of(graph, layers, HostTarget.find());
    }

    /** The same for a target, rather than for what this JVM runs best. */
    public static Compilation of(Graph graph, List<Layer> layers, HostTarget host) {
        return new Compilation(new Optimized(graph, layers, Optional.empty(), new Diagnostics()),
                new FilePosition("model " + graph.name(), -1, ""), host);
    }

    /** What was written, resolved, with its parameters; no pass has touched it. */
    public Graph graph() {
        return model.bound();
    }

    /** The graph after all passes. */
    public Graph optimizedGraph() {
        return model.graph();
    }

    /** The kernels that the model became, placed in their arena. */
    public KernelProgram program() {
        return lowered.program();
    }

    /** What each pass left, in the order in which they ran. */
    public List<Stage> stages() {
        return Stream.concat(model.stages().stream(), lowered.stages().stream()).toList();
    }

    /** The layers in the order of evaluation. */
    public List<LayerReport> layers() {
        return lowered.layers();
    }

    /** Signature, plan of the arena and weight arrays: all of a class that is data. */
    public Weights weights() {
        return weights;
    }

    /** Bytes of the weights in a weight file, which the budget calls flash. */
    public long flashBytes() {
        return stored(List.of(program()));
    }

    /** What there is to say of a model that compiles. */
    public List<Diagnostic> warnings() {
        return List.copyOf(warnings(model, lowered));
    }

    /** The class for this JVM, as {@link #model()} defines it. */
    public ClassFile hiddenClass() {
        return emitted(() -> HiddenModel.emit(program()));
    }

    /**
     * What the model takes of flash and memory: its weights, the class that this compilation defines, and its arena.
     */
    public Footprint footprint() {
        if (!program().target().edge()) {
            return Footprint.of(program(), hiddenClass().bytes().length);
        }
        long all = edgeClass(new ClassName("", graph().name())).bytes().length;
        return Footprint.of(program(), all - flashBytes());
    }

    /**
     * An inference of the class for small JVMs, in this one, to be measured; of a compilation for such a target.
     *
     * @param inputs an array for each input of the signature, in its order
     */
    public Runnable edgeInference(Object[] inputs) {
        if (!program().target().edge()) {
            throw new IllegalStateException("this is compiled for " + program().target());
        }
        ProgramRun run = emitted(() -> ProgramRun.of(program()));
        Object[] outputs = run.newOutputs();
        return () -> run.run(inputs, outputs);
    }

    /**
     * Measures each layer in this JVM, which takes some seconds, see {@link LayerClock}.
     *
     * @return the fewest nanoseconds by the path of each layer that has kernels of its own
     */
    public Map<String, Double> layerNanos() {
        return LayerClock.measure(program());
    }

    /** What an emitter makes. @throws CompilationFailedException if no class file can hold it */
    private <T> T emitted(Supplier<T> emitter) {
        return emitted(named, emitter);
    }

    private static <T> T emitted(Position model, Supplier<T> emitter) {
        try {
            return emitter.get();
        } catch (ClassLimitException e) {
            throw new CompilationFailedException(Diagnostic
                    .error(DiagnosticCode.MODEL_TOO_LARGE, "the model is too large: its class " + e.getMessage(), model,
                            "")
                    .help("split it into models that run one after the other"));
        }
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
        KernelProgram later = program();
        Weights laterWeights = weights;
        return HiddenModel.define(emitted(() -> HiddenModel.emit(first.get().program())), first.get().weights())
                .changingTo(later.target().vectorBits(),
                        () -> HiddenModel.define(HiddenModel.emit(later), laterWeights));
    }

    /** What runs until vector code is compiled, if anything. */
    private Optional<ModelFiles.Source> first() {
        if (host.atOnce() || !host.target().vector()) {
            return Optional.empty();
        }
        Lowered plain = model.lowered(Target.PORTABLE);
        return plain.fits() && fitsBeside(plain.program()) ? Optional.of(source(plain, PLAIN)) : Optional.empty();
    }

    private boolean fitsBeside(KernelProgram plain) {
        Graph.Budget budget = graph().budget();
        return (budget.flash() == 0 || stored(List.of(plain, program())) <= budget.flash())
                && (budget.ram() == 0 || plain.memoryBytes() + program().arenaBytes() <= budget.ram());
    }

    /** Bytes of the weights of programs that share a weight file. */
    private static long stored(List<KernelProgram> programs) {
        return new StoredConstants(programs).bytes();
    }

    /**
     * The name of the class that {@link #files} writes.
     *
     * @param packageName empty for none
     * @param simpleName empty for the model's own name
     * @throws CompilationFailedException with CLASS_NAME where Java cannot write the name or load such a class
     */
    public ClassName className(String packageName, Optional<String> simpleName) {
        ClassName name = new ClassName(packageName, simpleName.orElse(graph().name()));
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
     * the model's budget and a class file holds it, vector code, which is chosen where it can run. The weights of all,
     * which are one copy, count as flash. The same whatever this compilation's own target is; where there is no vector
     * code the signature says why.
     *
     * @param name as {@link #className} gives it
     * @param targets those whose vector code is wanted, {@link Target#VECTORS} unless others are
     * @throws CompilationFailedException if plain loops break a budget that this compilation's target keeps
     */
    public ModelFiles files(ClassName name, List<Target> targets) {
        return files(name, targets, ModelFiles::of);
    }

    /** Makes files of a program and of others with vector code. @throws ClassLimitException if a class is too large */
    interface Packaging {
        ModelFiles of(ModelFiles.Source own, List<ModelFiles.Source> vectors, ClassName name);
    }

    ModelFiles files(ClassName name, List<Target> targets, Packaging packaging) {
        Lowered portable = keeping(model, Target.PORTABLE);
        long flash = graph().budget().flash();
        List<KernelProgram> programs = new ArrayList<>(List.of(portable.program()));
        List<ModelFiles.Source> vectors = new ArrayList<>();
        for (Target target : targets) {
            Lowered vector = model.lowered(target);
            programs.add(vector.program());
            if (!vector.fits() || flash > 0 && stored(programs) > flash) {
                programs.removeLast();
            } else {
                vectors.add(source(vector, "the Vector API with vectors of " + target.vectorBits() + " bits"));
            }
        }
        String reason = vectors.isEmpty() ? OVER_BUDGET : PLAIN;
        while (!vectors.isEmpty()) {
            try {
                return packaging.of(source(portable, reason), vectors, name);
            } catch (ClassLimitException e) {
                // Vector code takes more of a class file than plain loops do, and choosing it takes some too.
                if (!vectors.removeIf(source -> e.owner().equals(ModelFiles.vectorClass(name, source.program()
                        .target())))) {
                    vectors.clear();
                }
                reason = vectors.isEmpty() ? OVER_CLASS_FILE : PLAIN;
            }
        }
        return plainFiles(portable, reason, name, named);
    }

    /**
     * The same without vector code.
     *
     * @param reason what the signature says of that
     */
    public ModelFiles portableFiles(ClassName name, String reason) {
        return plainFiles(keeping(model, Target.PORTABLE), reason, name, named);
    }

    private static ModelFiles plainFiles(Lowered plain, String reason, ClassName name, Position model) {
        return emitted(model, () -> ModelFiles.of(source(plain, reason), List.of(), name));
    }

    /**
     * The model as one class for Java 8 and small JVMs, see {@link EdgeClass}, with its weights in it; of a compilation
     * for such a target.
     *
     * @param name as {@link #className} gives it
     * @throws CompilationFailedException if no class file can hold it
     */
    public ClassFile edgeClass(ClassName name) {
        return emitted(() -> EdgeClass.of(program(), name));
    }

    private static ModelFiles.Source source(Lowered lowered, String reason) {
        return new ModelFiles.Source(lowered.program(), weights(lowered, reason));
    }
}
