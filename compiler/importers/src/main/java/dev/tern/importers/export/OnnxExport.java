package dev.tern.importers.export;

import com.google.protobuf.UnknownFieldSet;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.importers.onnx.schema.ModelProto;
import dev.tern.importers.onnx.schema.OnnxFields;
import dev.tern.importers.onnx.schema.OperatorSetIdProto;
import dev.tern.importers.onnx.schema.StringStringEntryProto;
import java.util.List;

/** Writes a model as an ONNX file (onnx.ai, intermediate representation 10 to 13), or as QONNX. */
public final class OnnxExport {
    private OnnxExport() {
    }

    /**
     * The model as a file's bytes. Inputs and outputs keep their names and Tern's order of axes behind a batch of one.
     *
     * @param graph with its numbers, before any pass
     * @throws dev.tern.compiler.diagnostics.CompilationFailedException with FOREIGN_UNSUPPORTED if an operation has no
     *     meaning in ONNX
     */
    public static byte[] of(Graph graph, ExportOptions options) {
        OnnxGraph out = new OnnxGraph(graph.name(), graph.documentation());
        OperationExport.requireNoWideCodes(graph);
        Translation translation = new Translation(graph, options, out);
        for (ValueId id : graph.inputs()) {
            input(translation, translation.node(id));
        }
        graph.outputs().forEach(output -> out.reserve(output.name()));
        for (Graph.Output output : graph.outputs()) {
            TensorType type = translation.type(output.value());
            String value = translation.numbers(output.value(), AxisOrder.LAST);
            out.output(output.name(), type.element() instanceof ElementType.Accumulator
                    ? TensorKind.INT64
                    : TensorKind.FLOAT, AxisOrder.LAST.shape(type.shape()));
            out.rename(value, output.name());
        }
        ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(version(options.opset()))
                .setProducerName("Tern").setGraph(out.build())
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(options.opset()));
        if (out.usesQonnx()) {
            model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(OnnxGraph.QONNX).setVersion(1));
        }
        if (!out.functions().isEmpty()) {
            model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(OnnxGraph.TERN).setVersion(1));
            out.functions().forEach(function -> model.addFunctions(function.definition(options.opset())));
        }
        UnknownFieldSet.Builder more = OnnxFields.text(OnnxFields.MODEL_DOCUMENTATION, graph.documentation())
                .toBuilder();
        for (Graph.Output output : graph.outputs()) {
            if (!output.labels().isEmpty()) {
                more.mergeFrom(OnnxFields.bytes(OnnxFields.MODEL_METADATA, StringStringEntryProto.newBuilder()
                        .setKey("labels." + output.name()).setValue(String.join("\n", output.labels())).build()
                        .toByteString()));
            }
        }
        return model.setUnknownFields(more.build()).build().toByteArray();
    }

    /** The version of the intermediate representation that came with an operator set. */
    private static int version(int opset) {
        return switch (opset) {
            case 20 -> 9;
            case 21, 22 -> 10;
            case 23 -> 11;
            case 24 -> 12;
            default -> 13;
        };
    }

    private static void input(Translation translation, Node node) {
        Operation.Input input = (Operation.Input) node.operation();
        translation.out().reserve(input.name());
        boolean step = node.type().element() instanceof ElementType.StepIndex;
        TensorKind kind = switch (node.type().element()) {
            case ElementType.Code code -> code.signed() ? TensorKind.INT8 : TensorKind.UINT8;
            case ElementType.StepIndex _ -> TensorKind.INT64;
            case ElementType.F32 _,ElementType.Accumulator _ -> TensorKind.FLOAT;
        };
        translation.out().input(input.name(), kind,
                step && node.type().shape().rank() == 0 ? List.of(1) : AxisOrder.LAST.shape(node.type().shape()));
    }
}
