package dev.tern.runtime;

/**
 * What layers use in passing, sums and gathered inputs: arrays of which each thread of an inference has a set of its
 * own. For generated code.
 */
public final class WorkArrays {
    private final float[] f32;
    private final int[] i32;
    private final long[] i64;
    private final byte[] i8;

    WorkArrays(ArenaPlan.Lengths lengths) {
        f32 = new float[lengths.f32()];
        i32 = new int[lengths.i32()];
        i64 = new long[lengths.i64()];
        i8 = new byte[lengths.i8()];
    }

    /** 32-bit reals. */
    public float[] f32() {
        return f32;
    }

    /** Accumulators. */
    public int[] i32() {
        return i32;
    }

    /** Packed bits. */
    public long[] i64() {
        return i64;
    }

    /** 8-bit codes. */
    public byte[] i8() {
        return i8;
    }
}
