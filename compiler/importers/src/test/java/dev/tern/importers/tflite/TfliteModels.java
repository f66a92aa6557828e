package dev.tern.importers.tflite;

import com.google.flatbuffers.FlatBufferBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ObjIntConsumer;

/** Builds TFLite files for tests. Tensors are named by numbers, in the order of their adding. */
final class TfliteModels {
    /** Types of tensors, by the schema's numbers. */
    static final int F32 = 0;
    static final int F16 = 1;
    static final int I32 = 2;
    static final int U8 = 3;
    static final int I64 = 4;
    static final int I16 = 7;
    static final int I8 = 9;
    static final int I4 = 17;
    static final int I2 = 19;

    /** One attribute. */
    interface Field {
        /** Writes what lies outside of the table. */
        int before(FlatBufferBuilder builder);

        void in(FlatBufferBuilder builder, int before);
    }

    private record Tensor(String name, int type, int[] shape, byte[] data, float[] scales, long[] zeros, int axis) {
    }

    private record Node(String operator, int[] inputs, int[] outputs, Field[] options, byte[] custom) {
    }

    private final List<Tensor> tensors = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<String> operators = new ArrayList<>();
    private int[] inputs = {};
    private int[] outputs = {};

    // Tensors

    /** A tensor that is computed, or an input. */
    int tensor(String name, int type, int... shape) {
        return add(new Tensor(name, type, shape, null, new float[0], new long[0], 0));
    }

    /** A quantized tensor that is computed, or an input. */
    int coded(String name, int type, float scale, long zero, int... shape) {
        return add(new Tensor(name, type, shape, null, new float[]{scale}, new long[]{zero}, 0));
    }

