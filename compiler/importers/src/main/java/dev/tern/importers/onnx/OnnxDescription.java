package dev.tern.importers.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tern.importers.network.Description;
import dev.tern.importers.onnx.schema.ModelProto;
import dev.tern.importers.onnx.schema.OnnxFields;
import dev.tern.importers.onnx.schema.OperatorSetIdProto;
import dev.tern.importers.onnx.schema.StringStringEntryProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a model's header says: operator sets, the tool, documentation, and labels as Tern's export keeps them. */
final class OnnxDescription {
    /** Before the name of an output in the key of its labels, one a line. */
    static final String LABELS = "labels.";
    private static final String SOURCE = "From ";
    private static final int MOST_LINES = 20;

    private OnnxDescription() {
    }

    static Description of(ModelProto model, String shownName) {
        Map<String, List<String>> labels = new HashMap<>();
        for (ByteString property : OnnxFields.read(model.getUnknownFields(), OnnxFields.MODEL_METADATA)) {
            try {
                StringStringEntryProto entry = StringStringEntryProto.parseFrom(property);
                if (entry.getKey().startsWith(LABELS)) {
                    labels.put(entry.getKey().substring(LABELS.length()), entry.getValue().lines().toList());
                }
            } catch (InvalidProtocolBufferException damaged) {
                // Metadata decides nothing: a model is read without it.
                continue;
            }
        }
        return new Description(source(model, shownName), documentation(model), labels);
    }

    /** {@code From mnist.onnx: ONNX, opset 8, by pytorch 1.7.}. */
    private static String source(ModelProto model, String shownName) {
        List<String> sets = new ArrayList<>();
        for (OperatorSetIdProto set : model.getOpsetImportList()) {
            sets.add((set.getDomain().isEmpty() ? "opset" : set.getDomain()) + " " + set.getVersion());
        }
        String tool = (model.getProducerName() + " " + model.getProducerVersion()).strip();
        return SOURCE + shownName.substring(shownName.replace('\\', '/').lastIndexOf('/') + 1) + ": ONNX, "
                + String.join(", ", sets) + (tool.isEmpty() ? "" : ", by " + tool) + ".";
    }

    /** Without the line that an import has added, where the model was imported before. */
    private static String documentation(ModelProto model) {
        return String.join("\n", OnnxFields.read(model.getUnknownFields(), OnnxFields.MODEL_DOCUMENTATION).stream()
                .flatMap(text -> text.toStringUtf8().lines()).map(String::stripTrailing)
                .filter(line -> !line.startsWith(SOURCE)).limit(MOST_LINES).toList());
    }
}
