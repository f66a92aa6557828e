package dev.tern.importers;

import dev.tern.compiler.analysis.parameters.DataType;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;

/** The number formats of parameter and array files. */
public enum NumberType {
    F64(8, DataType.F64) {
        @Override
        double next(ByteBuffer in) {
            return in.getDouble();
        }
    },
    F32(4, DataType.F32) {
        @Override
        double next(ByteBuffer in) {
            return in.getFloat();
        }
    },
    F16(2, DataType.F16) {
        @Override
        double next(ByteBuffer in) {
            return Float.float16ToFloat(in.getShort());
        }
    },
    BF16(2, DataType.BF16) {
        @Override
        double next(ByteBuffer in) {
            return Float.intBitsToFloat(in.getShort() << 16);
        }
    },
    I64(8, DataType.OTHER) {
        @Override
        double next(ByteBuffer in) {
            return in.getLong();
        }
    },
    I32(4, DataType.OTHER) {
        @Override
        double next(ByteBuffer in) {
            return in.getInt();
        }
    },
    I16(2, DataType.OTHER) {
        @Override
        double next(ByteBuffer in) {
            return in.getShort();
        }
    },
    I8(1, DataType.I8) {
        @Override
        double next(ByteBuffer in) {
            return in.get();
        }
    },
    U32(4, DataType.OTHER) {
        @Override
        double next(ByteBuffer in) {
            return Integer.toUnsignedLong(in.getInt());
        }
    },
    U16(2, DataType.OTHER) {
        @Override
        double next(ByteBuffer in) {
            return Short.toUnsignedInt(in.getShort());
        }
    },
    U8(1, DataType.U8) {
        @Override
        double next(ByteBuffer in) {
            return Byte.toUnsignedInt(in.get());
        }
    };

    private static final int CHUNK = 1 << 16;

    private final int bytes;
    private final DataType dataType;

    NumberType(int bytes, DataType dataType) {
        this.bytes = bytes;
        this.dataType = dataType;
    }

    /** Bytes of one number. */
    public int bytes() {
        return bytes;
    }

    /** What it is to the binder of parameters. */
    public DataType dataType() {
        return dataType;
    }

    /** Whether every value is a whole number. */
    public boolean integer() {
        return !dataType.floating();
    }

    /** The next number, exactly but for 64-bit integers beyond 2^53, which are rounded to nearest even. */
    abstract double next(ByteBuffer in);

    /**
     * Numbers as f32: those of F64 are rounded once to nearest even (and beyond the range of f32 become infinite), all
     * others of a {@linkplain DataType#floating() floating} type are exact.
     *
     * @throws IOException if the channel fails or ends early
     */
    public float[] floats(ReadableByteChannel in, ByteOrder order, int count) throws IOException {
        float[] values = new float[count];
        ByteBuffer buffer = buffer(order);
        for (int i = 0; i < count; i++) {
            refill(in, buffer, count - i);
            values[i] = (float) next(buffer);
        }
        return values;
    }

    /**
     * Numbers as binary64, exact for all types but I64 beyond 2^53.
     *
     * @throws IOException if the channel fails or ends early
     */
    public double[] doubles(ReadableByteChannel in, ByteOrder order, int count) throws IOException {
        double[] values = new double[count];
        ByteBuffer buffer = buffer(order);
        for (int i = 0; i < count; i++) {
            refill(in, buffer, count - i);
            values[i] = next(buffer);
        }
        return values;
    }

    /**
     * Bytes as they are stored.
     *
     * @throws IOException if the channel fails or ends early
     */
    public static byte[] octets(ReadableByteChannel in, int count) throws IOException {
        byte[] values = new byte[count];
        fill(in, ByteBuffer.wrap(values));
        return values;
    }

    private static ByteBuffer buffer(ByteOrder order) {
        return ByteBuffer.allocate(CHUNK).order(order).limit(0);
    }

    /** Reads the next chunk when the last one is used up. */
    private void refill(ReadableByteChannel in, ByteBuffer buffer, int left) throws IOException {
        if (!buffer.hasRemaining()) {
            buffer.clear().limit((int) Math.min(CHUNK, (long) left * bytes));
            fill(in, buffer);
            buffer.flip();
        }
    }

    private static void fill(ReadableByteChannel in, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (in.read(buffer) < 0) {
                throw new EOFException("the file ended " + buffer.remaining() + " bytes early");
            }
        }
    }
}