    int floats(String name, int[] shape, float... values) {
        ByteBuffer data = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            data.putFloat(value);
        }
        return add(new Tensor(name, F32, shape, data.array(), new float[0], new long[0], 0));
    }

    int ints(String name, int[] shape, int... values) {
        return add(new Tensor(name, I32, shape, bytes(values), new float[0], new long[0], 0));
    }

    /** Quantized i32, as biases are. */
    int bias(String name, float[] scales, int... values) {
        return add(new Tensor(name, I32, new int[]{values.length}, bytes(values), scales, new long[scales.length], 0));
    }

    /** Quantized codes, as they lie in the file. */
    int codes(String name, int type, int[] shape, float[] scales, long[] zeros, int axis, int... bytes) {
        byte[] data = new byte[bytes.length];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) bytes[i];
        }
        return add(new Tensor(name, type, shape, data, scales, zeros, axis));
    }

    /** Biases of 64 bits. */
    int longs(String name, float[] scales, long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return add(new Tensor(name, I64, new int[]{values.length}, bytes.array(), scales, new long[scales.length], 0));
    }

    private static byte[] bytes(int... values) {
        ByteBuffer data = ByteBuffer.allocate(Integer.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(values).forEach(data::putInt);
        return data.array();
    }

    private int add(Tensor tensor) {
        tensors.add(tensor);
        return tensors.size() - 1;
    }

    // Nodes

    TfliteModels node(String operator, int[] read, int[] made, Field... options) {
        return node(operator, read, made, new byte[0], options);
    }

    /** @param custom the options of a custom operator */
    TfliteModels node(String operator, int[] read, int[] made, byte[] custom, Field... options) {
        if (!operators.contains(operator)) {
            operators.add(operator);
        }
        nodes.add(new Node(operator, read, made, options, custom));
        return this;
    }

    TfliteModels inputs(int... places) {
        inputs = places;
        return this;
    }

    TfliteModels outputs(int... places) {
        outputs = places;
        return this;
    }

    static Field i8(int field, int value) {
        return plain((builder, _) -> builder.addByte(field, (byte) value, 0));
    }

    static Field i32(int field, int value) {
        return plain((builder, _) -> builder.addInt(field, value, 0));
    }

    static Field f32(int field, float value) {
        return plain((builder, _) -> builder.addFloat(field, value, 0));
    }

    static Field ints(int field, int... values) {
        return new Field() {
            @Override
            public int before(FlatBufferBuilder builder) {
                return vector(builder, values);
            }

            @Override
            public void in(FlatBufferBuilder builder, int before) {
                builder.addOffset(field, before, 0);
            }
        };
    }

    private static Field plain(ObjIntConsumer<FlatBufferBuilder> write) {
        return new Field() {
            @Override
            public int before(FlatBufferBuilder builder) {
                return 0;
            }

            @Override
            public void in(FlatBufferBuilder builder, int before) {
                write.accept(builder, before);
            }
        };
    }

    // The file

    byte[] build() {
        FlatBufferBuilder builder = new FlatBufferBuilder(1 << 12);
        int codes = tables(builder, operators.stream().map(name -> code(builder, name)).toList());
        List<Integer> written = new ArrayList<>();
        for (int i = 0; i < tensors.size(); i++) {
            written.add(tensor(builder, tensors.get(i), i + 1));
        }
        int tensorVector = tables(builder, written);
        int nodeVector = tables(builder, nodes.stream().map(node -> node(builder, node)).toList());
        int inputVector = vector(builder, inputs);
        int outputVector = vector(builder, outputs);
        builder.startTable(5);
        builder.addOffset(0, tensorVector, 0);
        builder.addOffset(1, inputVector, 0);
        builder.addOffset(2, outputVector, 0);
        builder.addOffset(3, nodeVector, 0);
        int graphs = tables(builder, List.of(builder.endTable()));
        List<Integer> buffers = new ArrayList<>(List.of(buffer(builder, null)));
        tensors.forEach(tensor -> buffers.add(buffer(builder, tensor.data())));
        int bufferVector = tables(builder, buffers);
        int tool = builder.createString("tests");
        builder.startTable(8);
        builder.addInt(0, 3, 0);
        builder.addOffset(1, codes, 0);
        builder.addOffset(2, graphs, 0);
        builder.addOffset(3, tool, 0);
        builder.addOffset(4, bufferVector, 0);
        builder.finish(builder.endTable(), "TFL3");
        return builder.sizedByteArray();
    }

    private static int code(FlatBufferBuilder builder, String name) {
        int number = 0;
        while (number < 200 && !BuiltinNames.of(number).equals(name)) {
            number++;
        }
        boolean custom = number == 200;
        int text = custom ? builder.createString(name) : 0;
        int shown = custom ? 32 : number;
        builder.startTable(4);
        builder.addByte(0, (byte) Math.min(shown, 127), 0);
        if (custom) {
            builder.addOffset(1, text, 0);
        }
        builder.addInt(3, shown, 0);
        return builder.endTable();
    }

    private static int tensor(FlatBufferBuilder builder, Tensor tensor, int buffer) {
        int name = builder.createString(tensor.name());
        int shape = vector(builder, tensor.shape());
        int quantization = 0;
        if (tensor.scales().length > 0) {
            builder.startVector(Float.BYTES, tensor.scales().length, Float.BYTES);
            for (int i = tensor.scales().length - 1; i >= 0; i--) {
                builder.addFloat(tensor.scales()[i]);
            }
            int scales = builder.endVector();
            builder.startVector(Long.BYTES, tensor.zeros().length, Long.BYTES);
            for (int i = tensor.zeros().length - 1; i >= 0; i--) {
                builder.addLong(tensor.zeros()[i]);
            }
            int zeros = builder.endVector();
            builder.startTable(7);
            builder.addOffset(2, scales, 0);
            builder.addOffset(3, zeros, 0);
            builder.addInt(6, tensor.axis(), 0);
            quantization = builder.endTable();
        }
        builder.startTable(8);
        builder.addOffset(0, shape, 0);
        builder.addByte(1, (byte) tensor.type(), 0);
        builder.addInt(2, buffer, 0);
        builder.addOffset(3, name, 0);
        builder.addOffset(4, quantization, 0);
        return builder.endTable();
    }

    private static int node(FlatBufferBuilder builder, Node node, int code) {
        int read = vector(builder, node.inputs());
        int made = vector(builder, node.outputs());
        int[] outside = Arrays.stream(node.options()).mapToInt(field -> field.before(builder)).toArray();
        builder.startTable(10);
        for (int i = 0; i < outside.length; i++) {
            node.options()[i].in(builder, outside[i]);
        }
        int options = builder.endTable();
        int custom = node.custom().length == 0 ? 0 : builder.createByteVector(node.custom());
        builder.startTable(6);
        builder.addInt(0, code, 0);
        builder.addOffset(1, read, 0);
        builder.addOffset(2, made, 0);
        builder.addByte(3, (byte) 1, 0);
        builder.addOffset(4, options, 0);
        builder.addOffset(5, custom, 0);
        return builder.endTable();
    }

    private int node(FlatBufferBuilder builder, Node node) {
        return node(builder, node, operators.indexOf(node.operator()));
    }

    private static int buffer(FlatBufferBuilder builder, byte[] data) {
        int bytes = data == null ? 0 : builder.createByteVector(data);
        builder.startTable(3);
        if (data != null) {
            builder.addOffset(0, bytes, 0);
        }
        return builder.endTable();
    }

    private static int vector(FlatBufferBuilder builder, int... values) {
        builder.startVector(Integer.BYTES, values.length, Integer.BYTES);
        for (int i = values.length - 1; i >= 0; i--) {
            builder.addInt(values[i]);
        }
        return builder.endVector();
    }

    private static int tables(FlatBufferBuilder builder, List<Integer> offsets) {
        builder.startVector(Integer.BYTES, offsets.size(), Integer.BYTES);
        offsets.reversed().forEach(builder::addOffset);
        return builder.endVector();
    }
}
