package dev.tern.importers.tern;

import dev.tern.importers.network.Constant;
import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ForeignNode;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ForeignWindow;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.tern.Call.Numbers;
import dev.tern.importers.tern.Call.Operand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Layers with weights. */
final class ProductPlacement {
    /** What to do about windows over three axes. */
    private static final String FLATTEN = "export windows over pictures (Conv2d, MaxPool2d): fold the depth into the"
            + " channels or the batch (x.flatten(1, 2)), or leave out an axis of size 1 (x.squeeze(2))";

    private final Site site;

    ProductPlacement(Site site) {
        this.site = site;
    }

    // Matrix products

    Placed matMul(ForeignNode node) {
        ForeignValue a = node.inputs().get(0);
        ForeignValue b = node.inputs().get(1);
        if (b.known()) {
            return dense(node, a, matrix(b.require("the weights"), true), a.rank() - 1, node.output().rank() - 1);
        }
        if (a.known()) {
            // W x is x' W' with the last two axes changed over, which is a matter of their names.
            int inner = b.rank() == 1 ? 0 : b.rank() - 2;
            return dense(node, b, matrix(a.require("the weights"), false), inner,
                    b.rank() == 1 ? node.output().rank() - 1 : node.output().rank() - 2);
        }
        return computed(node, a, b);
    }

    /** Both are computed by the network: matrices, or as many of each. */
    private Placed computed(ForeignNode node, ForeignValue a, ForeignValue b) {
        int rank = node.output().rank();
        List<Integer> axes = new ArrayList<>();
        for (int axis = 0; axis < rank - 2; axis++) {
            if (node.output().size(axis) > 1) {
                axes.add(axis);
            }
        }
        axes.addAll(List.of(rank - 2, rank - 1));
        if (a.rank() != rank || b.rank() != rank || axes.subList(0, axes.size() - 2).stream()
                .anyMatch(axis -> a.size(axis) != b.size(axis))) {
            throw new ImportProblemException("a product of computed tensors of shapes " + a.shape() + " and "
                    + b.shape() + " is not supported");
        }
        Placed left = arranged(a, axes);
        Placed right = arranged(b, axes);
        List<String> arguments = List.of();
        if (left.quantizer().isPresent() && left.quantizer().equals(right.quantizer())) {
            arguments = List.of("activations: " + left.quantizer().get().scheme());
            left = left.withoutQuantizer();
            right = right.withoutQuantizer();
        }
        List<Integer> shape = axes.stream().map(node.output()::size).toList();
        return Placed.of(site.program().add(new Call(site.has("matmul"), List.of(
                new Operand.Result(quantized(left)), new Operand.Result(quantized(right))), arguments, Map.of(), shape,
                Optional.of(site.origin()))), axes);
    }

    /** A value with these axes, a quantizer of all of it left pending: codes do not outlive a transpose. */
    private Placed arranged(ForeignValue value, List<Integer> axes) {
        boolean whole = site.pending(value).quantizer().map(found -> found.factor() == 1
                && found.parameters().isEmpty() && !found.scheme().contains("per: row")).orElse(false);
        return whole
                ? site.arrangement().arrange(site.pending(value), value, axes, site.origin())
                : site.real(value, axes);
    }

    private int quantized(Placed placed) {
        return placed.quantizer().map(quantizer -> site.apply("quantize", placed.call(), quantizer.scheme()))
                .orElse(placed.call());
    }

    /** The weights as [out, in]. @param transposed they are [in, out] */
    private static Constant matrix(Constant weights, boolean transposed) {
        List<Integer> shape = weights.shape();
        int rank = shape.size();
        if (rank > 2 && Extents.elements(shape.subList(0, rank - 2)) != 1) {
            throw new ImportProblemException("a matrix for each entry of the batch is not supported: " + shape);
        }
        List<Integer> two = rank == 1
                ? transposed ? List.of(shape.getFirst(), 1) : List.of(1, shape.getFirst())
                : shape.subList(rank - 2, rank);
        Constant flat = ConstantShape.reshaped(weights, two);
        return transposed ? ConstantShape.transposed(flat, List.of(1, 0)) : flat;
    }

