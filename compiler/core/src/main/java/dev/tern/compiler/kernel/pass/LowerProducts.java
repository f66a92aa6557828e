package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Operation.Padding;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.Layout;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.Step.ZeroSource;
import dev.tern.compiler.kernel.ValueKind;
import dev.tern.compiler.kernel.Window;
import dev.tern.compiler.kernel.schedule.CostModel;
import dev.tern.compiler.kernel.schedule.CostModel.Family;
import dev.tern.compiler.kernel.schedule.ProductShape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lowers products: by popcount on bit planes where that is possible and predicted to be cheaper, else by multiplying. */
final class LowerProducts {
    private final Lowering lowering;
    private final CostModel.Choice choice;
    private final Map<PlainRows, BufferId> packed = new HashMap<>();

    LowerProducts(Lowering lowering, CostModel.Choice choice) {
        this.lowering = lowering;
        this.choice = choice;
    }

    /** Codes in a plain buffer, as they are viewed; packed once for all that want them so. */
    private record PlainRows(BufferId buffer, int rows, int channels) {
    }

    void lower(Node node, Operation.Dense op) {
        Shape shape = lowering.shape(op.a());
        lower(node, op, Window.rows(shape.rows()), 1, Padding.ZERO);
    }

    void lower(Node node, Operation.Conv op) {
        Window window = LowerReductions.window(lowering.shape(op.a()), op.geometry());
        lower(node, op, window, op.groups(), op.padding());
    }

    private void lower(Node node, Operation.Product op, Window window, int groups, Padding padding) {
        int inputChannels = lowering.shape(op.a()).channels();
        int channels = lowering.shape(op.weights()).dimension(0);
        Tensor weights = lowering.constant(op.weights())
                .orElseThrow(() -> new IllegalStateException("weights of " + node + " are not constant"));
        int taps = window.geometry().taps();
        Optional<ZeroSource> zero = op.zero().map(id -> LowerQuantizers.zero(lowering, id));
        Producer producer = switch (weights) {
            case Tensor.Floats floats -> multiply(node, op.a(), window, groups, lowering.constants().floats(
                    KernelNames.path(node, "weight"), PackWeights.interleaved(floats.values(), channels)), true, zero,
                    padding, channels);
            case Tensor.Integers integers -> {
                PackWeights codes = new PackWeights(integers.values(), channels, taps, inputChannels / groups);
                ValueKind kind = lowering.kind(op.a());
                ProductShape shape = ProductCosts.shape(window, inputChannels, channels, groups, kind.code(),
                        codes.kind());
                yield choice.of(CostModel.candidates(shape)) == Family.POPCOUNT
                        ? popcount(node, op.a(), kind.code(), window, codes, zero, padding)
                        : multiply(node, op.a(), window, groups,
                                lowering.constants().bytes(KernelNames.path(node, "weight"), codes.interleaved()), kind
                                        .floating(),
                                zero, padding, channels);
            }
        };
        String what = op instanceof Operation.Dense ? "dense" : "conv";
        lowering.add(node, what, producer, List.of(Lowering.store(lowering.define(node), channels)));
    }

    private Producer multiply(Node node, ValueId a, Window window, int groups, ConstantId weights, boolean floating,
            Optional<ZeroSource> zero, Padding padding, int channels) {
        ValueKind kind = lowering.kind(a);
        boolean integers = kind.bank() == Bank.I32;
        BufferId input = integers ? lowering.floatPlace(a) : lowering.place(a);
        BufferId accumulator = lowering.scratch(node, "accumulator", floating || integers ? Bank.F32 : Bank.I32, 1,
                channels);
        return new Producer.MultiplyProduct(input, integers ? Bank.F32 : kind.bank(), kind.code(),
                lowering.shape(a).channels(), window, groups, weights, zero, padding, channels, floating || integers,
                accumulator);
    }

    private Producer popcount(Node node, ValueId a, ElementType.Code code, Window window, PackWeights weights,
            Optional<ZeroSource> zero, Padding padding) {
        int channels = weights.channels();
        boolean binary = weights.kind() == ProductShape.Weights.BINARY;
        int fixedZero = zero.map(source -> source instanceof ZeroSource.Fixed fixed ? fixed.value() : 0).orElse(0);
        Optional<BufferId> measuredZero = zero.flatMap(
                source -> source instanceof ZeroSource.Measured measured
                        ? Optional.of(measured.buffer())
                        : Optional.empty());
        int[] sums = code.bipolar() ? weights.nonzeros() : new int[channels];
        int[] weightSums = weights.sums();
        for (int c = 0; c < channels; c++) {
            sums[c] -= fixedZero * weightSums[c];
        }
        boolean padded = window.geometry().padded();
        int factor = padded ? value(padding) + (code.bipolar() ? 1 : 0) + fixedZero : 0;
        boolean corrected = padded && (factor != 0 || measuredZero.isPresent());
        int inputChannels = weights.depth();
        BufferId input = pack(node, a, code, window.inputHeight() * window.inputWidth(), inputChannels);
        BufferId accumulator = lowering.scratch(node, "accumulator", Bank.I32, 1, channels);
        int words = weights.taps() * inputChannels + 63 >>> 6;
        Optional<BufferId> patch = window.direct()
                ? Optional.empty()
                : Optional.of(lowering.scratch(node, "patch", Bank.I64, code.bits(), words));
        ConstantId packedWeights = lowering.constants().longs(KernelNames.path(node, "weight"),
                binary ? weights.binary() : weights.ternary(code.bipolar()));
        return new Producer.PopcountProduct(input, code, inputChannels, window,
                binary ? Producer.WeightForm.BINARY : Producer.WeightForm.TERNARY, packedWeights,
                lowering.constants().perChannel(KernelNames.path(node, "sums"), sums), measuredZero,
                measuredZero.map(id -> lowering.constants().ints(KernelNames.path(node, "weight.sums"), weightSums)),
                corrected
                        ? Optional.of(lowering.constants().ints(KernelNames.path(node, "tap.sums"), weights.tapSums()))
                        : Optional.empty(),
                factor, channels, accumulator, patch);
    }

    private static int value(Padding padding) {
        return switch (padding) {
            case ZERO -> 0;
            case PLUS_ONE -> 1;
            case MINUS_ONE -> -1;
        };
    }

    private BufferId pack(Node node, ValueId a, ElementType.Code code, int rows, int channels) {
        PlainRows key = new PlainRows(lowering.place(a), rows, channels);
        BufferId known = packed.get(key);
        if (known != null) {
            return known;
        }
        BufferId planes = lowering.buffer(KernelNames.path(node, "packed"), Bank.I64,
                new Layout.Planes(rows, channels, code), Buffer.Role.VALUE);
        lowering.add(node, "pack", lowering.load(a, rows, channels), List.of(new Step.StorePlanes(planes, false)));
        packed.put(key, planes);
        return planes;
    }
}
