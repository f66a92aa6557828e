package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.catalogue.Kinds.Extent;
import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ParameterRole;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.expansion.ConvTranspose;
import dev.tern.compiler.graph.formula.BinaryFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Ops that make planes larger. */
final class WideningOps {
    private static final Extent ONE = new Extent(1, 1);
    private static final OpParameter<Extent> FACTOR = OpParameter.required("factor", Kinds.extent(),
            "how many rows and columns come out for each");
    private static final OpParameter<Mode> MODE = OpParameter.optional("mode",
            new Keyword<>(Map.of("nearest", Mode.NEAREST, "bilinear", Mode.BILINEAR)), Mode.NEAREST,
            "nearest or bilinear");
    private static final OpParameter<Extent> STRIDE = OpParameter.optional("stride", Kinds.extent(), ONE,
            "how far apart the input's places lie in the result");
    private static final OpParameter<Pad> PAD = OpParameter.optional("pad", Pad.kind(), Pad.SAME,
            "same, valid, or how many rows and columns to cut off");

    static final List<OpDefinition> ALL = List.of(
            OpDefinition.unary(OpSignature.of("upsample", 2, FACTOR, MODE), WideningOps::upsampled,
                    WideningOps::upsample,
                    "more rows and columns: the nearest, or bilinear between them"),
            OpDefinition.weighted(
                    OpSignature.of("convtranspose", 2, ConvOps.CHANNELS, ConvOps.KERNEL, STRIDE, PAD, ConvOps.DILATION,
                            ConvOps.GROUPS, WeightedProduct.BIAS, Schemes.WEIGHTS, Schemes.ACTIVATIONS),
                    WideningOps::widened, WideningOps::widen,
                    "a transposed convolution, weights [out, height, width, in / groups]"));

    private WideningOps() {
    }

    private enum Mode {
        NEAREST, BILINEAR
    }

    private static Optional<Shape> upsampled(OpCall call) {
        if (!call.rank("[height, width, channels]", 3)) {
            return Optional.empty();
        }
        long[] dimensions = Shapes.dimensions(call.x().shape());
        return call.shape(dimensions[0] * call.get(FACTOR).height(), dimensions[1] * call.get(FACTOR).width(),
                dimensions[2]);
    }

    private static Optional<TensorValue> upsample(OpCall call, Shape result) {
        Extent factor = call.get(FACTOR);
        return switch (call.get(MODE)) {
            case NEAREST -> Optional.of(call.value(repeated(call, repeated(call, call.x().value().id(), 0,
                    factor.height()), 1, factor.width())));
            case BILINEAR -> call.real(call.x()).map(x -> call.value(between(call, between(call, x, 0,
                    factor.height()), 1, factor.width())));
        };
    }

    /**
     * Along an axis of n places by half pixels: place i of the result lies at {@code s = max((i + 0.5) / times - 0.5,
     * 0)} and is {@code x[a] * (1 - t) + x[b] * t} in f32 steps with a = floor(s), b = min(a + 1, n - 1) and t = s - a,
     * both factors computed in double and rounded once.
     */
    private static ValueId between(OpCall call, ValueId x, int axis, int times) {
        int size = call.type(x).shape().dimension(axis);
        if (times == 1) {
            return x;
        }
        List<Integer> before = new ArrayList<>();
        List<Integer> after = new ArrayList<>();
        float[] near = new float[size * times];
        float[] far = new float[size * times];
        for (int i = 0; i < size * times; i++) {
            double place = Math.max((i + 0.5) / times - 0.5, 0);
            int low = (int) place;
            before.add(low);
            after.add(Math.min(low + 1, size - 1));
            near[i] = (float) (1 - (place - low));
            far[i] = (float) (place - low);
        }
        return call.add(new Operation.Elementwise(BinaryFunction.ADD, weighted(call, x, axis, before, near),
                weighted(call, x, axis, after, far)));
    }

