package dev.tern.benchmarks.onnx;

import dev.tern.benchmarks.job.JobParameters;
import dev.tern.benchmarks.job.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import onnx.Onnx;
import org.nd4j.shade.protobuf.ByteString;

/**
 * The jobs' layers as ONNX models, built in memory. Images are [1, channels, height, width], as ONNX has them.
 *
 * <p>8-bit weights are the codes times 64, so that their quantization is exact and the products have the usual size.
 */
final class OnnxModels {
    /** Of the inputs' codes, which stand for -1..1 with 128 for 0. */
    static final float INPUT_STEP = 2f / 255;
    private static final int INT8_FACTOR = 64;
    private static final long OPSET = 17;
    private static final long IR_VERSION = 8;

    private final Shape shape;
    private final JobParameters parameters;
    private final Onnx.GraphProto.Builder graph = Onnx.GraphProto.newBuilder().setName("job");

    private OnnxModels(Shape shape, JobParameters parameters) {
        this.shape = shape;
        this.parameters = parameters;
    }

    /** MatMul or Conv in f32. */
    static byte[] f32(Shape shape, JobParameters parameters) {
        OnnxModels model = new OnnxModels(shape, parameters);
        float[] weights = parameters.weights();
        if (shape.kind() == Shape.Kind.DENSE) {
            model.floats("w", model.transposed(weights), shape.channels(), shape.outputs());
            model.node("MatMul", "x w", "y");
        } else {
            model.floats("w", model.channelsFirst(weights), model.filterShape());
            model.conv("Conv", "x w", "y");
        }
        return model.bytes();
    }

