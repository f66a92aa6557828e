package dev.tern.compiler.testing.text;

import dev.tern.compiler.graph.Shape;
import java.util.Optional;

/** Ops with weights, as steps of a pipeline. */
final class Products {
    private final Draft draft;
    /** Inputs of which each may have a scale of its own. */
    private static final int FEW = 8;

    private final Choices choices;
    private final Schemes schemes;

    Products(Draft draft) {
        this.draft = draft;
        this.choices = draft.choices;
        this.schemes = draft.schemes;
    }

    /** The value through any op with weights; empty where the one that was drawn does not fit or takes too long. */
    Optional<Value> any(Value x) {
        return choices.together(() -> switch (x.shape().rank()) {
            case 3 -> switch (choices.below(12)) {
                case 0, 1, 2, 3, 4, 5 -> conv(x);
                case 6, 7, 8 -> depthwise(x);
                case 9 -> transposed(x);
                default -> dense(x, draft.size());
            };
            case 2 -> choices.below(2) == 0 ? dense(x, draft.size()) : conv1d(x);
            default -> dense(x, draft.size());
        });
    }

    Optional<Value> dense(Value x, int wanted) {
        int features = draft.affordable(wanted, x.shape().elements());
        if (features < 1 || !Draft.small((long) x.shape().rows() * features)) {
            return Optional.empty();
        }
        draft.afford((long) features * x.shape().elements());
        return Optional.of(x.then("dense(" + features + arguments(x, false, x.shape().rank() > 0) + ")",
                last(x.shape(), features)));
    }

    /** A convolution to as many channels, by a window that keeps rows and columns. */
    Optional<Value> sameConv(Value x, int channels) {
        int size = choices.of(3, 1, 5);
        if (!draft.afford((long) x.shape().rows() * size * size * x.shape().channels() * channels)) {
            return Optional.empty();
        }
        return Optional.of(x.then("conv(" + channels + ", " + size + "x" + size + arguments(x, false, false) + ")",
                last(x.shape(), channels)));
    }

    private Optional<Value> conv(Value x) {
        Window window = Window.ofConvolution(choices, 2);
        Optional<Integer> height = window.output(0, x.shape().dimension(0));
        Optional<Integer> width = window.output(1, x.shape().dimension(1));
        int inputs = x.shape().channels();
        int groups = groups(inputs);
        int wanted = groups == 1 ? draft.size() : groups * (1 + choices.below(3));
        if (!fits(x, window) || height.isEmpty() || width.isEmpty()) {
            return Optional.empty();
        }
        long places = (long) height.get() * width.get();
        long each = places * window.taps() * inputs / groups;
        int channels = groups == 1 ? draft.affordable(wanted, each) : wanted;
        if (channels < 1 || !Draft.small(places * channels) || !draft.afford(each * channels)) {
            return Optional.empty();
        }
        return Optional.of(x.then("conv(" + channels + ", " + window.kernelText() + window.arguments(new int[]{1, 1})
                + (groups == 1 ? "" : ", groups: " + groups) + arguments(x, window.valued(), false) + ")",
                Shape.of(height.get(), width.get(), channels)));
    }

    private Optional<Value> depthwise(Value x) {
        Window window = Window.ofConvolution(choices, 2);
        Optional<Integer> height = window.output(0, x.shape().dimension(0));
        Optional<Integer> width = window.output(1, x.shape().dimension(1));
        int multiplier = choices.rarely(3) ? 2 + choices.below(2) : 1;
        int channels = x.shape().channels() * multiplier;
        if (!fits(x, window) || height.isEmpty() || width.isEmpty()) {
            return Optional.empty();
        }
        long elements = (long) height.get() * width.get() * channels;
        if (!Draft.small(elements) || !draft.afford(elements * window.taps())) {
            return Optional.empty();
        }
        return Optional.of(x.then("depthwise(" + window.kernelText() + window.arguments(new int[]{1, 1})
                + (multiplier == 1 ? "" : ", multiplier: " + multiplier)
                + (window.valued() || x.kind() == Value.Kind.I8 || !choices.rarely(6)
                        ? arguments(x, window.valued(), false)
                        : ", activations: " + schemes.byChannel(x.kind()) + ", weights: " + schemes.weights())
                + ")",
                Shape.of(height.get(), width.get(), channels)));
    }

