package dev.tern.compiler.generate;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.files.OutsideFile;
import dev.tern.compiler.foreign.ImportOptions;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a model of another tool is brought in, in a file beside it: {@code digits.onnx.properties} with the entries
 * {@code weights}, {@code activations}, {@code first-last}, {@code as-in-file} and {@code rounding}, as the options of
 * {@code tern import}. Without such a file everything is as the model has it.
 */
final class ImportSidecar {
    private static final int MAX_BYTES = 1 << 16;
    private static final String WEIGHTS = "weights";
    private static final String ACTIVATIONS = "activations";
    private static final String FIRST_LAST = "first-last";
    private static final String AS_IN_FILE = "as-in-file";
    private static final String ROUNDING = "rounding";
    private static final Set<String> KNOWN = new TreeSet<>(
            Set.of(WEIGHTS, ACTIVATIONS, FIRST_LAST, AS_IN_FILE, ROUNDING));

    private ImportSidecar() {
    }

    /** Where it lies, whether it is there or not. */
    static Path beside(Path model) {
        return model.resolveSibling(model.getFileName() + ".properties");
    }

    /**
     * The options for a model.
     *
     * @throws CompilationFailedException if the file cannot be read or has an entry that is none
     */
    static ImportOptions read(Path model) {
        Path file = beside(model);
        if (Files.notExists(file)) {
            return ImportOptions.DEFAULT;
        }
        Properties properties = new Properties();
        try {
            byte[] bytes = OutsideFile.inside(OutsideFile.folderOf(model), file).bytes(MAX_BYTES);
            properties.load(new StringReader(new String(bytes, StandardCharsets.UTF_8)));
        } catch (IOException | IllegalArgumentException e) {
            throw wrong(file, "the file cannot be read: " + e.getMessage(), "");
        }
        for (String key : properties.stringPropertyNames()) {
            if (!KNOWN.contains(key)) {
                throw wrong(file, "there is no entry `" + key + "`", "the entries are " + String.join(", ", KNOWN));
            }
        }
        return new ImportOptions(entry(properties, WEIGHTS), entry(properties, ACTIVATIONS),
                entry(properties, FIRST_LAST), Map.of(), Map.of(), truth(file, properties),
                single(file, properties));
    }

    private static Optional<String> entry(Properties properties, String key) {
        return Optional.ofNullable(properties.getProperty(key)).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static boolean single(Path file, Properties properties) {
        String text = entry(properties, ROUNDING).orElse("double");
        if (!text.equals("double") && !text.equals("single")) {
            throw wrong(file, "`" + ROUNDING + "` is `" + text + "`", "it is double or single");
        }
        return text.equals("single");
    }

    private static boolean truth(Path file, Properties properties) {
        String text = entry(properties, AS_IN_FILE).orElse("false");
        if (!text.equals("true") && !text.equals("false")) {
            throw wrong(file, "`" + AS_IN_FILE + "` is `" + text + "`", "it is true or false");
        }
        return text.equals("true");
    }

    private static CompilationFailedException wrong(Path file, String message, String help) {
        return new CompilationFailedException(Diagnostic
                .error(DiagnosticCode.UNREADABLE_FILE, message, new FilePosition(file.toString(), -1, ""), "")
                .help(help));
    }
}
