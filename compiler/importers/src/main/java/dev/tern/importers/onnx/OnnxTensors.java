package dev.tern.importers.onnx;

import dev.tern.importers.network.Constant;
import dev.tern.importers.network.ElementKind;
import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.onnx.schema.StringStringEntryProto;
import dev.tern.importers.onnx.schema.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the tensors of a model; those that lie outside of it, from files in its folder. */
final class OnnxTensors {
    private static final int FLOAT = 1;
    private static final int FLOAT16 = 10;
    private static final int DOUBLE = 11;
    private static final int BFLOAT16 = 16;

    private final ExternalData external;

    OnnxTensors(ExternalData external) {
        this.external = external;
    }

    /** The kind of elements of an ONNX data type. */
    static Optional<ElementKind> kind(int dataType) {
        return Optional.ofNullable(switch (dataType) {
            case FLOAT, FLOAT16, DOUBLE, BFLOAT16 -> ElementKind.F32;
            case 2 -> ElementKind.U8;
            case 3 -> ElementKind.I8;
            case 4 -> ElementKind.U16;
            case 5 -> ElementKind.I16;
            case 6 -> ElementKind.I32;
            case 7 -> ElementKind.I64;
            case 9 -> ElementKind.BOOL;
            case 12 -> ElementKind.U32;
            case 13 -> ElementKind.U64;
            case 21 -> ElementKind.U4;
            case 22 -> ElementKind.I4;
            case 25 -> ElementKind.U2;
            case 26 -> ElementKind.I2;
            default -> null;
        });
    }

    /** What a data type is called. */
    static String typeName(int dataType) {
        String[] names = {"undefined", "float", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool",
            "float16", "double", "uint32", "uint64", "complex64", "complex128", "bfloat16", "float8e4m3fn",
            "float8e4m3fnuz", "float8e5m2", "float8e5m2fnuz", "uint4", "int4", "float4e2m1", "float8e8m0", "uint2",
            "int2"};
        return dataType >= 0 && dataType < names.length ? names[dataType] : "type " + dataType;
    }

    /**
     * @throws ImportProblemException if the tensor is not whole, or of a type that is not read
     * @throws IOException if a file beside the model cannot be read
     */
    Constant read(TensorProto tensor) throws IOException {
        int type = tensor.getDataType();
        ElementKind kind = kind(type).orElseThrow(() -> new ImportProblemException(
                "the tensor `" + tensor.getName() + "` has elements of type " + typeName(type)
                        + ", which Tern does not have"));
        List<Integer> shape = new ArrayList<>();
        for (long size : tensor.getDimsList()) {
            if (size < 0 || size > Extents.MOST_ELEMENTS) {
                throw new ImportProblemException("the tensor `" + tensor.getName() + "` has an axis of " + size);
            }
            shape.add((int) size);
        }
        int elements = Extents.elements(shape);
        Optional<ByteBuffer> raw = raw(tensor, bytes(elements, type, kind));
        if (kind.floating()) {
            return new Constant.Floats(shape, raw.isPresent()
                    ? floats(raw.get(), elements, type)
                    : listedFloats(tensor, elements, type));
        }
        return new Constant.Integers(kind, shape,
                raw.isPresent() ? integers(raw.get(), elements, kind) : listedIntegers(tensor, elements, kind));
    }

    private static long bytes(int elements, int type, ElementKind kind) {
        int bits = switch (type) {
            case FLOAT16, BFLOAT16 -> 16;
            case DOUBLE -> 64;
            default -> kind == ElementKind.BOOL ? 8 : kind.bits();
        };
        return ((long) elements * bits + 7) / 8;
    }

    private Optional<ByteBuffer> raw(TensorProto tensor, long bytes) throws IOException {
        ByteBuffer raw;
        if (tensor.getDataLocation() == 1) {
            raw = external.read(tensor.getName(), tensor.getExternalDataList(), bytes);
        } else if (tensor.hasRawData()) {
            raw = tensor.getRawData().asReadOnlyByteBuffer();
        } else {
            return Optional.empty();
        }
        if (raw.remaining() != bytes) {
            throw incomplete(tensor, raw.remaining() + " bytes where its shape asks for " + bytes);
        }
        return Optional.of(raw.order(ByteOrder.LITTLE_ENDIAN));
    }

