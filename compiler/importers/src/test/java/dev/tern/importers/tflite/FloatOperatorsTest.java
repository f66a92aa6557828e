package dev.tern.importers.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each operator of reals on a small tensor, with values worked out by hand. */
class FloatOperatorsTest {
    private static final int[] PICTURE = {1, 2, 2, 1};
    private static final float[] X = {-2, -0.5f, 1, 8};

    /** @param shape of the result */
    private record Case(String operator, int[] shape, TfliteModels model, List<Integer> read,
            TfliteModels.Field[] options, float... expected) {
        @Override
        public String toString() {
            return operator;
        }

        byte[] build() {
            int y = model.tensor("y", TfliteModels.F32, shape);
            return model.outputs(y).node(operator, read.stream().mapToInt(i -> i).toArray(), new int[]{y}, options)
                    .build();
        }
    }

    private static TfliteModels picture() {
        TfliteModels model = new TfliteModels();
        return model.inputs(model.tensor("x", TfliteModels.F32, PICTURE));
    }

    private static TfliteModels.Field[] options(TfliteModels.Field... options) {
        return options;
    }

    private static Case unary(String operator, float... expected) {
        return new Case(operator, PICTURE, picture(), List.of(0), options(), expected);
    }

    private static Case unary(String operator, TfliteModels.Field option, float... expected) {
        return new Case(operator, PICTURE, picture(), List.of(0), options(option), expected);
    }

    private static Case binary(String operator, float other, float... expected) {
        TfliteModels model = picture();
        int constant = model.floats("c", new int[]{}, other);
        return new Case(operator, PICTURE, model, List.of(0, constant), options(), expected);
    }

    private static Case with(String operator, int[] shape, int[] constantShape, int[] constant,
            TfliteModels.Field[] options, float... expected) {
        TfliteModels model = picture();
        int second = model.ints("c", constantShape, constant);
        return new Case(operator, shape, model, List.of(0, second), options, expected);
    }

    private static Case axes(String operator, int[] shape, int axis, float... expected) {
        return with(operator, shape, new int[]{1}, new int[]{axis}, options(), expected);
    }

    static Stream<Case> cases() {
        return Stream.of(unary("RELU", 0, 0, 1, 8), unary("RELU6", 0, 0, 1, 6),
                unary("RELU_N1_TO_1", -1, -0.5f, 1, 1), unary("ABS", 2, 0.5f, 1, 8), unary("NEG", 2, 0.5f, -1, -8),
                unary("LOGISTIC", 0.11920292f, 0.37754067f, 0.7310586f, 0.99966466f),
                unary("TANH", -0.9640276f, -0.46211717f, 0.7615942f, 0.99999976f),
                unary("EXP", 0.13533528f, 0.60653067f, 2.7182817f, 2980.958f),
                unary("ELU", -0.86466473f, -0.39346933f, 1, 8),
                unary("HARD_SWISH", -1 / 3f, -0.5f * 2.5f / 6, 4 / 6f, 8),
                unary("GELU", -0.04550028f, -0.15426877f, 0.8413447f, 8),
                unary("LEAKY_RELU", TfliteModels.f32(0, 0.25f), -0.5f, -0.125f, 1, 8),
                unary("SQUARE", 4, 0.25f, 1, 64),
                binary("ADD", 1, -1, 0.5f, 2, 9), binary("SUB", 1, -3, -1.5f, 0, 7),
                binary("MUL", 2, -4, -1, 2, 16), binary("DIV", 2, -1, -0.25f, 0.5f, 4),
                binary("MINIMUM", 0.5f, -2, -0.5f, 0.5f, 0.5f), binary("MAXIMUM", 0.5f, 0.5f, 0.5f, 1, 8),
                binary("SQUARED_DIFFERENCE", 1, 9, 2.25f, 0, 49),
                with("MEAN", new int[]{1, 1}, new int[]{2}, new int[]{1, 2}, options(), 1.625f),
                with("SUM", new int[]{1, 1}, new int[]{2}, new int[]{1, 2}, options(), 6.5f),
                axes("REDUCE_MAX", new int[]{1, 2, 1}, 1, 1, 8),
                with("PAD", new int[]{1, 3, 2, 1}, new int[]{4, 2}, new int[]{0, 0, 1, 0, 0, 0, 0, 0}, options(), 0,
                        0, -2, -0.5f, 1, 8),
                with("RESHAPE", new int[]{1, 4}, new int[]{2}, new int[]{1, -1}, options(), X),
                unary("SQUEEZE", TfliteModels.ints(0, 3), X), axes("EXPAND_DIMS", new int[]{1, 1, 2, 2, 1}, 1, X),
                with("TRANSPOSE", PICTURE, new int[]{4}, new int[]{0, 2, 1, 3}, options(), -2, 1, -0.5f, 8),
                with("RESIZE_NEAREST_NEIGHBOR", new int[]{1, 2, 4, 1}, new int[]{2}, new int[]{2, 4}, options(), -2,
                        -2, -0.5f, -0.5f, 1, 1, 8, 8),
                with("RESIZE_BILINEAR", new int[]{1, 2, 4, 1}, new int[]{2}, new int[]{2, 4},
                        options(TfliteModels.i8(3, 1)), -2, -1.625f, -0.875f, -0.5f, 1, 2.75f, 6.25f, 8),
                axes("ARG_MAX", new int[]{1, 2, 1}, 1, 1, 1), window("MAX_POOL_2D", 8),
                window("AVERAGE_POOL_2D", 1.625f), slice(), stridedSlice(), prelu(), concat(), normalized(),
                transposed());
    }