    /** @param inner the axis of x that is summed over @param outer the axis of the result that comes in its place */
    private Placed dense(ForeignNode node, ForeignValue x, Constant weights, int inner, int outer) {
        Placed found = site.withLast(x, inner, true);
        // Groups are of consecutive inputs.
        Placed placed = weights instanceof Constant.Grouped
                ? site.arrangement().unshuffled(found, x, site.origin())
                : found;
        Constant ordered = placed.shuffle().isPresent()
                ? ConstantShape.columns(weights, placed.shuffle().get().places())
                : weights;
        int features = weights.shape().getFirst();
        LayerSchemes.SchemedLayer layer = LayerSchemes.of(ordered, placed.quantizer());
        List<String> arguments = new ArrayList<>();
        arguments.add(Integer.toString(features));
        arguments.addAll(layer.arguments());
        List<Integer> shape = new ArrayList<>(site.program().get(placed.call()).shape());
        shape.set(shape.size() - 1, features);
        int call = site.apply("dense", placed.call(), arguments, layer.parameters(), shape);
        int out = node.output().rank();
        if (out < x.rank()) {
            // A vector of weights: the axis goes.
            List<Integer> axes = placed.axes().subList(0, placed.axes().size() - 1).stream()
                    .map(axis -> axis > inner ? axis - 1 : axis).toList();
            List<Integer> kept = axes.isEmpty() && out > 0 ? List.of(out - 1) : axes;
            return Placed.of(site.arrangement().reshape(call, kept.stream().map(node.output()::size).toList(),
                    site.origin()), kept);
        }
        List<Integer> axes = new ArrayList<>(placed.axes());
        axes.set(axes.size() - 1, outer);
        return Placed.of(call, axes);
    }

    // Convolutions

    Placed conv(ForeignNode node, NetworkOp.Conv conv) {
        ForeignValue x = node.x();
        int rank = conv.window().rank();
        if (rank > 2) {
            throw new ImportProblemException("convolutions over " + rank + " axes are not supported; over 1 and 2 are",
                    FLATTEN);
        }
        Constant weights = node.inputs().get(1).require("the weights");
        Placed placed = windowed(x, conv.layout(), rank, true);
        LayerSchemes.SchemedLayer layer = LayerSchemes.of(weights, placed.quantizer());
        int channels = weights.shape().getFirst();
        int inputs = x.size(conv.layout().channelAxis(x.rank()));
        boolean depthwise = conv.groups() == inputs && inputs > 1 && rank == 2;
        List<String> arguments = new ArrayList<>();
        if (!depthwise) {
            arguments.add(Integer.toString(channels));
        }
        arguments.add(NumberTexts.size(conv.window().kernel()));
        WindowTexts.addTo(arguments, conv.window(), spatial(x, conv.layout(), rank), true, 1);
        if (conv.outside() != 0) {
            arguments.add(conv.outside() > 0 ? "pad: same(+1)" : "pad: same(-1)");
        }
        if (depthwise && channels > inputs) {
            arguments.add("multiplier: " + channels / inputs);
        } else if (!depthwise && conv.groups() > 1) {
            arguments.add("groups: " + conv.groups());
        }
        Map<String, Numbers> parameters = new HashMap<>(layer.parameters());
        if (node.inputs().size() > 2) {
            Constant bias = node.inputs().get(2).require("the bias");
            arguments.add("bias: true");
            parameters.put("bias", new Numbers.Floats(List.of(channels), bias.floats()));
        }
        arguments.addAll(layer.arguments());
        List<Integer> axes = placed.axes();
        List<Integer> shape = axes.stream().map(node.output()::size).toList();
        String op = depthwise ? "depthwise" : rank == 1 ? "conv1d" : "conv";
        return Placed.of(site.apply(op, placed.call(), arguments, parameters, shape), axes);
    }

    /** The value as [...spatial, channels]. */
    private Placed windowed(ForeignValue x, NetworkOp.Layout layout, int rank, boolean quantizer) {
        if (x.size(0) != 1) {
            throw new ImportProblemException("a batch of " + x.size(0) + " is not supported: Tern's models take one "
                    + "example at a time", "export the model with a batch of 1, or with an open batch size");
        }
        Placed found = quantizer ? site.pending(x) : site.real(x);
        return site.arrangement().arrange(found, x, channelsLast(layout, rank), site.origin());
    }

    /** The axes of [batch, ...] in Tern's order, without the batch. */
    static List<Integer> channelsLast(NetworkOp.Layout layout, int rank) {
        List<Integer> axes = new ArrayList<>(Extents.range(rank + 2).subList(layout.firstSpatial(),
                layout.firstSpatial() + rank));
        axes.add(layout.channelAxis(rank + 2));
        return axes;
    }

