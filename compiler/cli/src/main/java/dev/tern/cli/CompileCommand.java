package dev.tern.cli;

import dev.tern.cli.output.JarBytes;
import dev.tern.cli.output.WholeFile;
import dev.tern.compiler.Compilation;
import dev.tern.compiler.bytecode.program.ModelFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import javax.lang.model.SourceVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Compiles a model to class files for Java 17 and later. */
@Command(name = "compile", description = {"Compiles a model to a class with its weights beside it, for Java 17 and"
        + " later. The class needs tern-runtime on its class path and nothing else.", ""}, //
        footer = {"", "Examples:", "  tern compile models/digits -o digits.jar --package com.acme",
            "  tern compile models/digits -o target/classes --package com.acme --dump"})
final class CompileCommand extends ModelCommand {
    @Option(names = {"-o", "--output"}, paramLabel = "PLACE", required = true, description = {
        "A file that ends in .jar, or a folder for the class files. Written whole or not at all."})
    private Path output;

    @Option(names = "--package", paramLabel = "NAME", defaultValue = "", description = {
        "The class's package (default: none)."})
    private String packageName;

    @Option(names = "--dump", description = "Write the class as readable text too, into the file's or folder's side.")
    private boolean dump;

    @Override
    public Integer call() {
        if (!packageName.isEmpty() && !SourceVersion.isName(packageName)) {
            throw new ParameterException(commandLine(), "'" + packageName + "' is no name of a Java package");
        }
        Compilation compilation = Compilation.of(file());
        warn(compilation.warnings());
        ModelFiles model = compilation.files(packageName);
        Map<String, byte[]> files = model.byPath();
        Map<Path, byte[]> written = new LinkedHashMap<>();
        if (output.toString().toLowerCase(Locale.ROOT).endsWith(".jar")) {
            written.put(output, JarBytes.of(files));
        } else {
            files.forEach((name, bytes) -> written.put(output.resolve(name), bytes));
        }
        if (dump) {
            written.put(dumpFile(model), model.classFile().listing().getBytes(StandardCharsets.UTF_8));
        }
        WholeFile.write(written);
        show(compilation, model, written);
        return ExitCode.DONE;
    }

    private Path dumpFile(ModelFiles model) {
        String name = output.getFileName().toString();
        return name.toLowerCase(Locale.ROOT).endsWith(".jar")
                ? output.resolveSibling(name.substring(0, name.length() - 4) + ".txt")
                : output.resolve(model.classFile().definition().name().internalName() + ".txt");
    }

    private void show(Compilation compilation, ModelFiles model, Map<Path, byte[]> written) {
        if (json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("class", className(model));
            result.put("files", written.keySet().stream().map(Path::toString).toList());
            result.put("bytes", written.values().stream().map(bytes -> bytes.length).toList());
            print(result, compilation.warnings());
            return;
        }
        written.forEach((file, bytes) -> console().out().printf(Locale.ROOT, "%s  %,d bytes%n", file, bytes.length));
        console().out().println("class " + className(model));
    }

    private static String className(ModelFiles model) {
        return model.classFile().definition().name().internalName().replace('/', '.');
    }
}
