package dev.tern.importers.export;

import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.importers.onnx.schema.AttributeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Movement of elements, and windows over them. Codes move as numbers do, in the form that is asked for. */
record MovementExport(Translation translation, Form form, AxisOrder layout) {
    private OnnxGraph out() {
        return translation.out();
    }

    private String in(ValueId id, AxisOrder wanted) {
        return translation.value(id, form, wanted);
    }

    String entry(Operation.StepTable table) {
        return out().node("Gather", List.of(
                out().floats("steps", sizes(translation.shape(table.table()).toArray()),
                        translation.floats(table.table())),
                in(table.step(), AxisOrder.LAST)), Attribute.of("axis", 0));
    }

    private static List<Integer> sizes(int[] sizes) {
        return IntStream.of(sizes).boxed().toList();
    }

    String reshape(Node node, Operation.Reshape reshape) {
        String x = in(reshape.x(), AxisOrder.LAST);
        return translation.shape(reshape.x()).equals(node.type().shape())
                ? x
                : translation.reshaped(x, AxisOrder.LAST.shape(node.type().shape()));
    }

    String transpose(Operation.Transpose transpose) {
        List<Integer> order = new ArrayList<>(List.of(0));
        transpose.permutation().forEach(axis -> order.add(axis + 1));
        return out().node("Transpose", List.of(in(transpose.x(), AxisOrder.LAST)), Attribute.of("perm", order));
    }

    String slice(Operation.Slice slice) {
        return out().node("Slice", List.of(in(slice.x(), layout), out().list("starts", List.of(slice.start())),
                out().list("ends", List.of(slice.end())), out().list("axes", List.of(layout.axis(slice.axis())))));
    }

    String gather(Operation.Gather gather) {
        int count = gather.indices().size();
        int size = translation.shape(gather.x()).dimension(gather.axis());
        boolean repeats = layout == AxisOrder.FIRST && gather.axis() < 2 && count % size == 0 && count > size
                && IntStream.range(0, count).allMatch(i -> gather.indices().get(i) == i / (count / size));
        if (repeats) {
            float[] scales = {1, 1, 1, 1};
            scales[layout.axis(gather.axis())] = count / size;
            return out().node("Resize", List.of(in(gather.x(), layout), "", out().floats("scales", List.of(4), scales)),
                    Attribute.of("mode", "nearest"), Attribute.of("coordinate_transformation_mode", "asymmetric"),
                    Attribute.of("nearest_mode", "floor"));
        }
        return out().node("Gather", List.of(in(gather.x(), layout), out().list("indices", gather.indices())),
                Attribute.of("axis", layout.axis(gather.axis())));
    }

    String concat(Operation.Concat concat) {
        List<ValueId> computed = concat.parts().stream().filter(part -> translation.constant(part).isEmpty()).toList();
        Optional<Float> filling = filling(concat);
        if (computed.size() == 1 && filling.isPresent()) {
            int at = concat.parts().indexOf(computed.getFirst());
            return padded(concat, computed.getFirst(), size(concat, 0, at), size(concat, at + 1,
                    concat.parts().size()), filling.get());
        }
        return out().node("Concat", concat.parts().stream().map(part -> in(part, layout)).toList(),
                Attribute.of("axis", layout.axis(concat.axis())));
    }

    /** The number that all known parts consist of. */
    private Optional<Float> filling(Operation.Concat concat) {
        Optional<Float> one = Optional.empty();
        for (ValueId part : concat.parts()) {
            if (translation.constant(part).isPresent()) {
                if (!(translation.constant(part).get() instanceof Tensor.Floats(Shape _, float[] values))) {
                    return Optional.empty();
                }
                for (float value : values) {
                    if (one.isPresent() && Float.compare(one.get(), value) != 0) {
                        return Optional.empty();
                    }
                    one = Optional.of(value);
                }
            }
        }
        return one;
    }

    private int size(Operation.Concat concat, int from, int to) {
        return concat.parts().subList(from, to).stream()
                .mapToInt(part -> translation.shape(part).dimension(concat.axis())).sum();
    }

    private String padded(Operation.Concat concat, ValueId x, int before, int after, float value) {
        int rank = translation.shape(x).rank() + 1;
        Integer[] pads = new Integer[2 * rank];
        Arrays.fill(pads, 0);
        pads[layout.axis(concat.axis())] = before;
        pads[rank + layout.axis(concat.axis())] = after;
        return out().node("Pad", List.of(in(x, layout), out().list("pads", List.of(pads)), out().scalar(value)));
    }

    // Windows

    String maxPool(Operation.MaxPool pool) {
        return out().node("MaxPool", List.of(in(pool.x(), AxisOrder.FIRST)), window(pool.geometry(), true));
    }

    String avgPool(Operation.AvgPool pool) {
        return out().node("AveragePool", List.of(in(pool.x(), AxisOrder.FIRST)), window(pool.geometry(), true));
    }

    /** The attributes of a window. @param sized whether its size is among them */
    static AttributeProto[] window(Geometry geometry, boolean sized) {
        List<AttributeProto> attributes = new ArrayList<>();
        if (sized) {
            attributes.add(Attribute.of("kernel_shape", List.of(geometry.kernelHeight(), geometry.kernelWidth())));
        }
        attributes.add(Attribute.of("strides", List.of(geometry.strideHeight(), geometry.strideWidth())));
        attributes.add(Attribute.of("pads", List.of(geometry.padTop(), geometry.padLeft(), geometry.padBottom(),
                geometry.padRight())));
        if (geometry.dilationHeight() != 1 || geometry.dilationWidth() != 1) {
            attributes.add(Attribute.of("dilations", List.of(geometry.dilationHeight(), geometry.dilationWidth())));
        }
        return attributes.toArray(AttributeProto[]::new);
    }
}