    private static ImportProblemException incomplete(TensorProto tensor, String what) {
        return new ImportProblemException("the tensor `" + tensor.getName() + "` is not whole: it has " + what);
    }

    private static float[] floats(ByteBuffer raw, int elements, int type) {
        float[] values = new float[elements];
        for (int i = 0; i < elements; i++) {
            values[i] = switch (type) {
                case FLOAT16 -> Float.float16ToFloat(raw.getShort());
                case BFLOAT16 -> Float.intBitsToFloat(raw.getShort() << 16);
                case DOUBLE -> (float) raw.getDouble();
                default -> raw.getFloat();
            };
        }
        return values;
    }

    private static float[] listedFloats(TensorProto tensor, int elements, int type) {
        int count = switch (type) {
            case FLOAT16, BFLOAT16 -> tensor.getInt32DataCount();
            case DOUBLE -> tensor.getDoubleDataCount();
            default -> tensor.getFloatDataCount();
        };
        requireCount(tensor, count, elements);
        float[] values = new float[elements];
        for (int i = 0; i < elements; i++) {
            values[i] = switch (type) {
                case FLOAT16 -> Float.float16ToFloat((short) tensor.getInt32Data(i));
                case BFLOAT16 -> Float.intBitsToFloat(tensor.getInt32Data(i) << 16);
                case DOUBLE -> (float) tensor.getDoubleData(i);
                default -> tensor.getFloatData(i);
            };
        }
        return values;
    }

    private static void requireCount(TensorProto tensor, int count, int elements) {
        if (count != elements) {
            throw incomplete(tensor, count + " elements where its shape asks for " + elements);
        }
    }

    private static long[] integers(ByteBuffer raw, int elements, ElementKind kind) {
        long[] values = new long[elements];
        for (int i = 0; i < elements; i++) {
            values[i] = switch (kind) {
                case I8 -> raw.get();
                case U8, BOOL -> raw.get() & 0xff;
                case I16 -> raw.getShort();
                case U16 -> raw.getShort() & 0xffff;
                case I32 -> raw.getInt();
                case U32 -> raw.getInt() & 0xffffffffL;
                case I64, U64 -> raw.getLong();
                case I2, U2, I4, U4 -> packed(raw.get(i * kind.bits() / 8), i, kind);
                case F32 -> throw new IllegalStateException("floats are not integers");
            };
        }
        return values;
    }

    /** Elements of less than a byte, the first in the lowest bits. */
    private static long packed(int octet, int element, ElementKind kind) {
        int bits = kind.bits();
        long code = octet >> element % (8 / bits) * bits & (1 << bits) - 1;
        return kind.lowest() < 0 ? code << 64 - bits >> 64 - bits : code;
    }

    private static long[] listedIntegers(TensorProto tensor, int elements, ElementKind kind) {
        long[] values = new long[elements];
        switch (kind) {
            case I64 -> {
                requireCount(tensor, tensor.getInt64DataCount(), elements);
                for (int i = 0; i < elements; i++) {
                    values[i] = tensor.getInt64Data(i);
                }
            }
            case U32, U64 -> {
                requireCount(tensor, tensor.getUint64DataCount(), elements);
                for (int i = 0; i < elements; i++) {
                    values[i] = tensor.getUint64Data(i);
                }
            }
            case I2, U2, I4, U4 -> {
                int perByte = 8 / kind.bits();
                requireCount(tensor, tensor.getInt32DataCount(), (elements + perByte - 1) / perByte);
                for (int i = 0; i < elements; i++) {
                    values[i] = packed(tensor.getInt32Data(i / perByte), i, kind);
                }
            }
            default -> {
                requireCount(tensor, tensor.getInt32DataCount(), elements);
                for (int i = 0; i < elements; i++) {
                    values[i] = tensor.getInt32Data(i);
                }
            }
        }
        return values;
    }

    /** Tensors in files of their own. */
    @FunctionalInterface
    interface ExternalData {
        /**
         * @param entries location, offset and length, as the tensor has them
         * @param bytes how many its shape asks for
         */
        ByteBuffer read(String tensor, List<StringStringEntryProto> entries, long bytes) throws IOException;
    }
}
