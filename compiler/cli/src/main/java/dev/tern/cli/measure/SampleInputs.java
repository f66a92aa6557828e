package dev.tern.cli.measure;

import dev.tern.runtime.Signature;
import dev.tern.runtime.Signature.Port;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Inputs that a model takes, for measuring it where none are given; the same at every call. */
public final class SampleInputs {
    private SampleInputs() {
    }

    /** An array for each input: reals of 0..1, any bytes, any step. */
    public static Object[] of(Signature signature) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        return signature.inputs().stream().map(port -> array(port, random)).toArray();
    }

    private static Object array(Port port, RandomGenerator random) {
        return switch (port.element()) {
            case F32 -> {
                float[] values = new float[port.elements()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = random.nextFloat();
                }
                yield values;
            }
            case U8, I8 -> {
                byte[] values = new byte[port.elements()];
                random.nextBytes(values);
                yield values;
            }
            case STEP -> new int[]{random.nextInt(port.steps())};
            case I32 -> throw new IllegalArgumentException("an i32 input");
        };
    }
}
