package dev.tern.cli;

import dev.tern.cli.output.JarBytes;
import dev.tern.cli.output.WholeFile;
import dev.tern.compiler.Compilation;
import dev.tern.compiler.HostTarget;
import dev.tern.compiler.bytecode.model.ModelFiles;
import dev.tern.compiler.generate.FacadeCompiler;
import dev.tern.compiler.generate.GeneratedModel;
import dev.tern.compiler.generate.ModelGenerator;
import dev.tern.compiler.target.Target;
import dev.tern.runtime.Signature;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compiles a model to class files for Java 17 and later. */
@Command(name = "compile", description = {"Compiles a model to a class with its weights beside it, for Java 17 and"
        + " later. The class needs tern-runtime on its class path and nothing else; beside it lies the session that it"
        + " runs. On Java 25 with --add-modules jdk.incubator.vector it runs"
        + " vector code that lies beside it, on machines with vectors of 256 or 512 bits.",
    ""}, //
        footer = {"", "Examples:", "  tern compile models/digits -o digits.jar --package com.acme",
            "  tern compile models/digits -o target/classes --package com.acme --dump"})
final class CompileCommand extends ModelCommand {
    @Option(names = {"-o", "--output"}, paramLabel = "PLACE", required = true, description = {
        "A file that ends in .jar, or a folder for the class files. Written whole or not at all."})
    private Path output;

    @Option(names = "--package", paramLabel = "NAME", defaultValue = "", description = {
        "The class's package, and the name of the jar as an automatic module (default: none; a jar without cannot"
                + " go on a module path)."})
    private String packageName;

    @Option(names = "--class", paramLabel = "NAME", description = {
        "The class's name in its package (default: the model's)."})
    private Optional<String> className;

    /** Plain loops are in every class. */
    @Mixin
    private TargetOption target;

    @Option(names = "--narrow", description = {
        "Take vector code of 128 bits along as well, for machines without wider vectors."})
    private boolean narrow;

    @Option(names = "--standalone", description = "Take the runtime's classes along, so that nothing else is needed.")
    private boolean standalone;

    @Option(names = "--dump", description = "Write the class as readable text too, into the file's or folder's side.")
    private boolean dump;

    @Override
    public Integer call() {
        Compilation compilation = Compilation.of(file(), HostTarget.portable("compiled ahead of time"));
        GeneratedModel generated = new ModelGenerator(vectors(), standalone).generate(compilation,
                compilation.className(packageName, className), List.of(file()));
        warn(compilation.warnings());
        ModelFiles model = generated.files();
        Map<String, byte[]> files = FacadeCompiler.classes(generated);
        Map<Path, byte[]> written = new LinkedHashMap<>();
        if (output.toString().toLowerCase(Locale.ROOT).endsWith(".jar")) {
            written.put(output, JarBytes.of(packageName, files));
        } else {
            files.forEach((path, bytes) -> written.put(output.resolve(path), bytes));
        }
        if (dump) {
            forms(model).forEach(form -> written.put(dumpFile(form), form.classFile().listing().getBytes(
                    StandardCharsets.UTF_8)));
        }
        WholeFile.write(written);
        show(compilation, generated, written);
        return ExitCode.DONE;
    }

    private List<Target> vectors() {
        Set<Target> asked = target.all(commandLine());
        if (!asked.isEmpty()) {
            return asked.stream().filter(Target::vector).toList();
        }
        return narrow
                ? Stream.concat(Target.VECTORS.stream(), Stream.of(Target.vector(128))).toList()
                : Target.VECTORS;
    }

    private static List<ModelFiles.Form> forms(ModelFiles model) {
        return Stream.concat(Stream.of(model.own()), model.vectors().stream()).toList();
    }

    /** The class's text: beside a jar by the jar's name, that of vector code with an ending. */
    private Path dumpFile(ModelFiles.Form form) {
        String jar = output.getFileName().toString();
        String path = form.classFile().definition().name().internalName();
        if (!jar.toLowerCase(Locale.ROOT).endsWith(".jar")) {
            return output.resolve(path + ".txt");
        }
        String ending = path.contains("$") ? path.substring(path.lastIndexOf('$')) : "";
        return output.resolveSibling(jar.substring(0, jar.length() - 4) + ending + ".txt");
    }

    private void show(Compilation compilation, GeneratedModel generated, Map<Path, byte[]> written) {
        ModelFiles model = generated.files();
        String facade = generated.facade().path().replace('/', '.');
        if (json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("class", facade);
            result.put("files", written.keySet().stream().map(Path::toString).toList());
            result.put("bytes", written.values().stream().map(bytes -> bytes.length).toList());
            result.put("flashBytes", model.weightBytes());
            result.put("variants", forms(model).stream().map(CompileCommand::toJson).toList());
            if (model.vectors().isEmpty()) {
                result.put("noVectorCode", model.own().signature().variantReason());
            }
            print(result, compilation.warnings());
            return;
        }
        written.forEach((file, bytes) -> console().out().printf(Locale.ROOT, "%s  %,d bytes%n", file, bytes.length));
        console().out().println("class " + facade);
        console().out().printf(Locale.ROOT, "  %-11s %,d bytes, one copy%n", "weights", model.weightBytes());
        forms(model).forEach(this::row);
        if (model.vectors().isEmpty()) {
            console().out().printf("  no vector code: %s%n", model.own().signature().variantReason());
        }
    }

    private static Map<String, Object> toJson(ModelFiles.Form form) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("variant", form.signature().variant());
        object.put("class", className(form));
        object.put("weightBytes", form.signature().weightBytes());
        object.put("arenaBytes", form.signature().arenaBytes());
        return object;
    }

    private void row(ModelFiles.Form form) {
        Signature signature = form.signature();
        console().out().printf(Locale.ROOT, "  %-11s %,d bytes of weights in memory, %,d of working memory%n",
                signature.variant(), signature.weightBytes(), signature.arenaBytes());
    }

    private static String className(ModelFiles.Form form) {
        return form.classFile().definition().name().internalName().replace('/', '.');
    }
}
