package dev.tern.cli.foreign;

import com.google.protobuf.ByteString;
import dev.tern.importers.onnx.schema.AttributeProto;
import dev.tern.importers.onnx.schema.GraphProto;
import dev.tern.importers.onnx.schema.ModelProto;
import dev.tern.importers.onnx.schema.NodeProto;
import dev.tern.importers.onnx.schema.OperatorSetIdProto;
import dev.tern.importers.onnx.schema.TensorProto;
import dev.tern.importers.onnx.schema.TensorShapeProto;
import dev.tern.importers.onnx.schema.TypeProto;
import dev.tern.importers.onnx.schema.ValueInfoProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An ONNX model that can be computed by hand: a 1x1 convolution of two channels to two, then the sum of all pixels. */
public final class SmallOnnx {
    private SmallOnnx() {
    }

    /** @param last the operator in the place of the last one */
    public static Path write(Path file, String last) throws IOException {
        GraphProto graph = GraphProto.newBuilder().addInput(info("picture", 1, 2, 1, 2)).addOutput(info("sums", 1, 2))
                .addInitializer(floats("w", List.of(2L, 2L, 1L, 1L), 1, 10, -1, 0))
                .addInitializer(floats("b", List.of(2L), 0.5f, 0))
                .addNode(NodeProto.newBuilder().setName("mix").setOpType("Conv").addAllInput(List.of("picture", "w",
                        "b")).addOutput("m"))
                .addNode(NodeProto.newBuilder().setName("sum").setOpType(last).addInput("m").addOutput("sums")
                        .addAttribute(AttributeProto.newBuilder().setName("axes").addInts(2).addInts(3))
                        .addAttribute(AttributeProto.newBuilder().setName("keepdims").setI(0)))
                .build();
        ModelProto model = ModelProto.newBuilder().setProducerName("hand").setGraph(graph)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(12)).build();
        return Files.write(file, model.toByteArray());
    }

    private static ValueInfoProto info(String name, long... shape) {
        TensorShapeProto.Builder sizes = TensorShapeProto.newBuilder();
        for (long size : shape) {
            sizes.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(size));
        }
        return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(1).setShape(sizes))).build();
    }

    private static TensorProto floats(String name, List<Long> shape, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return TensorProto.newBuilder().setName(name).setDataType(1).addAllDims(shape)
                .setRawData(ByteString.copyFrom(bytes.array())).build();
    }
}
