package dev.tern.importers.export;

import com.google.protobuf.ByteString;
import dev.tern.importers.onnx.schema.AttributeProto;
import dev.tern.importers.onnx.schema.FunctionProto;
import dev.tern.importers.onnx.schema.NodeProto;
import dev.tern.importers.onnx.schema.OnnxFields;
import dev.tern.importers.onnx.schema.OperatorSetIdProto;
import dev.tern.importers.onnx.schema.TensorProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** A function that a file defines for itself by standard operators, while it is written. */
final class FunctionBody {
    private final FunctionProto.Builder function;
    private int values;

    FunctionBody(String name, String documentation, List<String> inputs, List<String> attributes) {
        function = FunctionProto.newBuilder().setName(name).setDomain(OnnxGraph.TERN).addAllInput(inputs)
                .addOutput("y").addAllAttribute(attributes)
                .setUnknownFields(OnnxFields.text(OnnxFields.FUNCTION_DOCUMENTATION, documentation));
    }

    /** A node of a standard operator. @return its output's name */
    String node(String operator, List<String> inputs, AttributeProto... attributes) {
        values++;
        return named("v" + values, operator, inputs, attributes);
    }

    private String named(String output, String operator, List<String> inputs, AttributeProto... attributes) {
        function.addNode(NodeProto.newBuilder().setName(output).setOpType(operator).addAllInput(inputs)
                .addOutput(output).addAllAttribute(List.of(attributes)));
        return output;
    }

    String cast(String value, TensorKind kind) {
        return node("Cast", List.of(value), Attribute.of("to", kind.number()));
    }

    /** One number. */
    String number(TensorKind kind, long value) {
        ByteBuffer bytes = ByteBuffer.allocate(kind.bits() / Byte.SIZE).order(ByteOrder.LITTLE_ENDIAN);
        if (kind == TensorKind.INT64) {
            bytes.putLong(value);
        } else {
            bytes.putInt((int) value);
        }
        return node("Constant", List.of(), Attribute.of("value", TensorProto.newBuilder().setDataType(kind.number())
                .setRawData(ByteString.copyFrom(bytes.array())).build()));
    }

    /** The function, whose result the last node gives. */
    FunctionProto result(int opset, String operator, List<String> inputs, AttributeProto... attributes) {
        named("y", operator, inputs, attributes);
        return function.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(opset)).build();
    }
}
