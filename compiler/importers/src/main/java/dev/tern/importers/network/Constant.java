package dev.tern.importers.network;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** A tensor known at import, row-major. */
public sealed interface Constant {
    List<Integer> shape();

    ElementKind kind();

    /** Its elements as f32. */
    float[] floats();

    /** f32 elements. */
    record Floats(List<Integer> shape, float[] values) implements Constant {
        public Floats {
            shape = List.copyOf(shape);
            check(shape, values.length);
        }

        public static Floats scalar(float value) {
            return new Floats(List.of(), new float[]{value});
        }

        @Override
        public ElementKind kind() {
            return ElementKind.F32;
        }

        @Override
        public float[] floats() {
            return values;
        }
    }

    /** Integers and truth values (0 and 1). */
    record Integers(ElementKind kind, List<Integer> shape, long[] values) implements Constant {
        public Integers {
            shape = List.copyOf(shape);
            check(shape, values.length);
        }

        public static Integers vector(long... values) {
            return new Integers(ElementKind.I64, List.of(values.length), values);
        }

        @Override
        public float[] floats() {
            float[] floats = new float[values.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = values[i];
            }
            return floats;
        }
    }

    /**
     * Quantized weights: code times scale. The zero point has been taken off the codes.
     *
     * @param bits of the codes' grid
     * @param narrow the grid leaves its least code out, so that it is symmetric
     * @param scales one, or one for each index of the axis
     * @param axis the axis that has scales of its own; of no meaning with one scale
     */
    record Coded(List<Integer> shape, int[] codes, int bits, boolean narrow, float[] scales,
            int axis) implements Constant {
        public Coded {
            shape = List.copyOf(shape);
            check(shape, codes.length);
            if (scales.length != 1 && (axis >= shape.size() || scales.length != shape.get(axis))) {
                throw new ImportProblemException(scales.length + " scales do not go with the shape " + shape);
            }
        }

        @Override
        public ElementKind kind() {
            return ElementKind.F32;
        }

        /** The scale of an element. */
        public float scale(int element) {
            return scales.length == 1
                    ? scales[0]
                    : scales[element / Extents.strides(shape)[axis] % shape.get(axis)];
        }

        @Override
        public float[] floats() {
            int inner = scales.length == 1 ? 1 : Extents.strides(shape)[axis];
            float[] values = new float[codes.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = codes[i] * scales[i / inner % scales.length];
            }
            return values;
        }

        @Override
        public String toString() {
            return bits + "-bit codes " + shape;
        }
    }

    /**
     * Quantized weights in groups of consecutive inputs, each with scales of its own.
     *
     * @param parts of each group, one after the other along the axis; all of one shape
     * @param negative where trained ternary weights have a scale for each sign: the parts below zero, those above it
     *     being the others; else empty
     * @param axis of the inputs
     */
    record Grouped(List<Coded> parts, List<Coded> negative, int axis) implements Constant {
        public Grouped {
            parts = List.copyOf(parts);
            negative = List.copyOf(negative);
        }

        @Override
        public List<Integer> shape() {
            List<Integer> one = parts.getFirst().shape();
            return Extents.with(one, axis, one.get(axis) * parts.size());
        }

        @Override
        public ElementKind kind() {
            return ElementKind.F32;
        }

        @Override
        public float[] floats() {
            float[] values = joined(parts);
            if (!negative.isEmpty()) {
                float[] below = joined(negative);
                for (int i = 0; i < values.length; i++) {
                    values[i] += below[i];
                }
            }
            return values;
        }

        private float[] joined(List<Coded> groups) {
            float[] values = new float[Extents.elements(shape())];
            List<Integer> one = parts.getFirst().shape();
            int row = one.get(axis) * Extents.strides(one)[axis];
            for (int group = 0; group < groups.size(); group++) {
                float[] part = groups.get(group).floats();
                for (int at = 0; at < part.length; at += row) {
                    System.arraycopy(part, at, values, at * groups.size() + group * row, row);
                }
            }
            return values;
        }

        /** The same with each part, and the axis, made another. */
        Grouped map(UnaryOperator<Constant> each, int newAxis) {
            return new Grouped(parts.stream().map(part -> (Coded) each.apply(part)).toList(),
                    negative.stream().map(part -> (Coded) each.apply(part)).toList(), newAxis);
        }

        @Override
        public String toString() {
            return "codes " + shape() + " in " + parts.size() + " groups";
        }
    }

    private static void check(List<Integer> shape, int length) {
        if (Extents.elements(shape) != length) {
            throw new ImportProblemException("the shape " + shape + " does not hold " + length + " elements");
        }
    }

    /** Its elements as integers; those of floats must be whole. */
    default long[] integers() {
        return switch (this) {
            case Integers integers -> integers.values();
            case Floats floats -> whole(floats.values());
            case Coded coded -> whole(coded.floats());
            case Grouped grouped -> whole(grouped.floats());
        };
    }

    private static long[] whole(float[] values) {
        long[] whole = new long[values.length];
        for (int i = 0; i < whole.length; i++) {
            whole[i] = (long) values[i];
            if (whole[i] != values[i]) {
                throw new ImportProblemException(values[i] + " is no whole number");
            }
        }
        return whole;
    }

    /** Whether all elements are alike. */
    default boolean uniform() {
        float[] values = floats();
        for (float value : values) {
            if (Float.compare(value, values[0]) != 0) {
                return false;
            }
        }
        return values.length > 0;
    }

    /** For messages. */
    default String describe() {
        return kind().toString().toLowerCase(Locale.ROOT) + Arrays.toString(shape().toArray());
    }
}