    private static List<Integer> spatial(ForeignValue x, NetworkOp.Layout layout, int rank) {
        return x.shape().subList(layout.firstSpatial(), layout.firstSpatial() + rank);
    }

    // Pools

    Placed pool(ForeignNode node, NetworkOp.Pool pool) {
        ForeignValue x = node.x();
        ForeignWindow window = pool.window();
        int rank = window.rank();
        if (rank > 2) {
            throw new ImportProblemException("pools over " + rank + " axes are not supported; over 1 and 2 are",
                    FLATTEN);
        }
        boolean max = pool.kind() == NetworkOp.Pool.Kind.MAX;
        requirePlain(pool);
        Placed placed = windowed(x, pool.layout(), rank,
                max && site.pending(x).quantizer().map(Placed.Quantizer::local).orElse(true));
        List<Integer> sizes = spatial(x, pool.layout(), rank);
        List<Integer> shape = placed.axes().stream().map(node.output()::size).toList();
        // [length, channels] is a picture of one row.
        List<Integer> line = rank == 1 ? List.of(1, sizes.getFirst(), shape.getLast()) : List.of();
        int from = rank == 1 ? site.arrangement().reshape(placed.call(), line, site.origin()) : placed.call();
        // What a mean counts may not depend on how far the last window reaches out.
        boolean counted = !max && pool.countPadding() && window.padded();
        ForeignWindow filled = counted ? window : whole(pool, sizes);
        ForeignWindow plane = rank == 1 ? flat(filled) : filled;
        List<String> arguments = new ArrayList<>();
        arguments.add(NumberTexts.size(plane.kernel()));
        WindowTexts.addTo(arguments, plane, rank == 1 ? List.of(1, sizes.getFirst()) : sizes, false, 0);
        if (counted) {
            arguments.add("count_padding: true");
            if (pool.ceil()) {
                arguments.add("ceil: true");
            }
        }
        List<Integer> pooled = rank == 1 ? List.of(1, shape.getFirst(), shape.getLast()) : shape;
        int call = site.apply(max ? "maxpool" : "avgpool", from, arguments, pooled);
        Placed result = Placed.of(site.arrangement().reshape(call, shape, site.origin()), placed.axes());
        return placed.quantizer().map(result::with).orElse(result);
    }

    private static ForeignWindow flat(ForeignWindow window) {
        return new ForeignWindow(List.of(1, window.kernel().getFirst()), List.of(1, window.strides().getFirst()),
                List.of(1, window.dilations().getFirst()), List.of(0, window.before().getFirst()),
                List.of(0, window.after().getFirst()));
    }

    /** What Tern's pools cannot do. */
    private static void requirePlain(NetworkOp.Pool pool) {
        if (pool.window().dilations().stream().anyMatch(d -> d != 1)) {
            throw new ImportProblemException("pools with dilation are not supported");
        }
    }

    /** A last window that is not whole is one with padding behind, which takes no part in a pool. */
    private static ForeignWindow whole(NetworkOp.Pool pool, List<Integer> sizes) {
        ForeignWindow window = pool.window();
        List<Integer> after = new ArrayList<>();
        for (int axis = 0; axis < window.rank(); axis++) {
            int places = window.places(axis, sizes.get(axis), pool.ceil());
            int needed = (places - 1) * window.strides().get(axis) + window.reach(axis) - sizes.get(axis)
                    - window.before().get(axis);
            after.add(pool.ceil() ? Math.max(window.after().get(axis), needed) : window.after().get(axis));
        }
        return new ForeignWindow(window.kernel(), window.strides(), window.dilations(), window.before(), after);
    }

    // Wider

