package dev.tern.importers.tflite;

import dev.tern.importers.network.Constant;
import dev.tern.importers.network.ElementKind;
import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ImportProblemException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The elements of constant tensors. */
final class TensorData {
    private static final int NIBBLE = 4;

    private TensorData() {
    }

    /** The type of a tensor. @throws ImportProblemException if the network cannot carry such elements */
    static ElementKind kind(TfliteTensor tensor) {
        return TfliteType.of(tensor.type()).flatMap(TfliteType::kind).orElseThrow(() -> new ImportProblemException(
                "the tensor `" + tensor.name() + "` has elements of type " + TfliteType.of(tensor.type())
                        .map(TfliteType::toString).orElse(Integer.toString(tensor.type()))
                        + ", which Tern does not have"));
    }

    /** @throws ImportProblemException if the tensor is not whole, or of a type that is not read */
    static Constant read(TfliteTensor tensor, ByteBuffer buffer) {
        ElementKind kind = kind(tensor);
        TfliteType type = TfliteType.of(tensor.type()).orElseThrow();
        if (tensor.sparse()) {
            throw new ImportProblemException("the tensor `" + tensor.name() + "` is sparse, which is not supported",
                    "convert the model without sparsity");
        }
        List<Integer> shape = tensor.shape();
        int elements = Extents.elements(shape);
        long bytes = ((long) elements * type.bits() + Byte.SIZE - 1) / Byte.SIZE;
        if (buffer.remaining() < bytes) {
            throw new ImportProblemException("the tensor `" + tensor.name() + "` is not whole: it has "
                    + buffer.remaining() + " bytes where its shape asks for " + bytes);
        }
        ByteBuffer data = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (kind.floating()) {
            float[] values = new float[elements];
            for (int i = 0; i < elements; i++) {
                values[i] = switch (type) {
                    case FLOAT16 -> Float.float16ToFloat(data.getShort());
                    case BFLOAT16 -> Float.intBitsToFloat(data.getShort() << Short.SIZE);
                    case FLOAT64 -> (float) data.getDouble();
                    default -> data.getFloat();
                };
            }
            return new Constant.Floats(shape, values);
        }
        long[] values = new long[elements];
        for (int i = 0; i < elements; i++) {
            values[i] = integer(type, data, i);
        }
        return new Constant.Integers(kind, shape, values);
    }

    private static long integer(TfliteType type, ByteBuffer data, int i) {
        return switch (type) {
            case INT32 -> data.getInt(Integer.BYTES * i);
            case UINT32 -> Integer.toUnsignedLong(data.getInt(Integer.BYTES * i));
            case INT64, UINT64 -> data.getLong(Long.BYTES * i);
            case INT16 -> data.getShort(Short.BYTES * i);
            case UINT16 -> Short.toUnsignedLong(data.getShort(Short.BYTES * i));
            case INT8 -> data.get(i);
            case UINT8 -> Byte.toUnsignedLong(data.get(i));
            case BOOL -> data.get(i) == 0 ? 0 : 1;
            case UINT4 -> data.get(i / 2) >> NIBBLE * (i % 2) & 15;
            case INT4 -> signed(data.get(i / 2) >> NIBBLE * (i % 2), NIBBLE);
            case INT2 -> signed(data.get(i / NIBBLE) >> 2 * (i % NIBBLE), 2);
            default -> throw new ImportProblemException("elements of type " + type + " are not read");
        };
    }

    /** The low bits of a number in two's complement. */
    private static long signed(int value, int bits) {
        return value << Integer.SIZE - bits >> Integer.SIZE - bits;
    }
}
