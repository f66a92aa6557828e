package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.catalogue.Kinds.Extent;
import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.ValueId;
import java.util.List;
import java.util.Optional;

/** Pools over [height, width, channels]. */
final class PoolOps {
    private static final Extent ONE = new Extent(1, 1);
    private static final OpParameter<Extent> WINDOW = OpParameter.required("window", Kinds.extent(),
            "the window, height first");
    private static final OpParameter<Extent> MAYBE_WINDOW = OpParameter.optional("window", Kinds.extent(),
            "the window, height first; everything where it is left out");
    private static final OpParameter<Extent> STRIDE = OpParameter.optional("stride", Kinds.extent(),
            "the window's step; by default the window, so that windows touch");
    private static final OpParameter<Pad> PAD = OpParameter.optional("pad", Pad.kind(), Pad.VALID,
            "valid, same, or how many rows and columns");

    private static final OpParameter<Boolean> CEIL = OpParameter.optional("ceil", Kinds.truth(), false,
            "a last window that begins inside may end outside");
    private static final OpParameter<Boolean> COUNT_PADDING = OpParameter.optional("count_padding", Kinds.truth(),
            false,
            "the padding counts as zeros");

    static final List<OpDefinition> ALL = List.of(
            OpDefinition.unary(OpSignature.of("maxpool", 1, WINDOW, STRIDE, PAD, CEIL), PoolOps::shape, PoolOps::max,
                    "the greatest number in each window"),
            OpDefinition.unary(OpSignature.of("avgpool", 1, MAYBE_WINDOW, STRIDE, PAD, CEIL, COUNT_PADDING),
                    PoolOps::averageShape,
                    PoolOps::average, "the mean of each window, or of each channel without a window"));

    private PoolOps() {
    }

    static String doesNotFit(OpCall call, Geometry geometry) {
        Shape x = call.x().shape();
        boolean line = x.rank() < 3;
        int rows = geometry.padTop() + geometry.padBottom();
        int columns = geometry.padLeft() + geometry.padRight();
        int height = geometry.dilationHeight() * (geometry.kernelHeight() - 1) + 1;
        int width = geometry.dilationWidth() * (geometry.kernelWidth() - 1) + 1;
        boolean dilated = height > geometry.kernelHeight() || width > geometry.kernelWidth();
        String kernel = extent(geometry.kernelHeight(), geometry.kernelWidth(), line);
        return (line
                ? "the window of `" + call.name() + "`, " + kernel + " long,"
                : "the " + kernel + " window of `"
                        + call.name() + "`" + (dilated ? "," : ""))
                + (dilated ? " dilated to " + extent(height, width, line) + "," : "") + " does not fit into "
                + TypeNames.of(call.x().value().type()) + (rows + columns == 0
                        ? ""
                        : ", padded to " + extent(x.dimension(0) + rows, line ? 1 : x.dimension(1) + columns, line));
    }

    private static String extent(int height, int width, boolean line) {
        return line ? Integer.toString(height) : height + "x" + width;
    }

    private static Geometry geometry(OpCall call, Extent window) {
        Shape x = call.x().shape();
        Geometry over = call.get(PAD).over(x, window, call.find(STRIDE).orElse(window), ONE);
        if (!call.get(CEIL)) {
            return over;
        }
        int rows = beyond(x.dimension(0), over.padTop(), over.padBottom(), window.height(), over.strideHeight());
        int columns = beyond(x.dimension(1), over.padLeft(), over.padRight(), window.width(), over.strideWidth());
        return new Geometry(window.height(), window.width(), over.strideHeight(), over.strideWidth(), 1, 1,
                over.padTop(), over.padLeft(), over.padBottom() + rows, over.padRight() + columns);
    }

    /** How far the last window reaches out that begins inside, or in the padding before. */
    private static int beyond(int size, int before, int after, int window, int stride) {
        int last = Math.ceilDiv(size + before + after - window, stride) * stride;
        int start = last >= size + before ? last - stride : last;
        return Math.max(0, start + window - size - before - after);
    }

