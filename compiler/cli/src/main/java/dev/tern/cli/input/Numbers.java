package dev.tern.cli.input;

import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.importers.dataset.InputProblem;
import dev.tern.runtime.Signature.Port;
import java.nio.file.Path;

/** Numbers of a file as the array that a session takes for an input. */
final class Numbers {
    private Numbers() {
    }

    /**
     * A {@code float[]}, {@code byte[]} or {@code int[]}, by the input's element; values that it cannot hold are
     * errors.
     *
     * @param example which of several it is, or -1 for the only one
     */
    static Object toArray(Port port, Path file, double[] values, int example) {
        return switch (port.element()) {
            case F32 -> {
                float[] floats = new float[values.length];
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = (float) values[i];
                    if (!Float.isFinite(floats[i])) {
                        throw InputProblem.failure(DiagnosticCode.INPUT_NOT_FINITE,
                                "input '" + port.name() + "' must be finite", file, -1,
                                place(example, i) + " is " + values[i], null);
                    }
                }
                yield floats;
            }
            case U8 -> bytes(port, file, values, example, 0, 255);
            case I8 -> bytes(port, file, values, example, -128, 127);
            case STEP -> {
                int[] indices = new int[values.length];
                for (int i = 0; i < indices.length; i++) {
                    indices[i] = integer(port, file, values, example, i, 0, port.steps() - 1);
                }
                yield indices;
            }
            case I32 -> throw new IllegalArgumentException("an i32 input");
        };
    }

    private static String place(int example, int element) {
        return (example < 0 ? "element " : "example " + example + ", element ") + element;
    }

    private static byte[] bytes(Port port, Path file, double[] values, int example, int lowest,
            int highest) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) integer(port, file, values, example, i, lowest, highest);
        }
        return bytes;
    }

    private static int integer(Port port, Path file, double[] values, int example, int index, int lowest,
            int highest) {
        double value = values[index];
        if (value != Math.rint(value) || value < lowest || value > highest) {
            throw InputProblem.failure(DiagnosticCode.INPUT_UNREADABLE,
                    "input '" + port.name() + "' takes whole numbers " + lowest + ".." + highest, file, -1,
                    place(example, index) + " is " + values[index], null);
        }
        return (int) value;
    }
}
