package dev.tern.compiler.graph.pass;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import java.util.Arrays;

/**
 * The values a threshold is looked for among, numbered in ascending order so that halving an interval of numbers
 * finds it: integers by themselves, f32 by the order of their bits.
 */
sealed interface ThresholdDomain {
    /** The number of the least value that can occur. */
    long least();

    /** The number of the greatest value that can occur. */
    long greatest();

    /** The number of the least value to search; the values from here to {@link #last} are those and their negations. */
    long first();

    long last();

    /** The values with these numbers, each times -1 where its column is falling, as [rows, columns]. */
    Tensor values(long[] numbers, boolean[] falling);

    /** What is compared with thresholds in the place of those values. */
    default Tensor compared(long[] numbers, boolean[] falling) {
        return values(numbers, falling);
    }

    /** Whether thresholds at these numbers can be written down, one beyond {@link #last} included. */
    boolean expresses(long[] numbers);

    /** Thresholds [channels, levels]: {@link #first} is reached by every value, one beyond {@link #last} by none. */
    Tensor thresholds(long[] numbers, Shape shape);

    /** Integers, strictly inside the range of an int. */
    record Integers(long least, long greatest) implements ThresholdDomain {
        static boolean supports(ElementType.Accumulator type) {
            return type.low() > Integer.MIN_VALUE + 1 && type.high() < Integer.MAX_VALUE;
        }

        @Override
        public long first() {
            return -last();
        }

        @Override
        public long last() {
            return Math.max(Math.abs(least), Math.abs(greatest));
        }

        @Override
        public Tensor values(long[] numbers, boolean[] falling) {
            int[] values = new int[numbers.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = (int) signed(numbers, falling, i);
            }
            return new Tensor.Integers(Shape.of(numbers.length / falling.length, falling.length), values);
        }

        private static long signed(long[] numbers, boolean[] falling, int i) {
            return falling[i % falling.length] ? -numbers[i] : numbers[i];
        }

        @Override
        public boolean expresses(long[] numbers) {
            return true;
        }

        @Override
        public Tensor thresholds(long[] numbers, Shape shape) {
            int[] values = new int[numbers.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = numbers[i] == first()
                        ? Integer.MIN_VALUE
                        : numbers[i] > last() ? Integer.MAX_VALUE : (int) numbers[i];
            }
            return new Tensor.Integers(shape, values);
        }
    }

    /**
     * Integers that each stand for a real.
     *
     * @param reals from that of the least on; beyond the greatest they stay as they are
     */
    record Sums(Integers integers, float[] reals) implements ThresholdDomain {
        Sums(long least, float[] reals) {
            this(new Integers(least, least + reals.length - 1), reals);
        }

        @Override
        public long least() {
            return integers.least();
        }

        @Override
        public long greatest() {
            return integers.greatest();
        }

        @Override
        public long first() {
            return integers.first();
        }

        @Override
        public long last() {
            return integers.last();
        }

        @Override
        public Tensor values(long[] numbers, boolean[] falling) {
            float[] values = new float[numbers.length];
            for (int i = 0; i < values.length; i++) {
                long at = Integers.signed(numbers, falling, i) - least();
                values[i] = reals[(int) Math.max(0, Math.min(reals.length - 1, at))];
            }
            return new Tensor.Floats(Shape.of(numbers.length / falling.length, falling.length), values);
        }

        @Override
        public Tensor compared(long[] numbers, boolean[] falling) {
            return integers.values(numbers, falling);
        }

        @Override
        public boolean expresses(long[] numbers) {
            return integers.expresses(numbers);
        }

        @Override
        public Tensor thresholds(long[] numbers, Shape shape) {
            return integers.thresholds(numbers, shape);
        }
    }

    /** All f32 but NaN up to a greatest magnitude, which may be infinite. */
    record Floats(float limit) implements ThresholdDomain {
        @Override
        public long least() {
            return ~greatest();
        }

        @Override
        public long greatest() {
            return Float.floatToIntBits(limit);
        }

        @Override
        public long first() {
            return least();
        }

        @Override
        public long last() {
            return greatest();
        }

        @Override
        public Tensor values(long[] numbers, boolean[] falling) {
            float[] values = new float[numbers.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = falling[i % falling.length] ? -value(numbers[i]) : value(numbers[i]);
            }
            return new Tensor.Floats(Shape.of(numbers.length / falling.length, falling.length), values);
        }

        /** No f32 lies above infinity. */
        @Override
        public boolean expresses(long[] numbers) {
            return limit < Float.POSITIVE_INFINITY || Arrays.stream(numbers).allMatch(n -> n <= last());
        }

        @Override
        public Tensor thresholds(long[] numbers, Shape shape) {
            float[] values = new float[numbers.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = numbers[i] == first()
                        ? Float.NEGATIVE_INFINITY
                        : numbers[i] > last() ? Float.POSITIVE_INFINITY : value(numbers[i]);
            }
            return new Tensor.Floats(shape, values);
        }

        /**
         * Numbers from 0 are the bits of an f32. Bits of a negative one count its magnitude; turned over, they count
         * upwards, from -1 for -0.
         */
        private static float value(long number) {
            int bits = (int) number;
            return Float.intBitsToFloat(bits >= 0 ? bits : bits ^ 0x7fffffff);
        }
    }
}