    /** By a window whose places lie apart in what comes out. */
    private Optional<Value> transposed(Value x) {
        int[] kernel = {1 + choices.below(3), 1 + choices.below(3)};
        int stride = 1 + choices.below(3);
        int dilation = choices.of(1, 1, 2, 3, 4);
        int groups = groups(x.shape().channels());
        int channels = groups == 1 ? 1 + choices.below(9) : groups * (1 + choices.below(2));
        boolean same = choices.below(2) == 0;
        int[] sizes = new int[2];
        for (int axis = 0; axis < 2; axis++) {
            int places = x.shape().dimension(axis);
            sizes[axis] = same ? places * stride : (places - 1) * stride + (kernel[axis] - 1) * dilation + 1;
        }
        long elements = (long) sizes[0] * sizes[1] * channels;
        if (!Draft.small(elements) || !draft.afford(elements * kernel[0] * kernel[1] * x.shape().channels())) {
            return Optional.empty();
        }
        return Optional.of(x.then("convtranspose(" + channels + ", " + kernel[0] + "x" + kernel[1]
                + (stride == 1 ? "" : ", stride: " + stride) + (same ? "" : ", pad: valid")
                + (dilation == 1 ? "" : ", dilation: " + dilation) + (groups == 1 ? "" : ", groups: " + groups)
                + arguments(x, false, false) + ")", Shape.of(sizes[0], sizes[1], channels)));
    }

    private Optional<Value> conv1d(Value x) {
        Window window = Window.ofConvolution(choices, 1);
        Optional<Integer> length = window.output(0, x.shape().dimension(0));
        int inputs = x.shape().channels();
        int groups = groups(inputs);
        int wanted = groups == 1 ? draft.size() : groups * (1 + choices.below(3));
        if (!fits(x, window) || length.isEmpty()) {
            return Optional.empty();
        }
        long each = (long) length.get() * window.taps() * inputs / groups;
        int channels = groups == 1 ? draft.affordable(wanted, each) : wanted;
        if (channels < 1 || !Draft.small((long) length.get() * channels) || !draft.afford(each * channels)) {
            return Optional.empty();
        }
        return Optional.of(x.then("conv1d(" + channels + ", " + window.kernelText() + window.arguments(new int[]{1})
                + (groups == 1 ? "" : ", groups: " + groups) + arguments(x, window.valued(), false) + ")",
                Shape.of(length.get(), channels)));
    }

    /** Paddings of +1 and -1 stand beside codes without a scale, which stored codes are not. */
    private static boolean fits(Value x, Window window) {
        return !(window.valued() && x.kind() == Value.Kind.I8);
    }

    /** 1, all channels, or a number that divides them. */
    private int groups(int channels) {
        int groups = choices.rarely(3) ? choices.of(2, 3, 4, channels) : 1;
        return channels % groups == 0 ? groups : 1;
    }

    /** Schemes and bias of an op, each with a comma before it. */
    private String arguments(Value x, boolean valued, boolean rows) {
        String activations = valued || !rows && x.kind() == Value.Kind.ROWS
                ? schemes.plain()
                : rows && x.kind() != Value.Kind.I8 && choices.rarely(8)
                        ? schemes.byRow(x.kind())
                        : x.kind() == Value.Kind.I8 || choices.below(3) > 0 ? schemes.activations(x.kind()) : "";
        boolean few = x.shape().rank() > 0 && x.shape().channels() <= FEW;
        String weights = few && choices.rarely(6)
                ? choices.of("int(4, scale: group(1))", "ternary(ttq, scale: group(1))", "binary(scale: group(1))")
                : choices.below(3) > 0 ? schemes.weights() : "";
        return (activations.isEmpty() ? "" : ", activations: " + activations)
                + (weights.isEmpty() ? "" : ", weights: " + weights) + (choices.rarely(4) ? ", bias: true" : "");
    }

    private static Shape last(Shape shape, int channels) {
        int[] dimensions = shape.toArray();
        dimensions[dimensions.length - 1] = channels;
        return Shape.of(dimensions);
    }
}
