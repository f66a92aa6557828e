package dev.tern.compiler.generate;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.HostTarget;
import dev.tern.compiler.ModelReader;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.ModelFormat;
import dev.tern.compiler.bytecode.ClassFile;
import dev.tern.compiler.bytecode.model.ClassName;
import dev.tern.compiler.bytecode.model.ModelFiles;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.facade.FacadeSource;
import dev.tern.compiler.foreign.ImportFormat;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.tuning.TuningFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Makes of a model a class with its weights, and the facade around it. The session's class is named after the facade,
 * {@code DigitsSession} for {@code Digits}.
 *
 * <p>For small JVMs the class needs neither, and is the one to use.
 *
 * @param targets whose code the class has: {@link Target#EDGE} or {@link Target#EDGE_INTEGERS} alone, or any with
 *        vectors, beside which there are always plain loops; none for plain loops alone
 * @param standalone whether the runtime's classes are taken along, into the package {@code ternruntime} below the
 *        model's, so that the result needs no other jar
 */
public record ModelGenerator(List<Target> targets, boolean standalone) {
    private static final String RUNTIME = "dev.tern.runtime";
    private static final String NESTED = "ternruntime";
    private static final String SESSION = "Session";

    /** @throws IllegalArgumentException if the targets do not go together */
    public ModelGenerator {
        targets = targets.stream().filter(target -> target.vector() || target.edge()).toList();
        boolean edge = targets.stream().anyMatch(Target::edge);
        if (edge && (targets.size() > 1 || standalone)) {
            throw new IllegalArgumentException("a class for small JVMs has no other form and needs no runtime");
        }
    }

    /** What the model is compiled for first. */
    public HostTarget host() {
        return targets.stream().filter(Target::edge).findFirst()
                .map(edge -> HostTarget.of(edge, "asked for"))
                .orElseGet(() -> HostTarget.portable("compiled ahead of time"));
    }

    /**
     * Compiles a model; the same model gives the same result on every machine.
     *
     * @throws CompilationFailedException with everything that is wrong with the model, its parameters or its name
     */
    public GeneratedModel generate(ModelSource source) {
        Path file = source.file();
        if (ModelFormat.of(file).isPresent()) {
            Compilation compilation = Compilation
                    .of(ImportFormat.read(file, ImportSidecar.read(file), new Diagnostics()), host());
            return generate(compilation, name(compilation, source), List.of(file, ImportSidecar.beside(file)));
        }
        Compilation compilation = Compilation.of(file, host());
        return generate(compilation, name(compilation, source), reads(file));
    }

    /**
     * The same of a compilation for {@link #host}.
     *
     * @param facade the class to use the model by
     * @param reads the files that the compilation read
     */
    public GeneratedModel generate(Compilation compilation, ClassName facade, List<Path> reads) {
        if (targets.stream().anyMatch(Target::edge)) {
            ClassFile made = compilation.edgeClass(facade);
            return new GeneratedModel(facade, Optional.empty(), Map.of(facade.path() + ".class", made.bytes()),
                    List.of(made), compilation.weights().signature(), Optional.empty(), reads, compilation.warnings());
        }
        ClassName session = compilation.className(facade.packageName(), Optional.of(facade.simpleName() + SESSION));
        ModelFiles files = targets.isEmpty()
                ? compilation.portableFiles(session, "compiled without vector code")
                : compilation.files(session, targets);
        Map<String, byte[]> classes = new TreeMap<>(files.byPath());
        String runtime = RUNTIME;
        if (standalone) {
            runtime = facade.packageName().isEmpty() ? NESTED : facade.packageName() + "." + NESTED;
            classes = RuntimeClasses.takenAlong(classes, runtime);
        }
        classes.putAll(ReachabilityMetadata.of(session));
        String text = FacadeSource.of(files.own().signature(), facade.packageName(), facade.simpleName(),
                session.simpleName(), runtime);
        List<ClassFile> code = Stream.concat(Stream.of(files.own()), files.vectors().stream())
                .map(ModelFiles.Form::classFile).toList();
        return new GeneratedModel(facade, Optional.of(text), classes, code, files.own().signature(), Optional.of(
                files), reads, compilation.warnings());
    }

    /** The model's own name; a package that is none is the folder's fault. */
    private static ClassName name(Compilation compilation, ModelSource source) {
        new ClassName(source.packageName(), "").packageProblem().ifPresent(problem -> {
            throw new CompilationFailedException(Diagnostic
                    .error(DiagnosticCode.CLASS_NAME,
                            "the model's folder names the package `" + source.packageName() + "`, which " + problem,
                            new FilePosition(source.file().toString(), -1, ""), "")
                    .help("move the model to a folder that is a Java package, such as com/acme"));
        });
        return compilation.className(source.packageName(), Optional.empty());
    }

    private static List<Path> reads(Path file) {
        AnalyzedModel model = ModelReader.analyze(file, new Diagnostics());
        List<Path> reads = new ArrayList<>(List.of(file, TuningFile.beside(file)));
        model.parameters().ifPresent(named -> reads.add(file.resolveSibling(named.name())));
        model.labels().forEach(labels -> reads.add(file.resolveSibling(labels.file().name())));
        return reads;
    }
}
