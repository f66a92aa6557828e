package dev.tern.compiler.generate;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.bytecode.ClassFile;
import dev.tern.compiler.bytecode.model.ModelFiles;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.output.JarBytes;
import dev.tern.compiler.output.WholeFile;
import dev.tern.compiler.target.Target;
import dev.tern.runtime.Signature;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Compiles a model ahead of time, to a class with its weights for a JVM without the compiler. It never changes: each
 * setting gives another.
 *
 * <pre>{@code
 * ClassCompiler.Result digits = ClassCompiler.into("com.acme").standalone(true).compile(model);
 * System.out.println(digits.name());                       // com.acme.Digits
 * digits.write(folder.resolve("digits.jar"));              // or a folder of class files
 * }</pre>
 *
 * @param packageName of the class; empty for none
 * @param className in its package; empty for the model's name
 * @param targets whose code the class has: {@link Target#EDGE} or {@link Target#EDGE_INTEGERS} alone, or any with
 *        vectors, beside which there are always plain loops; none for plain loops alone
 * @param standalone whether the runtime's classes are taken along
 */
public record ClassCompiler(String packageName, Optional<String> className, List<Target> targets, boolean standalone) {
    /** @throws IllegalArgumentException if the targets do not go together */
    public ClassCompiler {
        targets = new ModelGenerator(targets, standalone).targets();
    }

    /** A compiler for a package: plain loops, and vector code of 512 and 256 bits beside them. */
    public static ClassCompiler into(String packageName) {
        return new ClassCompiler(packageName, Optional.empty(), Target.VECTORS, false);
    }

    /** Gives the class another name than the model's. */
    public ClassCompiler named(String simpleName) {
        return new ClassCompiler(packageName, Optional.of(simpleName), targets, standalone);
    }

    /** Has code for these targets. @throws IllegalArgumentException if they do not go together */
    public ClassCompiler targets(List<Target> wanted) {
        return new ClassCompiler(packageName, className, wanted, standalone);
    }

    /** Takes the runtime's classes along or not. */
    public ClassCompiler standalone(boolean wanted) {
        return new ClassCompiler(packageName, className, targets, wanted);
    }

    /**
     * A class with what belongs to it.
     *
     * @param name of the class to use the model by, with its package
     * @param module what a jar is called on a module path; empty where it cannot go on one
     * @param files class files and the resources beside them, by their paths with slashes
     * @param code the classes that compute: one, or plain loops first and then vector code
     * @param signature of the form that always runs
     * @param forms all forms and their weights; empty for small JVMs, whose class holds its weights
     * @param warnings what there is to say of the model
     */
    public record Result(String name, String module, Map<String, byte[]> files, List<ClassFile> code,
            Signature signature, Optional<ModelFiles> forms, List<Diagnostic> warnings) {
        public Result {
            code = List.copyOf(code);
            warnings = List.copyOf(warnings);
        }

        /** The bytes of a jar with all files, the same whenever and wherever it is made. */
        public byte[] jar() {
            return JarBytes.of(module, files);
        }

        /** What {@link #write} writes. */
        public Map<Path, byte[]> at(Path place) {
            if (place.toString().toLowerCase(Locale.ROOT).endsWith(".jar")) {
                return Map.of(place, jar());
            }
            Map<Path, byte[]> placed = new LinkedHashMap<>();
            files.forEach((path, bytes) -> placed.put(place.resolve(path), bytes));
            return placed;
        }

        /**
         * Writes all files or none.
         *
         * @param place a jar, if its name ends so, else a folder
         * @throws CompilationFailedException if that is not possible
         */
        public void write(Path place) {
            WholeFile.write(at(place));
        }
    }

    /**
     * Compiles a model; the same model gives the same bytes on every machine.
     *
     * @param model a Tern text, or a model of another tool for which there is a reader on the class path
     * @throws CompilationFailedException with everything that is wrong with the model, its parameters or its name
     */
    public Result compile(Path model) {
        ModelGenerator generator = new ModelGenerator(targets, standalone);
        Compilation compilation = Compilation.of(model, generator.host());
        GeneratedModel made = generator.generate(compilation, compilation.className(packageName, className), List.of(
                model));
        return new Result(made.facade().path().replace('/', '.'), packageName, FacadeCompiler.classes(made),
                made.code(), made.signature(), made.forms(), made.warnings());
    }
}
