package dev.tern.compiler.generate;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.HostTarget;
import dev.tern.compiler.ModelReader;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.ModelFormat;
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

/**
 * Makes of a model a class with its weights, and the facade around it. The session's class is named after the facade,
 * {@code DigitsSession} for {@code Digits}.
 *
 * @param vectors the targets whose vector code is taken along
 * @param standalone whether the runtime's classes are taken along, into the package {@code ternruntime} below the
 *        model's, so that the result needs no other jar
 */
public record ModelGenerator(List<Target> vectors, boolean standalone) {
    private static final String RUNTIME = "dev.tern.runtime";
    private static final String NESTED = "ternruntime";
    private static final String SESSION = "Session";

    /**
     * Compiles a model; the same model gives the same result on every machine.
     *
     * @throws CompilationFailedException with everything that is wrong with the model, its parameters or its name
     */
    public GeneratedModel generate(ModelSource source) {
        Path file = source.file();
        if (ModelFormat.of(file).isPresent()) {
            Compilation compilation = Compilation
                    .of(ImportFormat.read(file, ImportSidecar.read(file), new Diagnostics()));
            return generate(compilation, name(compilation, source), List.of(file, ImportSidecar.beside(file)));
        }
        Compilation compilation = Compilation.of(file, HostTarget.portable("compiled ahead of time"));
        return generate(compilation, name(compilation, source), reads(file));
    }

    /**
     * The same of a compilation.
     *
     * @param facade the class to use the model by
     * @param reads the files that the compilation read
     */
    public GeneratedModel generate(Compilation compilation, ClassName facade, List<Path> reads) {
        ClassName session = compilation.className(facade.packageName(), Optional.of(facade.simpleName() + SESSION));
        ModelFiles files = vectors.isEmpty()
                ? compilation.portableFiles(session, "compiled without vector code")
                : compilation.files(session, vectors);
        Map<String, byte[]> classes = new TreeMap<>(files.byPath());
        String runtime = RUNTIME;
        if (standalone) {
            runtime = facade.packageName().isEmpty() ? NESTED : facade.packageName() + "." + NESTED;
            classes = RuntimeClasses.takenAlong(classes, runtime);
        }
        String text = FacadeSource.of(files.own().signature(), facade.packageName(), facade.simpleName(),
                session.simpleName(), runtime);
        return new GeneratedModel(facade, text, classes, files, reads, compilation.warnings());
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
