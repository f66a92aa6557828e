package dev.tern.importers.export;

import dev.tern.compiler.graph.Shape;
import java.util.ArrayList;
import java.util.List;

/** In which order a value's axes are written, behind a batch of one: ONNX's windows want channels first. */
enum AxisOrder {
    /** As in Tern. */
    LAST,
    /** [height, width, channels] as [channels, height, width]; of three axes only. */
    FIRST;

    /** The shape with the batch. */
    List<Integer> shape(Shape shape) {
        List<Integer> sizes = new ArrayList<>(List.of(1));
        if (this == FIRST) {
            sizes.addAll(List.of(shape.dimension(2), shape.dimension(0), shape.dimension(1)));
        } else {
            for (int size : shape.toArray()) {
                sizes.add(size);
            }
        }
        return sizes;
    }

    /** Where an axis of Tern's is written, the batch counted. */
    int axis(int axis) {
        return this == LAST || axis > 2 ? axis + 1 : axis == 2 ? 1 : axis + 2;
    }

    /** Where the channels of a value of so many axes are written. */
    int channelAxis(int rank) {
        return this == FIRST ? 1 : rank;
    }

    /** The shape of numbers of each channel, so that they stretch over a value. */
    List<Integer> perChannel(int channels) {
        return this == FIRST ? List.of(channels, 1, 1) : List.of(channels);
    }

    /** Row-major elements of [height, width, channels] in this order. */
    float[] ordered(Shape shape, float[] values) {
        if (this == LAST) {
            return values;
        }
        int channels = shape.channels();
        int places = shape.rows();
        float[] moved = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            moved[i % channels * places + i / channels] = values[i];
        }
        return moved;
    }
}
