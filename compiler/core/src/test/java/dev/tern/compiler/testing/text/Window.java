package dev.tern.compiler.testing.text;

import dev.tern.compiler.graph.Shape;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * A window over one or two axes, as arguments and by the language's rules for sizes.
 *
 * @param kernel how far it reaches along each axis, as are stride and dilation
 * @param padding as it is written; empty where it is left out
 * @param around rows and columns before and after, for each axis; null for {@code same}
 */
record Window(int[] kernel, int[] stride, int[] dilation, String padding, int[][] around) {
    /** A window of a convolution over a line or a plane. */
    static Window ofConvolution(Choices choices, int axes) {
        int most = choices.rarely(8) ? 7 : 3;
        int[] kernel = each(axes, axis -> 1 + choices.below(most));
        int[] stride = choices.rarely(4)
                ? each(axes, axis -> 1 + choices.below(3))
                : same(axes, 1 + choices.below(2));
        int[] dilation = choices.rarely(4)
                ? each(axes, axis -> 1 + choices.below(3))
                : same(axes, 1);
        return switch (choices.below(8)) {
            case 0, 1 -> new Window(kernel, stride, dilation, "", null);
            case 2 -> new Window(kernel, stride, dilation, "same", null);
            case 3 -> new Window(kernel, stride, dilation, choices.of("same(+1)", "same(-1)"), null);
            case 4 -> explicit(kernel, stride, dilation, "valid", new int[2 * axes]);
            case 5 -> {
                int pad = choices.below(choices.rarely(4) ? 9 : 3);
                yield explicit(kernel, stride, dilation, Integer.toString(pad), same(2 * axes, pad));
            }
            default -> axes == 1
                    ? new Window(kernel, stride, dilation, "", null)
                    : unequal(choices, kernel, stride, dilation, choices.rarely(4) ? 9 : 3);
        };
    }

    private static Window unequal(Choices choices, int[] kernel, int[] stride, int[] dilation, int most) {
        if (choices.rarely(3)) {
            int rows = choices.below(most);
            int columns = choices.below(most);
            return explicit(kernel, stride, dilation, rows + "x" + columns, new int[]{rows, columns, rows, columns});
        }
        int[] sides = each(4, side -> choices.below(most));
        return explicit(kernel, stride, dilation, list(sides), sides);
    }

    /** A window of a pool over a plane that holds it. */
    static Window ofPool(Choices choices, Shape plane) {
        int[] kernel = each(2, axis -> 1 + choices.below(Math.min(choices.rarely(6) ? 7 : 3, plane.dimension(axis))));
        int[] stride = choices.rarely(2)
                ? each(2, axis -> 1 + choices.below(3))
                : kernel.clone();
        int least = Math.min(kernel[0], kernel[1]);
        return switch (choices.below(6)) {
            case 0, 1 -> explicit(kernel, stride, same(2, 1), "", new int[4]);
            case 2 -> explicit(kernel, stride, same(2, 1), "valid", new int[4]);
            case 3 -> new Window(kernel, stride, same(2, 1), "same", null);
            default -> {
                int[] sides = each(4, side -> choices.below(least));
                yield explicit(kernel, stride, same(2, 1), list(sides), sides);
            }
        };
    }

    private static Window explicit(int[] kernel, int[] stride, int[] dilation, String padding, int[] sides) {
        int axes = sides.length / 2;
        int[][] around = new int[axes][];
        for (int axis = 0; axis < axes; axis++) {
            around[axis] = new int[]{sides[axis], sides[axes + axis]};
        }
        return new Window(kernel, stride, dilation, padding, around);
    }

    private static int[] each(int axes, IntUnaryOperator choice) {
        int[] result = new int[axes];
        for (int axis = 0; axis < axes; axis++) {
            result[axis] = choice.applyAsInt(axis);
        }
        return result;
    }

    private static int[] same(int axes, int number) {
        return each(axes, axis -> number);
    }

    private static String list(int[] numbers) {
        return Arrays.toString(numbers);
    }

    /** Whether the padding stands for codes that are not 0. */
    boolean valued() {
        return padding.contains("(");
    }

    int taps() {
        int taps = 1;
        for (int size : kernel) {
            taps *= size;
        }
        return taps;
    }

    /** The size along an axis of what comes out of a given size; empty where the window does not fit. */
    Optional<Integer> output(int axis, int size) {
        if (around == null) {
            return Optional.of((size + stride[axis] - 1) / stride[axis]);
        }
        int reach = dilation[axis] * (kernel[axis] - 1) + 1;
        int room = size + around[axis][0] + around[axis][1] - reach;
        return room < 0 ? Optional.empty() : Optional.of(room / stride[axis] + 1);
    }

    /** {@code 3x3}, or {@code 3} along a line. */
    String kernelText() {
        return kernel.length == 1 ? Integer.toString(kernel[0]) : kernel[0] + "x" + kernel[1];
    }

    /** The arguments after the kernel, each with a comma before it. @param usual the stride that is left out */
    String arguments(int[] usual) {
        return (Arrays.equals(stride, usual) ? "" : ", stride: " + text(stride))
                + (padding.isEmpty() ? "" : ", pad: " + padding)
                + (Arrays.stream(dilation).allMatch(d -> d == 1) ? "" : ", dilation: " + text(dilation));
    }

    private static String text(int[] sizes) {
        return sizes.length == 1 || sizes[0] == sizes[1] ? Integer.toString(sizes[0]) : sizes[0] + "x" + sizes[1];
    }
}
