package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.catalogue.Kinds.Extent;
import dev.tern.compiler.analysis.value.ActivationScheme;
import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ParameterRole;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.build.Codes;
import java.util.List;
import java.util.Optional;

/** Convolutions over [height, width, channels] and, of one dimension, over [length, channels]. */
final class ConvOps {
    private static final Extent ONE = new Extent(1, 1);
    private static final Kind<Integer> SIDE = Kinds.whole(1, Kinds.WIDEST);
    static final OpParameter<Integer> CHANNELS = OpParameter.required("channels",
            Kinds.whole(1, Integer.MAX_VALUE), "how many channels come out");
    static final OpParameter<Extent> KERNEL = OpParameter.required("kernel", Kinds.extent(),
            "the window, height first");
    private static final OpParameter<Integer> LENGTH = OpParameter.required("kernel", SIDE, "the window's length");
    private static final OpParameter<Extent> STRIDE = OpParameter.optional("stride", Kinds.extent(), ONE,
            "the window's step");
    private static final OpParameter<Integer> STEP = OpParameter.optional("stride", SIDE, 1, "the window's step");
    static final OpParameter<Extent> DILATION = OpParameter.optional("dilation", Kinds.extent(), ONE,
            "the distance of the window's taps");
    private static final OpParameter<Integer> SPREAD = OpParameter.optional("dilation", SIDE, 1,
            "the distance of the window's taps");
    static final OpParameter<Integer> GROUPS = OpParameter.optional("groups", Kinds.whole(1, Integer.MAX_VALUE), 1,
            "into how many groups the channels are split");
    private static final OpParameter<Integer> MULTIPLIER = OpParameter.optional("multiplier",
            Kinds.whole(1, Integer.MAX_VALUE), 1, "how many channels come out of each");
    private static final OpParameter<Pad> PAD = OpParameter.optional("pad", Pad.valuedKind(), Pad.SAME,
            "same, valid, same(+1), same(-1), or how many rows and columns");

    static final List<OpDefinition> ALL = List.of(
            OpDefinition.weighted(
                    OpSignature.of("conv", 2, CHANNELS, KERNEL, STRIDE, PAD, DILATION, GROUPS, WeightedProduct.BIAS,
                            Schemes.WEIGHTS, Schemes.ACTIVATIONS),
                    call -> shape(call, Form.PLANE), (call, result) -> build(call, Form.PLANE, result),
                    "a convolution, weights [out, height, width, in / groups]"),
            OpDefinition.weighted(
                    OpSignature.of("depthwise", 1, KERNEL, STRIDE, PAD, DILATION, MULTIPLIER, WeightedProduct.BIAS,
                            Schemes.WEIGHTS, Schemes.ACTIVATIONS),
                    call -> shape(call, Form.DEPTHWISE), (call, result) -> build(call, Form.DEPTHWISE, result),
                    "a convolution of each channel by itself"),
            OpDefinition.weighted(
                    OpSignature.of("conv1d", 2, CHANNELS, LENGTH, STEP, PAD, SPREAD, GROUPS, WeightedProduct.BIAS,
                            Schemes.WEIGHTS, Schemes.ACTIVATIONS),
                    call -> shape(call, Form.LINE), (call, result) -> build(call, Form.LINE, result),
                    "a convolution over [length, channels], weights [out, length, in / groups]"));

    private ConvOps() {
    }

    private enum Form {
        PLANE(ParameterRole.CONV), DEPTHWISE(ParameterRole.DEPTHWISE), LINE(ParameterRole.CONV1D);

        private final ParameterRole role;

        Form(ParameterRole role) {
            this.role = role;
        }
    }

