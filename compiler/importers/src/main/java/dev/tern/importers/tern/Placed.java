package dev.tern.importers.tern;

import dev.tern.importers.network.ForeignValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A value of the network in the program.
 *
 * @param call what computes it; where a quantizer is pending, what computes the quantizer's input
 * @param axes which axis of the network each axis of the program is; axes that are missing have size 1
 * @param shuffle where one axis holds the elements of several in another order
 * @param quantizer a quantizer that has not been written yet, because a layer with weights may take it as its scheme
 */
record Placed(int call, List<Integer> axes, Optional<Shuffle> shuffle, Optional<Quantizer> quantizer) {
    Placed {
        axes = List.copyOf(axes);
    }

    static Placed of(int call, List<Integer> axes) {
        return new Placed(call, axes, Optional.empty(), Optional.empty());
    }

    /** The same axes, computed by another call. */
    Placed by(int newCall) {
        return new Placed(newCall, axes, shuffle, quantizer);
    }

    /** Computed by another call, with axes in an order of its own. */
    Placed by(int newCall, List<Integer> newAxes) {
        return new Placed(newCall, newAxes, Optional.empty(), quantizer);
    }

    Placed with(Quantizer pending) {
        return new Placed(call, axes, shuffle, Optional.of(pending));
    }

    Placed withoutQuantizer() {
        return new Placed(call, axes, shuffle, Optional.empty());
    }

    /** The shape that it has in the program. */
    List<Integer> shape(ForeignValue value) {
        return axes.stream().map(value::size).toList();
    }

    /**
     * Elements of axes that were made one while they stood in another order.
     *
     * @param stored the sizes of the axes as they stood
     * @param order which of them the first, the second, ... in the network's order is
     * @param axis the axis of the network that holds them all
     */
    record Shuffle(List<Integer> stored, List<Integer> order, int axis) {
        /** For each element of the program's order its place in the network's. */
        int[] places() {
            int rank = stored.size();
            int[] strides = new int[rank];
            int stride = 1;
            for (int i = rank - 1; i >= 0; i--) {
                strides[order.get(i)] = stride;
                stride *= stored.get(order.get(i));
            }
            int[] places = new int[stride];
            for (int i = 0; i < places.length; i++) {
                int rest = i;
                for (int axis = rank - 1; axis >= 0; axis--) {
                    places[i] += rest % stored.get(axis) * strides[axis];
                    rest /= stored.get(axis);
                }
            }
            return places;
        }
    }

    /**
     * A quantizer.
     *
     * @param scheme as the language writes it
     * @param factor what its result is to be multiplied by
     * @param parameters its numbers by the names that the language gives them
     * @param kept the value lies on the quantizer's grid already, so that nothing has to be written for it
     */
    record Quantizer(String scheme, float factor, Map<String, Call.Numbers> parameters, boolean kept) {
        /** Whether it does to some elements what it does to them among others: it measures nothing. */
        boolean local() {
            return !scheme.startsWith("dynamic");
        }

        /** With its result multiplied. */
        Quantizer times(float by) {
            return new Quantizer(scheme, factor * by, parameters, kept);
        }

        Quantizer(String scheme, float factor, Map<String, Call.Numbers> parameters) {
            this(scheme, factor, parameters, false);
        }

        Quantizer(String scheme, float factor) {
            this(scheme, factor, Map.of());
        }
    }
}