    private static Optional<Shape> shape(OpCall call) {
        return shape(call, call.find(WINDOW).or(() -> call.find(MAYBE_WINDOW)).orElseThrow());
    }

    private static Optional<Shape> shape(OpCall call, Extent window) {
        if (!call.rank("[height, width, channels]", 3)) {
            return Optional.empty();
        }
        Geometry geometry = geometry(call, window);
        Shape x = call.x().shape();
        int height = geometry.outputHeight(x.dimension(0));
        int width = geometry.outputWidth(x.dimension(1));
        if (height < 1 || width < 1) {
            return call.mismatch(doesNotFit(call, geometry));
        }
        if (Math.max(geometry.padTop(), geometry.padBottom()) >= geometry.kernelHeight()
                || Math.max(geometry.padLeft(), geometry.padRight()) >= geometry.kernelWidth()) {
            return call.error(DiagnosticCode.BAD_ARGUMENT,
                    "the padding of `" + call.name() + "` holds whole windows; it must be smaller than the window",
                    call.at(PAD));
        }
        return call.shape(height, width, x.channels());
    }

    private static Optional<Shape> averageShape(OpCall call) {
        if (call.find(MAYBE_WINDOW).isPresent()) {
            return shape(call);
        }
        if (call.arguments().written(STRIDE).isPresent() || call.arguments().written(PAD).isPresent()
                || call.get(CEIL) || call.get(COUNT_PADDING)) {
            return call.error(DiagnosticCode.MISSING_ARGUMENT, "`avgpool` without a window pools everything at once",
                    call.span(), "give the window first: `avgpool(2x2, stride: 1)`");
        }
        return call.rank("[height, width, channels] or [length, channels]", 3, 2)
                ? call.shape(call.x().shape().channels())
                : Optional.empty();
    }

    private static Optional<TensorValue> max(OpCall call, Shape result) {
        TensorValue x = call.x().value();
        // Accumulators (indices) have no order of their own worth pooling; real() says so.
        Optional<ValueId> id = x.type().element() instanceof ElementType.Code
                ? Optional.of(x.id())
                : call.real(call.x());
        return id.map(i -> call.value(call.add(new Operation.MaxPool(i, geometry(call, call.get(WINDOW))))));
    }

    /** Where the padding counts it is made of zeros, which change no sum; what ceil added never counts. */
    private static ValueId average(OpCall call, ValueId x, Geometry geometry, Extent window) {
        if (!call.get(COUNT_PADDING)) {
            return call.add(new Operation.AvgPool(x, geometry));
        }
        Geometry pad = call.get(PAD).over(call.x().shape(), window, call.find(STRIDE).orElse(window), ONE);
        ValueId rows = ShapeOps.padded(call, x, 0, pad.padTop(), pad.padBottom(), 0);
        ValueId all = ShapeOps.padded(call, rows, 1, pad.padLeft(), pad.padRight(), 0);
        return call.add(new Operation.AvgPool(all, new Geometry(window.height(), window.width(),
                geometry.strideHeight(), geometry.strideWidth(), 1, 1, 0, 0, geometry.padBottom() - pad.padBottom(),
                geometry.padRight() - pad.padRight())));
    }

    private static Optional<TensorValue> average(OpCall call, Shape result) {
        Optional<Extent> window = call.find(MAYBE_WINDOW);
        return call.real(call.x()).map(x -> {
            if (window.isPresent()) {
                return call.value(average(call, x, geometry(call, window.get()), window.get()));
            }
            Shape shape = call.x().shape();
            Shape plane = Shape.of(shape.dimension(0), shape.rank() == 3 ? shape.dimension(1) : 1, shape.channels());
            TensorValue all = ShapeOps.reshape(call, call.value(x), plane);
            TensorValue mean = call.value(
                    call.add(new Operation.AvgPool(all.id(),
                            Geometry.valid(plane.dimension(0), plane.dimension(1), 1))));
            return ShapeOps.reshape(call, mean, result);
        });
    }
}