    /** The three ops in the terms of the widest: a plane of rows and columns, and groups. */
    private record Convolution(Shape plane, Geometry geometry, int groups, long channels, boolean line) {
        static Convolution of(OpCall call, Form form) {
            Shape x = call.x().shape();
            boolean line = form == Form.LINE;
            boolean depthwise = form == Form.DEPTHWISE;
            Shape plane = line ? Shape.of(x.dimension(0), 1, x.dimension(1)) : x;
            Extent kernel = line ? new Extent(call.get(LENGTH), 1) : call.get(KERNEL);
            Extent stride = line ? new Extent(call.get(STEP), 1) : call.get(STRIDE);
            Extent dilation = line ? new Extent(call.get(SPREAD), 1) : call.get(DILATION);
            Pad pad = call.get(PAD);
            if (line && pad instanceof Pad.Explicit(int top, int left, int bottom, int right)) {
                pad = new Pad.Explicit(top, 0, bottom, 0);
            }
            return new Convolution(plane, pad.over(plane, kernel, stride, dilation),
                    depthwise ? x.channels() : call.get(GROUPS),
                    depthwise ? (long) x.channels() * call.get(MULTIPLIER) : call.get(CHANNELS), line);
        }

        Optional<Shape> weights(OpCall call) {
            String what = "the weights of `" + call.name() + "`";
            int inputs = plane.channels() / groups;
            return line
                    ? Shapes.of(what, call.span(), call.report(), channels, geometry.kernelHeight(), inputs)
                    : Shapes.of(what, call.span(), call.report(), channels, geometry.kernelHeight(),
                            geometry.kernelWidth(), inputs);
        }
    }

    /** A window reaches over rows, so that the codes it reads, made here or given, cannot have a scale for each. */
    static boolean oneScale(OpCall call) {
        boolean perRow = call.activations() instanceof ActivationScheme.Dynamic scheme && scheme.perRow();
        Optional<ValueId> given = call.activations() instanceof ActivationScheme.Floating
                ? call.x().value().codes().flatMap(Codes::scale)
                : Optional.empty();
        if (perRow || given.isPresent() && call.draft().type(given.get()).shape().rank() > 0) {
            call.error(DiagnosticCode.BAD_SCHEME,
                    "`" + call.name() + "` needs one scale for its whole input, not one for each row", call.span(),
                    "`per: row` is for `dense`, where a row is a token");
            return false;
        }
        return true;
    }

    private static Optional<Shape> shape(OpCall call, Form form) {
        boolean line = form == Form.LINE;
        if (!oneScale(call) || !(line
                ? call.rank("[length, channels]", 2)
                : call.rank("[height, width, channels]", 3))) {
            return Optional.empty();
        }
        Convolution convolution = Convolution.of(call, form);
        int inputs = convolution.plane.channels();
        if (inputs % convolution.groups != 0 || convolution.channels % convolution.groups != 0) {
            return call.error(DiagnosticCode.SHAPE_MISMATCH,
                    "`" + call.name() + "` cannot split " + inputs + " channels in and " + convolution.channels
                            + " out into " + convolution.groups + " groups",
                    call.at(GROUPS));
        }
        Geometry geometry = convolution.geometry;
        int height = geometry.outputHeight(convolution.plane.dimension(0));
        int width = geometry.outputWidth(convolution.plane.dimension(1));
        if (height < 1 || width < 1) {
            return call.mismatch(PoolOps.doesNotFit(call, geometry));
        }
        return line ? call.shape(height, convolution.channels) : call.shape(height, width, convolution.channels);
    }

    private static Optional<TensorValue> build(OpCall call, Form form, Shape result) {
        Convolution convolution = Convolution.of(call, form);
        Optional<Shape> weights = convolution.weights(call);
        if (weights.isEmpty()) {
            return Optional.empty();
        }
        Geometry geometry = convolution.geometry;
        Shape kernel = Shape.of(weights.get().dimension(0), geometry.kernelHeight(), geometry.kernelWidth(),
                weights.get().channels());
        return WeightedProduct.build(call, form.role, weights.get(), kernel, convolution.plane, (a, zero,
                w) -> new Operation.Conv(
                        a, zero, w, geometry, convolution.groups, call.get(PAD).padding()))
                .map(value -> ShapeOps.reshape(call, value, result));
    }
}