    Placed convTranspose(ForeignNode node, NetworkOp.ConvTranspose conv) {
        ForeignValue x = node.x();
        String op = site.has("convtranspose");
        ForeignWindow window = lessCut(conv);
        if (window.rank() != 2) {
            throw new ImportProblemException("transposed convolutions over " + window.rank()
                    + " axes are not supported; over 1 and 2 are", FLATTEN);
        }
        Constant weights = outputsFirst(node.inputs().get(1).require("the weights"), conv.groups());
        Placed placed = windowed(x, conv.layout(), 2, true);
        LayerSchemes.SchemedLayer layer = LayerSchemes.of(weights, placed.quantizer());
        int channels = weights.shape().getFirst();
        List<String> arguments = new ArrayList<>(List.of(Integer.toString(channels),
                NumberTexts.size(window.kernel())));
        if (window.strides().stream().anyMatch(s -> s != 1)) {
            arguments.add("stride: " + NumberTexts.size(window.strides()));
        }
        if (window.dilations().stream().anyMatch(d -> d != 1)) {
            arguments.add("dilation: " + NumberTexts.size(window.dilations()));
        }
        arguments.add("pad: " + (window.padded()
                ? NumberTexts.list(List.of(window.before().get(0), window.before().get(1), window.after().get(0),
                        window.after().get(1)))
                : "valid"));
        Map<String, Numbers> parameters = new HashMap<>(layer.parameters());
        if (node.inputs().size() > 2) {
            arguments.add("bias: true");
            parameters.put("bias", new Numbers.Floats(List.of(channels),
                    node.inputs().get(2).require("the bias").floats()));
        }
        if (conv.groups() > 1) {
            arguments.add("groups: " + conv.groups());
        }
        arguments.addAll(layer.arguments());
        return Placed.of(unreached(conv, op, placed, arguments, parameters,
                placed.axes().stream().map(node.output()::size).toList()), placed.axes());
    }

    /** The convolution, and behind it the places that no input reaches: they hold nothing but the bias. */
    private int unreached(NetworkOp.ConvTranspose conv, String op, Placed placed, List<String> arguments,
            Map<String, Numbers> parameters, List<Integer> shape) {
        List<Integer> beyond = new ArrayList<>();
        List<Integer> reached = new ArrayList<>(shape);
        for (int axis = 0; axis < 2; axis++) {
            beyond.add(Math.max(0, conv.more().get(axis) - conv.window().after().get(axis)));
            reached.set(axis, shape.get(axis) - beyond.get(axis));
        }
        if (beyond.equals(List.of(0, 0))) {
            return site.apply(op, placed.call(), arguments, parameters, shape);
        }
        if (parameters.containsKey("bias")) {
            throw new ImportProblemException("transposed convolutions with a bias and with places that no input "
                    + "reaches (output_padding) are not supported");
        }
        int call = site.apply(op, placed.call(), arguments, parameters, reached);
        for (int axis = 0; axis < 2; axis++) {
            if (beyond.get(axis) > 0) {
                reached.set(axis, shape.get(axis));
                call = site.apply(site.has("pad"), call, List.of("0", beyond.get(axis).toString(), "axis: " + axis),
                        List.copyOf(reached));
            }
        }
        return call;
    }

    /** [out / groups, ...kernel, in] as [out, ...kernel, in / groups]. */
    private static Constant outputsFirst(Constant weights, int groups) {
        if (groups == 1) {
            return weights;
        }
        List<Integer> shape = weights.shape();
        int outputs = shape.getFirst();
        int rank = shape.size();
        List<Integer> apart = new ArrayList<>(shape.subList(0, rank - 1));
        apart.addAll(List.of(groups, shape.getLast() / groups));
        List<Integer> order = new ArrayList<>(List.of(rank - 1));
        order.addAll(Extents.range(rank - 1));
        order.add(rank);
        List<Integer> joined = new ArrayList<>(shape);
        joined.set(0, outputs * groups);
        joined.set(rank - 1, shape.getLast() / groups);
        Constant plain = weights instanceof Constant.Coded coded && coded.scales().length > 1
                ? new Constant.Floats(shape, weights.floats())
                : weights;
        return ConstantShape.reshaped(ConstantShape.transposed(ConstantShape.reshaped(plain, apart), order), joined);
    }

    /** Places that the result has besides are places that are not cut off. */
    private static ForeignWindow lessCut(NetworkOp.ConvTranspose conv) {
        ForeignWindow window = conv.window();
        List<Integer> after = new ArrayList<>();
        for (int axis = 0; axis < window.rank(); axis++) {
            after.add(Math.max(0, window.after().get(axis) - conv.more().get(axis)));
        }
        return new ForeignWindow(window.kernel(), window.strides(), window.dilations(), window.before(), after);
    }

    Placed upsample(ForeignNode node, NetworkOp.Upsample op) {
        ForeignValue x = node.x();
        if (op.factors().size() != 2) {
            throw new ImportProblemException("resizing is supported over two axes");
        }
        Placed placed = windowed(x, op.layout(), 2, false);
        List<String> arguments = new ArrayList<>(List.of(NumberTexts.size(op.factors())));
        if (op.kind() == NetworkOp.Upsample.Kind.BILINEAR) {
            arguments.add("bilinear");
        }
        return placed.by(site.apply(site.has("upsample"), placed.call(), arguments,
                placed.axes().stream().map(node.output()::size).toList()));
    }
}
