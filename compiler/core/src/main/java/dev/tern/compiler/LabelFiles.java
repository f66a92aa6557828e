package dev.tern.compiler;

import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.AnalyzedModel.LabelsFile;
import dev.tern.compiler.analysis.parameters.ParameterPath;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.files.OutsideFile;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.syntax.SourceReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the names of outputs' entries from the files that a model names: UTF-8 text, one name a line. */
final class LabelFiles {
    private static final long MAX_BYTES = 1 << 20;

    private LabelFiles() {
    }

    /**
     * The model's graph with its labels.
     *
     * @param folder where the model lies
     * @param diagnostics gets what is wrong with a file, or LABELS_MISMATCH
     */
    static Graph read(AnalyzedModel model, Path folder, Diagnostics diagnostics) {
        List<Graph.Output> outputs = new ArrayList<>(model.graph().outputs());
        for (LabelsFile labels : model.labels()) {
            Optional<List<String>> names = ParameterPath
                    .resolve(folder, labels.file().name(), labels.file().span(), diagnostics::add)
                    .flatMap(file -> text(file, labels, diagnostics)).map(LabelFiles::lines);
            names.ifPresent(found -> {
                if (found.size() == labels.entries()) {
                    outputs.replaceAll(output -> output.name().equals(labels.output())
                            ? new Graph.Output(output.name(), output.value(), found)
                            : output);
                } else {
                    diagnostics.add(Diagnostic.error(DiagnosticCode.LABELS_MISMATCH,
                            "`" + labels.file().name() + "` has " + found.size() + " lines, output `"
                                    + labels.output() + "` has " + labels.entries() + " entries",
                            labels.file().span(), ""));
                }
            });
        }
        return model.graph().withOutputs(outputs);
    }

    private static Optional<SourceFile> text(OutsideFile file, LabelsFile labels, Diagnostics diagnostics) {
        if (file.size() > MAX_BYTES) {
            diagnostics.add(Diagnostic.error(DiagnosticCode.FILE_TOO_LARGE,
                    "`" + labels.file().name() + "` is too large for a file of labels", labels.file().span(),
                    String.format("%,d bytes, the limit is %,d", file.size(), MAX_BYTES)));
            return Optional.empty();
        }
        return SourceReader.read(file.path(), diagnostics);
    }

    /** The lines without the empty end that the last line break makes. */
    private static List<String> lines(SourceFile file) {
        return file.text().lines().map(String::strip).toList();
    }
}
