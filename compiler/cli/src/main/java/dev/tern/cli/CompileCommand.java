package dev.tern.cli;

import dev.tern.compiler.bytecode.ClassFile;
import dev.tern.compiler.bytecode.model.ModelFiles;
import dev.tern.compiler.generate.ClassCompiler;
import dev.tern.compiler.output.WholeFile;
import dev.tern.runtime.Signature;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
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
            "  tern compile models/digits -o target/classes --package com.acme --dump",
            "  tern compile models/digits -o edge.jar --target edge"})
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

    @Mixin
    private ClassTargets targets;

    @Option(names = "--dump", description = "Write the class as readable text too, into the file's or folder's side.")
    private boolean dump;

    @Override
    public Integer call() {
        ClassCompiler.Result made = new ClassCompiler(packageName, className, targets.all(), targets.standalone())
                .compile(file());
        warn(made.warnings());
        Map<Path, byte[]> written = new LinkedHashMap<>(made.at(output));
        if (dump) {
            made.code().forEach(file -> written.put(dumpFile(file), file.listing().getBytes(StandardCharsets.UTF_8)));
        }
        WholeFile.write(written);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("class", made.name());
        result.put("files", written.keySet().stream().map(Path::toString).toList());
        result.put("bytes", written.values().stream().map(bytes -> bytes.length).toList());
        if (!json()) {
            written.forEach((file, bytes) -> console().out().printf(Locale.ROOT, "%s  %,d bytes%n", file,
                    bytes.length));
        }
        made.forms().ifPresentOrElse(forms -> show(made, forms, result), () -> showEdge(made, result));
        return ExitCode.DONE;
    }

    private void showEdge(ClassCompiler.Result made, Map<String, Object> result) {
        Signature signature = made.signature();
        if (json()) {
            result.put("weightBytes", signature.weightBytes());
            result.put("arenaBytes", signature.arenaBytes());
            print(result, made.warnings());
            return;
        }
        console().out().println("class " + made.name() + ", for Java 8 and later");
        String name = made.name().substring(made.name().lastIndexOf('.') + 1);
        console().out().printf("  %s.%s(%s)%n", name, signature.streamed() ? "push" : "infer",
                Stream.concat(signature.inputs().stream(), signature.outputs().stream())
                        .filter(port -> !signature.kept(port))
                        .map(port -> port.element().componentType() + "[] " + port.name())
                        .collect(Collectors.joining(", ")));
        if (signature.streamed()) {
            console().out().printf(Locale.ROOT, "  %s.reset(), and %,d bytes of state%n", name,
                    signature.stateBytes());
        }
        console().out().printf(Locale.ROOT, "  %,d bytes of weights in memory, %,d of working memory%n",
                signature.weightBytes(), signature.arenaBytes());
    }

    private boolean inJar() {
        return output.toString().toLowerCase(Locale.ROOT).endsWith(".jar");
    }

    private static List<ModelFiles.Form> forms(ModelFiles model) {
        return Stream.concat(Stream.of(model.own()), model.vectors().stream()).toList();
    }

    /** The class's text: beside a jar by the jar's name, that of vector code with an ending. */
    private Path dumpFile(ClassFile file) {
        String jar = output.getFileName().toString();
        String path = file.definition().name().internalName();
        if (!inJar()) {
            return output.resolve(path + ".txt");
        }
        String ending = path.contains("$") ? path.substring(path.lastIndexOf('$')) : "";
        return output.resolveSibling(jar.substring(0, jar.length() - 4) + ending + ".txt");
    }

    private void show(ClassCompiler.Result made, ModelFiles model, Map<String, Object> result) {
        if (json()) {
            result.put("flashBytes", model.weightBytes());
            result.put("variants", forms(model).stream().map(CompileCommand::toJson).toList());
            if (model.vectors().isEmpty()) {
                result.put("noVectorCode", made.signature().variantReason());
            }
            print(result, made.warnings());
            return;
        }
        console().out().println("class " + made.name());
        console().out().printf(Locale.ROOT, "  %-11s %,d bytes, one copy%n", "weights", model.weightBytes());
        forms(model).forEach(this::row);
        if (model.vectors().isEmpty()) {
            console().out().printf("  no vector code: %s%n", made.signature().variantReason());
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
