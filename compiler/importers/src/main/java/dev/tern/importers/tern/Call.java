package dev.tern.importers.tern;

import dev.tern.importers.network.ForeignOrigin;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One op of the language, applied.
 *
 * @param op its name; of the arithmetic operators their sign, and {@code input} for an input of the model
 * @param operands what it is applied to
 * @param arguments as they are written, in order
 * @param parameters its numbers by the names that the language gives them
 * @param shape of its result
 * @param origin the node that it comes from
 */
record Call(String op, List<Operand> operands, List<String> arguments, Map<String, Numbers> parameters,
        List<Integer> shape, Optional<ForeignOrigin> origin) {
    Call {
        operands = List.copyOf(operands);
        arguments = List.copyOf(arguments);
        shape = List.copyOf(shape);
    }

    /** What an op is applied to. */
    sealed interface Operand {
        /** The result of another call, by its place. */
        record Result(int call) implements Operand {
        }

        /** A number as it is written. */
        record Literal(String text) implements Operand {
        }
    }

    /** The numbers of a parameter. */
    sealed interface Numbers {
        List<Integer> shape();

        record Floats(List<Integer> shape, float[] values) implements Numbers {
        }

        /** Codes of up to eight bits. */
        record Codes(List<Integer> shape, byte[] values) implements Numbers {
        }
    }

    /** Whether it has weights, and begins a layer. */
    boolean weighted() {
        return switch (op) {
            case "dense", "conv", "conv1d", "depthwise", "convtranspose" -> true;
            default -> false;
        };
    }

    boolean infix() {
        return switch (op) {
            case "+", "-", "*", "/" -> true;
            default -> false;
        };
    }

    /** The name that its layer has in paths. */
    String layer() {
        return switch (op) {
            case "+" -> "add";
            case "-" -> "subtract";
            case "*" -> "multiply";
            case "/" -> "divide";
            default -> op;
        };
    }
}
