package dev.tern.importers.network;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What an edge of the network carries.
 *
 * @param id its place in the network, unique
 * @param name as the file has it, or that of the node which makes it
 * @param kind what the file stores; a quantized tensor has the kind of its codes and a coding
 * @param shape with all axes that the file has
 * @param constant its elements where they are known at import
 * @param coding where integers stand for reals: the value <em>is</em> the reals, and the coding says how the file
 *            stores them
 */
public record ForeignValue(int id, String name, ElementKind kind, List<Integer> shape, Optional<Constant> constant,
        Optional<Coding> coding) {
    public ForeignValue {
        shape = List.copyOf(shape);
    }

    /** What codes stand for. */
    public sealed interface Coding {
        /** real = scale * (code - zero). @param axis the axis of several scales */
        record Fixed(float[] scales, long[] zeros, int axis) implements Coding {
            /** Whether the same codes stand for the same reals. */
            public boolean same(Fixed other) {
                return Arrays.equals(scales, other.scales) && Arrays.equals(zeros, other.zeros)
                        && (scales.length == 1 || axis == other.axis);
            }
        }

        /**
         * real = scale * (code - zero), the scale being computed by the network.
         *
         * @param scale the scale's id
         * @param shifted whether the codes have a zero point in them, which a product has to take off
         */
        record Measured(int scale, boolean shifted) implements Coding {
        }

        /** Of a product of two tensors of codes, their zero points taken off: real = both scales * sum. */
        record Product(Coding left, Coding right) implements Coding {
        }
    }

    public int rank() {
        return shape.size();
    }

    public int size(int axis) {
        return shape.get(axis);
    }

    public boolean known() {
        return constant.isPresent();
    }

    /** @throws ImportProblemException if it is computed at run time */
    public Constant require(String what) {
        return constant.orElseThrow(() -> new ImportProblemException(what + " is computed by the network",
                "Tern needs it when the model is compiled: export the model with fixed shapes, or bind an input with"
                        + " `--constant NAME=FILE`"));
    }
}
