package dev.tern.importers.onnx;

import dev.tern.compiler.analysis.parameters.ParameterPath;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.files.OutsideFile;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.onnx.schema.StringStringEntryProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Files with tensors beside the model: read in its folder or below it, never elsewhere. */
final class OnnxExternalData implements OnnxTensors.ExternalData {
    private final Path folder;
    private final String shownName;

    /** @param shownName the model's name, for errors */
    OnnxExternalData(Path folder, String shownName) {
        this.folder = folder;
        this.shownName = shownName;
    }

    @Override
    public ByteBuffer read(String tensor, List<StringStringEntryProto> entries, long bytes) throws IOException {
        Map<String, String> named = new HashMap<>();
        entries.forEach(entry -> named.put(entry.getKey(), entry.getValue()));
        FilePosition position = new FilePosition(shownName, -1, "tensor " + tensor);
        List<Diagnostic> problems = new ArrayList<>();
        OutsideFile file = ParameterPath.resolve(folder, named.getOrDefault("location", ""), position, problems::add)
                .orElseThrow(() -> new CompilationFailedException(problems));
        long offset = number(tensor, named.getOrDefault("offset", "0"));
        long length = named.containsKey("length") ? number(tensor, named.get("length")) : bytes;
        try (FileChannel channel = file.channel()) {
            if (length != bytes || offset > channel.size() - length) {
                throw new ImportProblemException("the tensor `" + tensor + "` is not whole: `" + file.path()
                        .getFileName()
                        + "` does not hold " + bytes + " bytes for it at " + offset);
            }
            ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(length));
            while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) >= 0) {
                continue;
            }
            return buffer.flip();
        }
    }

    private static long number(String tensor, String text) {
        try {
            long number = Long.parseLong(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Said below.
        }
        throw new ImportProblemException("the place of the tensor `" + tensor + "` is no number: " + text);
    }
}