    private static ValueId weighted(OpCall call, ValueId x, int axis, List<Integer> places, float[] factors) {
        Shape shape = axis == 0 ? Shape.of(factors.length, 1, 1) : Shape.of(factors.length, 1);
        return call.add(new Operation.Elementwise(BinaryFunction.MULTIPLY,
                call.add(new Operation.Gather(x, axis, places)), call.constant(new Tensor.Floats(shape, factors))));
    }

    private static ValueId repeated(OpCall call, ValueId x, int axis, int times) {
        int size = call.type(x).shape().dimension(axis);
        return times == 1
                ? x
                : call.add(new Operation.Gather(x, axis,
                        IntStream.range(0, size * times).mapToObj(i -> i / times).toList()));
    }

    private static Optional<Shape> widened(OpCall call) {
        if (!ConvOps.oneScale(call) || !call.rank("[height, width, channels]", 3)) {
            return Optional.empty();
        }
        Shape x = call.x().shape();
        Extent stride = call.get(STRIDE);
        if (x.channels() % call.get(ConvOps.GROUPS) != 0
                || call.get(ConvOps.CHANNELS) % call.get(ConvOps.GROUPS) != 0) {
            return call.error(DiagnosticCode.SHAPE_MISMATCH,
                    "`convtranspose` cannot split " + x.channels() + " channels in and " + call.get(ConvOps.CHANNELS)
                            + " out into " + call.get(ConvOps.GROUPS) + " groups",
                    call.at(ConvOps.GROUPS));
        }
        if (call.get(PAD) instanceof Pad.Same) {
            return call.shape((long) x.dimension(0) * stride.height(), (long) x.dimension(1) * stride.width(),
                    call.get(ConvOps.CHANNELS));
        }
        Geometry cut = call.get(PAD).over(x, call.get(ConvOps.KERNEL), stride, ONE);
        Extent reach = reach(call);
        return call.shape(
                (x.dimension(0) - 1L) * stride.height() + reach.height() - cut.padTop() - cut.padBottom(),
                (x.dimension(1) - 1L) * stride.width() + reach.width() - cut.padLeft() - cut.padRight(),
                call.get(ConvOps.CHANNELS));
    }

    /** Rows and columns from the first tap of the kernel to the last. */
    private static Extent reach(OpCall call) {
        Extent kernel = call.get(ConvOps.KERNEL);
        Extent dilation = call.get(ConvOps.DILATION);
        return new Extent((kernel.height() - 1) * dilation.height() + 1,
                (kernel.width() - 1) * dilation.width() + 1);
    }

    private static Optional<TensorValue> widen(OpCall call, Shape result) {
        Extent kernel = call.get(ConvOps.KERNEL);
        Extent stride = call.get(STRIDE);
        Extent dilation = call.get(ConvOps.DILATION);
        Extent reach = reach(call);
        ConvTranspose convolution = new ConvTranspose(stride.height(), stride.width(), dilation.height(),
                dilation.width(), cut(call, Pad.Explicit::top, reach.height() - stride.height()),
                cut(call, Pad.Explicit::left, reach.width() - stride.width()), result.dimension(0),
                result.dimension(1), call.get(ConvOps.GROUPS));
        return Shapes.of("the weights of `convtranspose`", call.span(), call.report(), call.get(ConvOps.CHANNELS),
                kernel.height(), kernel.width(), call.x().shape().channels() / call.get(ConvOps.GROUPS))
                .flatMap(weights -> WeightedProduct.build(call, ParameterRole.CONVTRANSPOSE, weights, weights,
                        call.x().shape(), (a, zero, w) -> new Operation.Composite(convolution,
                                Stream.concat(Stream.of(a, w), zero.stream()).toList())));
    }

    private interface Side {
        int of(Pad.Explicit pad);
    }

    /** Rows or columns of the whole result to leave out before the first. @param beyond kernel less stride */
    private static int cut(OpCall call, Side side, int beyond) {
        return switch (call.get(PAD)) {
            case Pad.Explicit explicit -> side.of(explicit);
            case Pad.Same _ -> Math.max(0, beyond) / 2;
        };
    }
}
