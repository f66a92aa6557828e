package dev.tern.importers.onnx;

import com.google.protobuf.ByteString;
import dev.tern.importers.onnx.schema.AttributeProto;
import dev.tern.importers.onnx.schema.FunctionProto;
import dev.tern.importers.onnx.schema.GraphProto;
import dev.tern.importers.onnx.schema.ModelProto;
import dev.tern.importers.onnx.schema.NodeProto;
import dev.tern.importers.onnx.schema.OperatorSetIdProto;
import dev.tern.importers.onnx.schema.TensorProto;
import dev.tern.importers.onnx.schema.TensorShapeProto;
import dev.tern.importers.onnx.schema.TypeProto;
import dev.tern.importers.onnx.schema.ValueInfoProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Writes small ONNX models for tests. */
final class OnnxModels {
    private final GraphProto.Builder graph = GraphProto.newBuilder();
    private final ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(8).setProducerName("test");

    OnnxModels(int opset) {
        model.addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset));
    }

    OnnxModels domain(String domain, int version) {
        model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version));
        return this;
    }

    OnnxModels function(FunctionProto function) {
        model.addFunctions(function);
        return this;
    }

    OnnxModels input(String name, long... shape) {
        graph.addInput(info(name, 1, shape));
        return this;
    }

    OnnxModels input(ValueInfoProto input) {
        graph.addInput(input);
        return this;
    }

    OnnxModels output(String name, long... shape) {
        graph.addOutput(info(name, 1, shape));
        return this;
    }

    static ValueInfoProto info(String name, int type, long... shape) {
        TensorShapeProto.Builder sizes = TensorShapeProto.newBuilder();
        for (long size : shape) {
            sizes.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(size));
        }
        return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type).setShape(sizes))).build();
    }

    OnnxModels floats(String name, List<Long> shape, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        graph.addInitializer(TensorProto.newBuilder().setName(name).setDataType(1).addAllDims(shape)
                .setRawData(ByteString.copyFrom(bytes.array())));
        return this;
    }

    OnnxModels bytes(String name, int type, List<Long> shape, int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        graph.addInitializer(TensorProto.newBuilder().setName(name).setDataType(type).addAllDims(shape)
                .setRawData(ByteString.copyFrom(bytes)));
        return this;
    }

    OnnxModels longs(String name, long... values) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(7).addDims(values.length);
        for (long value : values) {
            tensor.addInt64Data(value);
        }
        graph.addInitializer(tensor);
        return this;
    }

    OnnxModels tensor(TensorProto tensor) {
        graph.addInitializer(tensor);
        return this;
    }

    OnnxModels node(String operator, String inputs, String output, AttributeProto... attributes) {
        return node("", operator, inputs, output, attributes);
    }

    OnnxModels node(String domain, String operator, String inputs, String output, AttributeProto... attributes) {
        graph.addNode(NodeProto.newBuilder().setOpType(operator).setDomain(domain).addAllInput(List.of(inputs.split(
                " "))).addAllOutput(List.of(output.split(" "))).addAllAttribute(List.of(attributes)));
        return this;
    }

    static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder().setName(name).setI(value).build();
    }

    static AttributeProto decimal(String name, float value) {
        return AttributeProto.newBuilder().setName(name).setF(value).build();
    }

    static AttributeProto integers(String name, Long... values) {
        return AttributeProto.newBuilder().setName(name).addAllInts(List.of(values)).build();
    }

    static AttributeProto text(String name, String value) {
        return AttributeProto.newBuilder().setName(name).setS(ByteString.copyFromUtf8(value)).build();
    }

    byte[] build() {
        return model.setGraph(graph).build().toByteArray();
    }
}