    /** DynamicQuantizeLinear, MatMulInteger u8 x s8, Cast, Mul: what quantize_dynamic makes of a MatMul. */
    static byte[] dynamicInt8(Shape shape, JobParameters parameters) {
        OnnxModels model = new OnnxModels(shape, parameters);
        byte[] weights = new byte[parameters.codes().length];
        int n = shape.outputs();
        int k = shape.channels();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < k; j++) {
                weights[j * n + i] = (byte) (INT8_FACTOR * parameters.codes()[i * k + j]);
            }
        }
        model.bytes("w", Onnx.TensorProto.DataType.INT8, weights, k, n);
        model.floats("w_scale", model.int8Scales(), n);
        model.node("DynamicQuantizeLinear", "x", "x_q x_scale x_zero");
        model.node("MatMulInteger", "x_q w x_zero", "sum");
        model.node("Cast", "sum", "real", integer("to", Onnx.TensorProto.DataType.FLOAT_VALUE));
        model.node("Mul", "x_scale w_scale", "scale");
        model.node("Mul", "real scale", "y");
        return model.bytes();
    }

    /**
     * QLinearConv u8 x s8.
     *
     * @param whole whether QuantizeLinear is in front and DequantizeLinear behind, so that inputs and outputs are f32
     */
    static byte[] qlinearConv(Shape shape, JobParameters parameters, boolean whole) {
        OnnxModels model = new OnnxModels(shape, parameters);
        byte[] codes = new byte[parameters.codes().length];
        float[] first = model.channelsFirst(parameters.weights());
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) (INT8_FACTOR * Math.signum(first[i]));
        }
        model.bytes("w", Onnx.TensorProto.DataType.INT8, codes, model.filterShape());
        model.floats("w_scale", model.int8Scales(), shape.outputs());
        model.bytes("w_zero", Onnx.TensorProto.DataType.INT8, new byte[shape.outputs()], shape.outputs());
        model.floats("x_scale", new float[]{INPUT_STEP});
        model.bytes("x_zero", Onnx.TensorProto.DataType.UINT8, new byte[]{(byte) 128});
        model.floats("y_scale", new float[]{outputStep(shape)});
        model.bytes("y_zero", Onnx.TensorProto.DataType.UINT8, new byte[]{(byte) 128});
        if (whole) {
            model.node("QuantizeLinear", "x x_scale x_zero", "x_q");
            model.conv("QLinearConv", "x_q x_scale x_zero w w_scale w_zero y_scale y_zero", "y_q");
            model.node("DequantizeLinear", "y_q y_scale y_zero", "y");
            return model.bytes();
        }
        model.conv("QLinearConv", "x x_scale x_zero w w_scale w_zero y_scale y_zero", "y");
        return model.bytes(Onnx.TensorProto.DataType.UINT8);
    }

    /**
     * Of the outputs' codes: sums of so many values of 0.6 times 0.1 in the root mean square; six deviations are held.
     */
    static float outputStep(Shape shape) {
        return (float) (12 * 0.6 * 0.1 * Math.sqrt(shape.fanIn()) / 255);
    }

    /**
     * MatMulNBits with weights of 2 bits.
     *
     * @param block weights that share a scale
     * @param accuracy 4 multiplies in 8 bits, 0 leaves the choice
     */
    static byte[] twoBits(Shape shape, JobParameters parameters, int block, int accuracy) {
        OnnxModels model = new OnnxModels(shape, parameters);
        int k = shape.channels();
        int n = shape.outputs();
        int blocks = (k + block - 1) / block;
        byte[] packed = new byte[n * blocks * block / 4];
        float[] scales = new float[n * blocks];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < blocks * block; j++) {
                int code = j < k ? parameters.codes()[i * k + j] : 0;
                packed[(i * blocks * block + j) / 4] |= (byte) (code + 2 << 2 * (j % 4));
            }
            for (int b = 0; b < blocks; b++) {
                scales[i * blocks + b] = parameters.scales()[i];
            }
        }
        model.bytes("w", Onnx.TensorProto.DataType.UINT8, packed, n, blocks, block / 4);
        model.floats("w_scale", scales, n * blocks);
        model.graph.addNode(Onnx.NodeProto.newBuilder().setOpType("MatMulNBits").setDomain("com.microsoft")
                .addInput("x").addInput("w").addInput("w_scale").addOutput("y").addAttribute(integer("K", k))
                .addAttribute(integer("N", n)).addAttribute(integer("bits", 2))
                .addAttribute(integer("block_size", block)).addAttribute(integer("accuracy_level", accuracy)));
        return model.bytes();
    }

    /** The input's or output's dimensions. */
    static long[] dimensions(Shape shape, int channels) {
        return shape.kind() == Shape.Kind.DENSE
                ? new long[]{shape.height(), channels}
                : new long[]{1, channels, shape.height(), shape.width()};
    }

    private float[] int8Scales() {
        float[] scales = parameters.scales().clone();
        for (int n = 0; n < scales.length; n++) {
            scales[n] /= INT8_FACTOR;
        }
        return scales;
    }

    private float[] transposed(float[] weights) {
        int n = shape.outputs();
        int k = shape.channels();
        float[] result = new float[weights.length];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < k; j++) {
                result[j * n + i] = weights[i * k + j];
            }
        }
        return result;
    }

    /** From [output][row][column][input] to [output][input][row][column]. */
    private float[] channelsFirst(float[] weights) {
        int taps = shape.kernel() * shape.kernel();
        int depth = shape.depth();
        float[] result = new float[weights.length];
        for (int n = 0; n < shape.outputs(); n++) {
            for (int t = 0; t < taps; t++) {
                for (int c = 0; c < depth; c++) {
                    result[(n * depth + c) * taps + t] = weights[(n * taps + t) * depth + c];
                }
            }
        }
        return result;
    }

    private int[] filterShape() {
        return new int[]{shape.outputs(), shape.depth(), shape.kernel(), shape.kernel()};
    }

    private void conv(String op, String inputs, String output) {
        int pad = shape.kernel() / 2;
        node(op, inputs, output, integers("kernel_shape", shape.kernel(), shape.kernel()),
                integers("pads", pad, pad, pad, pad),
                integer("group", shape.kind() == Shape.Kind.DEPTHWISE ? shape.channels() : 1));
    }

    private void node(String op, String inputs, String outputs, Onnx.AttributeProto... attributes) {
        Onnx.NodeProto.Builder node = Onnx.NodeProto.newBuilder().setOpType(op);
        for (String input : inputs.split(" ")) {
            node.addInput(input);
        }
        for (String output : outputs.split(" ")) {
            node.addOutput(output);
        }
        for (Onnx.AttributeProto attribute : attributes) {
            node.addAttribute(attribute);
        }
        graph.addNode(node);
    }

    private static Onnx.AttributeProto integer(String name, long value) {
        return Onnx.AttributeProto.newBuilder().setName(name).setType(Onnx.AttributeProto.AttributeType.INT)
                .setI(value).build();
    }

    private static Onnx.AttributeProto integers(String name, long... values) {
        Onnx.AttributeProto.Builder attribute = Onnx.AttributeProto.newBuilder().setName(name)
                .setType(Onnx.AttributeProto.AttributeType.INTS);
        for (long value : values) {
            attribute.addInts(value);
        }
        return attribute.build();
    }

    private void floats(String name, float[] values, int... dims) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        bytes(name, Onnx.TensorProto.DataType.FLOAT, bytes.array(), dims);
    }

    private void bytes(String name, Onnx.TensorProto.DataType type, byte[] values, int... dims) {
        Onnx.TensorProto.Builder tensor = Onnx.TensorProto.newBuilder().setName(name).setDataType(type.getNumber())
                .setRawData(ByteString.copyFrom(values));
        for (int dim : dims) {
            tensor.addDims(dim);
        }
        graph.addInitializer(tensor);
    }

    private static Onnx.ValueInfoProto port(String name, Onnx.TensorProto.DataType type, long... dims) {
        Onnx.TensorShapeProto.Builder shape = Onnx.TensorShapeProto.newBuilder();
        for (long dim : dims) {
            shape.addDim(Onnx.TensorShapeProto.Dimension.newBuilder().setDimValue(dim));
        }
        return Onnx.ValueInfoProto.newBuilder().setName(name).setType(Onnx.TypeProto.newBuilder().setTensorType(
                Onnx.TypeProto.Tensor.newBuilder().setElemType(type.getNumber())
                        .setShape(shape)))
                .build();
    }

    private byte[] bytes() {
        return bytes(Onnx.TensorProto.DataType.FLOAT);
    }

    /** The model, with inputs and outputs of a type. */
    private byte[] bytes(Onnx.TensorProto.DataType type) {
        graph.addInput(port("x", type, dimensions(shape, shape.channels())));
        graph.addOutput(port("y", type, dimensions(shape, shape.outputs())));
        return Onnx.ModelProto.newBuilder().setIrVersion(IR_VERSION).setGraph(graph)
                .addOpsetImport(Onnx.OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
                .addOpsetImport(Onnx.OperatorSetIdProto.newBuilder().setDomain("com.microsoft").setVersion(1)).build()
                .toByteArray();
    }
}
