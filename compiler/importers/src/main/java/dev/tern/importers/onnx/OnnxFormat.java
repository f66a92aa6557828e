package dev.tern.importers.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.files.OutsideFile;
import dev.tern.compiler.foreign.ImportFormat;
import dev.tern.compiler.foreign.ImportOptions;
import dev.tern.compiler.foreign.ImportedModel;
import dev.tern.compiler.foreign.OtherFile;
import dev.tern.importers.FileReport;
import dev.tern.importers.network.Constant;
import dev.tern.importers.network.ForeignNetwork;
import dev.tern.importers.numpy.BoundInputs;
import dev.tern.importers.onnx.schema.ModelProto;
import dev.tern.importers.tern.TernWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Models of the Open Neural Network Exchange, and QONNX, which is written in the same form. */
public final class OnnxFormat implements ImportFormat {
    /** Messages within messages; those of a real model are five or six deep. */
    private static final int DEEPEST = 64;
    /** The form itself ends at 2 GiB. */
    private static final int LARGEST = Integer.MAX_VALUE - 8;

    @Override
    public String name() {
        return "ONNX";
    }

    @Override
    public Set<String> extensions() {
        return Set.of("onnx");
    }

    @Override
    public Optional<ImportedModel> read(Path file, String shownName, ImportOptions options, Diagnostics diagnostics) {
        return network(file, shownName, options, diagnostics)
                .flatMap(network -> TernWriter.write(network, shownName, options, diagnostics));
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
            Optional<OtherFile> other = OtherFile.of("", bytes);
            if (other.isPresent()) {
                diagnostics.add(other.get().error(shownName));
                return Optional.empty();
            }
            ModelProto model = parse(bytes);
            String name = file.getFileName().toString().replaceFirst("(?i)(\\.qonnx)?\\.onnx$", "");
            Path folder = OutsideFile.folderOf(file);
            return new OnnxReader(model, new OnnxExternalData(folder, shownName), shownName, options, diagnostics)
                    .read(name, constants);
        } catch (InvalidProtocolBufferException e) {
            report.malformed("this is no ONNX model, or it is damaged: "
                    + FileReport.firstLine(String.valueOf(e.getMessage())), report.at(-1, ""), "", "");
            return Optional.empty();
        } catch (CompilationFailedException failed) {
            failed.diagnostics().forEach(diagnostics::add);
            return Optional.empty();
        } catch (IOException e) {
            report.unreadable(e);
            return Optional.empty();
        } catch (ArithmeticException overflow) {
            diagnostics.add(Diagnostic.error(DiagnosticCode.FOREIGN_MALFORMED,
                    "the model computes shapes that are too large", new FilePosition(shownName, -1, ""), ""));
            return Optional.empty();
        }
    }

    static ModelProto parse(byte[] bytes) throws IOException {
        WireScan.check(bytes, DEEPEST);
        CodedInputStream stream = CodedInputStream.newInstance(bytes);
        stream.setRecursionLimit(DEEPEST);
        return ModelProto.parseFrom(stream);
    }
}
