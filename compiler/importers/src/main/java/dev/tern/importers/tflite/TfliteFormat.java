package dev.tern.importers.tflite;

import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.files.OutsideFile;
import dev.tern.compiler.foreign.ImportFormat;
import dev.tern.compiler.foreign.ImportOptions;
import dev.tern.compiler.foreign.ImportedModel;
import dev.tern.compiler.foreign.OtherFile;
import dev.tern.importers.FileReport;
import dev.tern.importers.network.Constant;
import dev.tern.importers.network.ForeignNetwork;
import dev.tern.importers.numpy.BoundInputs;
import dev.tern.importers.tern.TernWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Models of TensorFlow Lite (LiteRT), and of Larq, which adds operators of its own to them. */
public final class TfliteFormat implements ImportFormat {
    /** The form itself ends at 2 GiB. */
    private static final int LARGEST = Integer.MAX_VALUE - 8;

    @Override
    public String name() {
        return "TFLite";
    }

    @Override
    public Set<String> extensions() {
        return Set.of("tflite", "lite");
    }

    @Override
    public Optional<ImportedModel> read(Path file, String shownName, ImportOptions options, Diagnostics diagnostics) {
        // Channels are last in these files, too, so that no axis has to change its place.
        return network(file, shownName, options, diagnostics)
                .flatMap(network -> TernWriter.write(network, shownName, options.inFileOrder(), diagnostics));
    }

    /** The network of a file, before it is Tern. */
    static Optional<ForeignNetwork> network(Path file, String shownName, ImportOptions options,
            Diagnostics diagnostics) {
        FileReport report = new FileReport(shownName, DiagnosticCode.FOREIGN_UNREADABLE,
                DiagnosticCode.FOREIGN_MALFORMED, diagnostics);
        Map<String, Constant> constants = new HashMap<>();
        if (!BoundInputs.read(options.constants(), constants, diagnostics)) {
            return Optional.empty();
        }
        try {
            byte[] bytes = OutsideFile.of(file).bytes(LARGEST);
            Optional<OtherFile> other = TfliteModel.marked(bytes) ? Optional.empty() : OtherFile.of("", bytes);
            if (other.isPresent()) {
                diagnostics.add(other.get().error(shownName));
                return Optional.empty();
            }
            if (!TfliteModel.marked(bytes)) {
                report.malformed("this is no TFLite model: it lacks the mark TFL3", report.at(0, ""), "", "");
                return Optional.empty();
            }
            String name = file.getFileName().toString().replaceFirst("(?i)\\.(tf)?lite$", "");
            return new TfliteReader(TfliteModel.parse(bytes), shownName, options, diagnostics)
                    .read(name, constants);
        } catch (IndexOutOfBoundsException | ArithmeticException | IllegalArgumentException damaged) {
            report.malformed("this TFLite model is damaged, or is not whole: it refers to places outside the file",
                    report.at(-1, ""), "", "");
            return Optional.empty();
        } catch (IOException e) {
            report.unreadable(e);
            return Optional.empty();
        }
    }
}
