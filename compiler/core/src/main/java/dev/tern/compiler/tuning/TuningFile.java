package dev.tern.compiler.tuning;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.files.OutsideFile;
import dev.tern.compiler.files.RefusedFileException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The file beside a model that holds its tuning: one JSON object. */
public final class TuningFile {
    static final String FORMAT = "tern tuning 1";
    private static final String EXTENSION = ".tuning";
    private static final int MAX_BYTES = 16 << 20;

    private TuningFile() {
    }

    /** {@code digits.tuning} beside {@code digits.tern}. */
    public static Path beside(Path model) {
        String name = model.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return model.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + EXTENSION);
    }

    /**
     * Reads the tuning of a model, if there is one. What is wrong with it is a warning, for the model compiles without.
     */
    public static Optional<Tuning> read(Path model, Diagnostics diagnostics) {
        Path file = beside(model);
        try {
            return Optional
                    .of(TuningReader.read(OutsideFile.inside(OutsideFile.folderOf(model), file).bytes(MAX_BYTES)));
        } catch (MalformedTuningException e) {
            diagnostics.add(Diagnostic.warning(DiagnosticCode.TUNING_MALFORMED,
                    "the tuning is not used, for it cannot be read", new FilePosition(file.toString(), e.offset(),
                            e.part()),
                    e.getMessage()).help("`tern tune " + model + "` makes it anew; without it the cost model chooses"));
        } catch (IOException e) {
            if (e instanceof RefusedFileException refused && refused.absent()) {
                return Optional.empty();
            }
            diagnostics.add(Diagnostic.warning(DiagnosticCode.TUNING_MALFORMED,
                    "the tuning is not used, for it cannot be read", new FilePosition(file.toString(), -1, ""),
                    "it " + e.getMessage()));
        }
        return Optional.empty();
    }

    /** The text of the file. */
    public static String text(Tuning tuning) {
        StringWriter text = new StringWriter();
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        printer.indentObjectsWith(indenter);
        printer.indentArraysWith(indenter);
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.setPrettyPrinter(printer);
            json.writeStartObject();
            json.writeStringField("format", FORMAT);
            json.writeStringField("cpu", tuning.machine().cpu());
            json.writeStringField("jvm", tuning.machine().jvm());
            json.writeObjectFieldStart("targets");
            for (Map.Entry<String, List<Tuning.Entry>> target : tuning.targets().entrySet()) {
                json.writeArrayFieldStart(target.getKey());
                for (Tuning.Entry entry : target.getValue()) {
                    write(json, entry);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text + "\n";
    }

    private static void write(JsonGenerator json, Tuning.Entry entry) throws IOException {
        json.writeStartObject();
        json.writeStringField("layer", entry.layer());
        json.writeStringField("shape", entry.shape());
        json.writeStringField("schedule", entry.schedule());
        json.writeNumberField("measuredNanos", Math.round(entry.measuredNanos()));
        json.writeNumberField("predictedNanos", Math.round(entry.predictedNanos()));
        json.writeEndObject();
    }
}