    private static Case window(String operator, float expected) {
        return new Case(operator, new int[]{1, 1, 1, 1}, picture(), List.of(0), options(TfliteModels.i8(0, 1),
                TfliteModels.i32(1, 2), TfliteModels.i32(2, 2), TfliteModels.i32(3, 2), TfliteModels.i32(4, 2)),
                expected);
    }

    private static Case slice() {
        TfliteModels model = picture();
        int begin = model.ints("b", new int[]{4}, 0, 1, 0, 0);
        int size = model.ints("s", new int[]{4}, 1, -1, 2, 1);
        return new Case("SLICE", new int[]{1, 1, 2, 1}, model, List.of(0, begin, size), options(), 1, 8);
    }

    /** {@code x[:, 0, 1:]}. */
    private static Case stridedSlice() {
        TfliteModels model = picture();
        int begin = model.ints("b", new int[]{3}, 0, 0, 1);
        int end = model.ints("e", new int[]{3}, 0, 1, 2);
        int strides = model.ints("s", new int[]{3}, 1, 1, 1);
        return new Case("STRIDED_SLICE", new int[]{1, 1, 1}, model, List.of(0, begin, end, strides),
                options(TfliteModels.i32(0, 1), TfliteModels.i32(1, 1), TfliteModels.i32(4, 2)), -0.5f);
    }

    private static Case prelu() {
        TfliteModels model = picture();
        int slope = model.floats("a", new int[]{1, 1, 1}, 0.5f);
        return new Case("PRELU", PICTURE, model, List.of(0, slope), options(), -1, -0.25f, 1, 8);
    }

    private static Case concat() {
        return new Case("CONCATENATION", new int[]{1, 2, 2, 2}, picture(), List.of(0, 0),
                options(TfliteModels.i32(0, -1)), -2, -2, -0.5f, -0.5f, 1, 1, 8, 8);
    }

    /** Rows of one element become their signs. */
    private static Case normalized() {
        return new Case("L2_NORMALIZATION", PICTURE, picture(), List.of(0), options(), -1, -1, 1, 1);
    }

    /** A kernel of 1, 2 in columns, two apart, cut to what SAME leaves. */
    private static Case transposed() {
        TfliteModels model = picture();
        int shape = model.ints("shape", new int[]{4}, 1, 2, 4, 1);
        int weights = model.floats("w", new int[]{1, 1, 2, 1}, 1, 2);
        return new Case("TRANSPOSE_CONV", new int[]{1, 2, 4, 1}, model, List.of(shape, weights, 0),
                options(TfliteModels.i32(1, 2), TfliteModels.i32(2, 1)), -2, -4, -0.5f, -1, 1, 2, 8, 16);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void operators(Case one) {
        ImportedTflite model = ImportedTflite.of(one.build());
        if (one.operator.equals("ARG_MAX")) {
            int[] indices = new int[one.expected.length];
            model.compiled().model().newSession().run(new Object[]{X}, new Object[]{indices});
            for (int i = 0; i < indices.length; i++) {
                assertThat(indices[i]).isEqualTo((int) one.expected[i]);
            }
        } else {
            assertThat(model.run(X)).containsExactly(one.expected, Offset.offset(2e-4f));
        }
    }
}
