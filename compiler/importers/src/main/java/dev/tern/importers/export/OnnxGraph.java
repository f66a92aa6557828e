package dev.tern.importers.export;

import com.google.protobuf.ByteString;
import dev.tern.importers.onnx.schema.AttributeProto;
import dev.tern.importers.onnx.schema.GraphProto;
import dev.tern.importers.onnx.schema.NodeProto;
import dev.tern.importers.onnx.schema.TensorProto;
import dev.tern.importers.onnx.schema.TensorShapeProto;
import dev.tern.importers.onnx.schema.TypeProto;
import dev.tern.importers.onnx.schema.ValueInfoProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** The graph that is being written. Values are known by their names; equal constants are stored once. */
final class OnnxGraph {
    static final String QONNX = "qonnx.custom_op.general";
    /** The domain of functions that files define for themselves. */
    static final String TERN = "dev.tern";

    private final GraphProto.Builder graph;
    private final Map<ByteString, String> constants = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private final Set<String> nodeNames = new HashSet<>();
    private final Set<IntegerFunction> functions = EnumSet.noneOf(IntegerFunction.class);
    private String layer = "";
    private boolean qonnx;

    OnnxGraph(String name, String documentation) {
        graph = GraphProto.newBuilder().setName(name).setDocString(documentation);
    }

    /** From here on nodes belong to the layer with this path. */
    void at(String path) {
        layer = path;
    }

    /** Keeps a name from being given to something else. */
    void reserve(String name) {
        names.add(name);
    }

    /** A name that nothing has yet. */
    private static String fresh(Set<String> taken, String wished) {
        String name = wished;
        for (int i = 1; !taken.add(name); i++) {
            name = wished + "_" + i;
        }
        return name;
    }

    private String wished(String operator) {
        return layer.isEmpty() ? operator.toLowerCase(Locale.ROOT) : layer + "/" + operator;
    }

    /** A node of a standard operator with one output. @return the output's name */
    String node(String operator, List<String> inputs, AttributeProto... attributes) {
        return nodes("", operator, inputs, 1, attributes).getFirst();
    }

    /** A node of QONNX with one output. */
    String qonnx(String operator, List<String> inputs, AttributeProto... attributes) {
        qonnx = true;
        return nodes(QONNX, operator, inputs, 1, attributes).getFirst();
    }

    /** A call of a function that the file defines. */
    String call(IntegerFunction function, List<String> inputs, AttributeProto... attributes) {
        functions.add(function);
        return nodes(TERN, function.operator(), inputs, 1, attributes).getFirst();
    }

    /** The functions that are called. */
    Set<IntegerFunction> functions() {
        return functions;
    }

    /** A node with several outputs. */
    List<String> nodes(String domain, String operator, List<String> inputs, int outputs,
            AttributeProto... attributes) {
        String name = fresh(nodeNames, wished(operator));
        List<String> results = IntStream.range(0, outputs)
                .mapToObj(_ -> fresh(names, name)).toList();
        graph.addNode(NodeProto.newBuilder().setName(name).setOpType(operator).setDomain(domain).addAllInput(inputs)
                .addAllOutput(results).addAllAttribute(List.of(attributes)));
        return results;
    }

    /** Whether anything of QONNX was written. */
    boolean usesQonnx() {
        return qonnx;
    }

    /** A value under a name that was reserved for it. */
    void rename(String value, String name) {
        graph.addNode(NodeProto.newBuilder().setName(fresh(nodeNames, name)).setOpType("Identity").addInput(value)
                .addOutput(name));
    }

    // Constants

    /** One number. */
    String scalar(float value) {
        return floats("scalar", List.of(), value);
    }

    String floats(String wish, List<Integer> shape, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return constant(wish, TensorKind.FLOAT, shape, bytes.array());
    }

    String integers(String wish, TensorKind kind, List<Integer> shape, int... values) {
        return constant(wish, kind, shape, packed(kind, values));
    }

    /** Integers of 64 bits. */
    String longs(String wish, List<Integer> shape, long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return constant(wish, TensorKind.INT64, shape, bytes.array());
    }

    /** A list of sizes, axes or indices. */
    String list(String wish, List<Integer> values) {
        return integers(wish, TensorKind.INT64, List.of(values.size()),
                values.stream().mapToInt(Integer::intValue).toArray());
    }

    /** Elements of less than a byte lie the first in the lowest bits. */
    private static byte[] packed(TensorKind kind, int[] values) {
        ByteBuffer bytes = ByteBuffer.allocate((int) (((long) values.length * kind.bits() + 7) / 8))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) {
            switch (kind) {
                case INT64 -> bytes.putLong(values[i]);
                case INT32 -> bytes.putInt(values[i]);
                case UINT8, INT8 -> bytes.put((byte) values[i]);
                case INT4, UINT4, INT2, UINT2 -> {
                    int bit = i * kind.bits();
                    int code = (values[i] & (1 << kind.bits()) - 1) << bit % 8;
                    bytes.put(bit / 8, (byte) (bytes.get(bit / 8) | code));
                }
                case FLOAT -> throw new IllegalArgumentException("floats are no integers");
            }
        }
        return bytes.array();
    }

    private String constant(String wish, TensorKind kind, List<Integer> shape, byte[] raw) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setDataType(kind.number())
                .setRawData(ByteString.copyFrom(raw));
        shape.forEach(tensor::addDims);
        return constants.computeIfAbsent(tensor.build().toByteString(), _ -> {
            String name = fresh(names, wish);
            graph.addInitializer(tensor.setName(name));
            return name;
        });
    }

    // Ends

    void input(String name, TensorKind kind, List<Integer> shape) {
        graph.addInput(info(name, kind, shape));
    }

    void output(String name, TensorKind kind, List<Integer> shape) {
        graph.addOutput(info(name, kind, shape));
    }

    private static ValueInfoProto info(String name, TensorKind kind, List<Integer> shape) {
        TensorShapeProto.Builder sizes = TensorShapeProto.newBuilder();
        shape.forEach(size -> sizes.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(size)));
        return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(kind.number()).setShape(sizes))).build();
    }

    GraphProto build() {
        return graph.build();
    }
}
