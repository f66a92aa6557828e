package dev.tern.compiler.kernel.lower;

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
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.Layout;
import dev.tern.compiler.kernel.LookUpForm;
import dev.tern.compiler.kernel.PaddedImage;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.WeightForm;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.Step.ZeroSource;
import dev.tern.compiler.kernel.ValueKind;
import dev.tern.compiler.kernel.WeightLayout;
import dev.tern.compiler.kernel.Window;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.cost.ProductCosts;
import dev.tern.compiler.kernel.cost.ProductShape;
import dev.tern.compiler.kernel.schedule.ProductSchedule;
import dev.tern.compiler.kernel.schedule.ProductSchedule.PopcountLoops;
import dev.tern.compiler.kernel.schedule.ProductSchedule.PopcountPanels;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lowers products, each by the schedule that is chosen for it: how its weights are laid out depends on that. */
final class LowerProducts {
    /** Up to where f32 holds every whole number. */
    private static final int EXACT = 1 << 24;

    private final Lowering lowering;
    private final CostModel.Choice choice;
    private final Map<PlainRows, BufferId> packed = new HashMap<>();
    private final Map<Tables, BufferId> tables = new HashMap<>();
    private final Map<Widened, BufferId> widened = new HashMap<>();

    LowerProducts(Lowering lowering, CostModel.Choice choice) {
        this.lowering = lowering;
        this.choice = choice;
    }

    /** Codes in a plain buffer, as they are viewed; packed once for all that want them so. */
    private record PlainRows(BufferId buffer, int rows, int channels) {
    }

    /** Tables of codes in a plain buffer, built once for all that read them so. */
    private record Tables(BufferId codes, PaddedImage image, int channels, LookUpForm form, int margin) {
    }

    /** Values of a plain buffer as f32 in their padding, made once for all that read them so. */
    private record Widened(BufferId values, ElementType.Code code, PaddedImage image, int channels,
            Optional<ZeroSource> zero, int margin, int pitch) {
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
        ValueKind kind = lowering.kind(op.a());
        Optional<PackWeights> codes = weights instanceof Tensor.Integers integers
                ? Optional.of(new PackWeights(integers.values(), channels, taps, inputChannels / groups))
                : Optional.empty();
        ProductShape shape = ProductCosts.shape(window, inputChannels, channels, groups, kind.code(),
                codes.map(PackWeights::kind).orElse(ProductShape.Weights.FLOATING));
        ProductSchedule schedule = choice.of(node.origin().path(), shape,
                CostModel.candidates(shape, lowering.target()));
        Producer producer = switch (schedule) {
            case PopcountLoops _ -> popcount(node, op.a(), kind.code(), window, codes.orElseThrow(), zero, padding,
                    codes.orElseThrow().layout(0, 0), 0, 1);
            case PopcountPanels panels -> popcount(node, op.a(), kind.code(), window, codes.orElseThrow(), zero,
                    padding, codes.orElseThrow().layout(lowering.target().lanes() / 2, panels.vectors()),
                    panels.lines(), panels.rows());
            case ProductSchedule.LookUps lookUps -> lookUp(node, op.a(), kind.code(), window, codes.orElseThrow(), zero,
                    padding, lookUps.rows() * lookUps.columns());
            case ProductSchedule.Multiplications _ -> multiply(node, op.a(), window, groups,
                    interleaved(node, weights, codes, channels),
                    kind.floating() || codes.isEmpty(), zero, padding, channels);
            case Tiles tiles -> tiles(node, op.a(), window, groups, interleaved(node, weights, codes, channels),
                    codes, zero, padding, channels, tiles);
        };
        String what = op instanceof Operation.Dense ? "dense" : "conv";
        lowering.add(node, what, producer, List.of(Lowering.store(lowering.define(node), channels)), schedule);
    }

    private ConstantId interleaved(Node node, Tensor weights, Optional<PackWeights> codes, int channels) {
        String name = KernelNames.path(node, "weight");
        return switch (weights) {
            case Tensor.Floats floats -> lowering.constants().floats(name,
                    PackWeights.interleaved(floats.values(), channels));
            case Tensor.Integers _ -> lowering.constants().bytes(name, codes.orElseThrow().interleaved());
        };
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

    private Producer tiles(Node node, ValueId a, Window window, int groups, ConstantId weights,
            Optional<PackWeights> codes, Optional<ZeroSource> zero, Padding padding, int channels, Tiles tiles) {
        ValueKind kind = lowering.kind(a);
        int inputChannels = lowering.shape(a).channels();
        int lanes = lowering.target().lanes();
        int pitch = groups > 1 ? (inputChannels + lanes - 1) / lanes * lanes : inputChannels;
        BufferId plain = kind.bank() == Bank.I32 ? lowering.floatPlace(a) : lowering.place(a);
        PaddedImage image = PaddedImage.of(window);
        boolean asItIs = kind.code() == null && !image.padded() && pitch == inputChannels;
        BufferId input = asItIs
                ? plain
                : widened(node, new Widened(plain, kind.code(), image, inputChannels, zero, value(padding), pitch));
        boolean floating = kind.code() == null || codes.isEmpty();
        int depth = window.geometry().taps() * (inputChannels / groups);
        int exact = floating ? depth : Math.min(depth, EXACT / (greatest(kind.code(), zero) * codes.get().greatest()));
        return new Producer.TileProduct(input, kind.code(), pitch, inputChannels, window, groups, weights, channels,
                floating, exact, lanes, lowering.scratch(node, "accumulator", floating ? Bank.F32 : Bank.I32,
                        tiles.rows(), Producer.COLUMN));
    }

    /** The greatest magnitude of a code less its zero point, and of what the padding counts as. */
    private static int greatest(ElementType.Code code, Optional<ZeroSource> zero) {
        if (zero.isPresent() && zero.get() instanceof ZeroSource.Measured) {
            return code.highest() - code.lowest();
        }
        int known = fixed(zero);
        return Math.max(1, Math.max(Math.abs(code.lowest() - known), Math.abs(code.highest() - known)));
    }

    private Producer popcount(Node node, ValueId a, ElementType.Code code, Window window, PackWeights weights,
            Optional<ZeroSource> zero, Padding padding, WeightLayout layout, int lines, int rows) {
        int inputChannels = weights.depth();
        Corrections corrections = new Corrections(node, weights, zero, window, padding,
                code.bipolar() ? weights.nonzeros() : new int[weights.channels()], code.bipolar() ? 1 : 0);
        BufferId input = pack(node, a, code, window.inputHeight() * window.inputWidth(), inputChannels);
        int patches = lines == 0 ? 1 : lines * window.outputWidth();
        Optional<BufferId> patch = window.direct()
                ? Optional.empty()
                : Optional.of(lowering.scratch(node, "patch", Bank.I64, patches * code.bits(), layout.words()));
        WeightForm form = weights.form();
        long[] packedWeights = form == WeightForm.BINARY
                ? weights.binary(layout)
                : weights.ternary(code.bipolar(), layout);
        return new Producer.PopcountProduct(input, code, inputChannels, window, form,
                lowering.constants().longs(KernelNames.path(node, "weight"), packedWeights), corrections.sums,
                corrections.zero, corrections.weightSums, corrections.tapSums, corrections.factor, weights.channels(),
                layout.lanes(), layout.panelVectors(),
                accumulator(node, layout.panels() ? Producer.COLUMN * rows : weights.channels()), patch);
    }

    private Producer lookUp(Node node, ValueId a, ElementType.Code code, Window window, PackWeights weights,
            Optional<ZeroSource> zero, Padding padding, int together) {
        LookUpForm form = new LookUpForm(weights.form(), code);
        int inputChannels = weights.depth();
        int lookUps = weights.taps() * form.groups(inputChannels);
        int[] raised = weights.sums();
        for (int c = 0; c < raised.length; c++) {
            raised[c] = form.center() * raised[c] - form.bias(form.digits(), lookUps);
        }
        int margin = window.geometry().padded() ? margin(zero, padding, code, form) : form.center();
        Corrections corrections = new Corrections(node, weights, zero, window, padding, raised, -margin);
        BufferId input = tables(node,
                new Tables(lowering.place(a), PaddedImage.of(window), inputChannels, form, margin));
        int lanes = lowering.target().vectorBits() / Byte.SIZE;
        ConstantId indices = lowering.constants().bytes(KernelNames.path(node, "weight"),
                weights.indices(form, lanes));
        return new Producer.LookUpProduct(input, code, inputChannels, window, form.form(), indices, corrections.sums,
                corrections.zero, corrections.weightSums, corrections.tapSums, corrections.factor, weights.channels(),
                lanes, accumulator(node, Producer.COLUMN * together));
    }

    /** The code that the padding stands for where that is known and a code; else one whose products are nothing. */
    private static int margin(Optional<ZeroSource> zero, Padding padding, ElementType.Code code, LookUpForm form) {
        boolean measured = zero.isPresent() && zero.get() instanceof ZeroSource.Measured;
        int stands = value(padding) + fixed(zero);
        return measured || stands < code.lowest() || stands > code.highest() ? form.center() : stands;
    }

    /** The zero point that is known at compile time, or 0. */
    private static int fixed(Optional<ZeroSource> zero) {
        return zero.map(source -> source instanceof ZeroSource.Fixed known ? known.value() : 0).orElse(0);
    }

    private BufferId accumulator(Node node, int channels) {
        return lowering.scratch(node, "accumulator", Bank.I32, 1, channels);
    }

    /** The constants that make sums of products of what the accumulators of a packed product count. */
    private final class Corrections {
        private final ConstantId sums;
        private final Optional<BufferId> zero;
        private final Optional<ConstantId> weightSums;
        private final Optional<ConstantId> tapSums;
        private final int factor;

        /**
         * @param start what each channel's accumulator lacks where there is no zero point; taken over
         * @param factor times a tap's sum of weights what a tap in the padding lacks that should count as 0
         */
        Corrections(Node node, PackWeights weights, Optional<ZeroSource> source, Window window, Padding padding,
                int[] start, int factor) {
            int fixedZero = fixed(source);
            int[] all = weights.sums();
            for (int c = 0; c < start.length; c++) {
                start[c] -= fixedZero * all[c];
            }
            sums = lowering.constants().perChannel(KernelNames.path(node, "sums"), start);
            zero = source.flatMap(s -> s instanceof ZeroSource.Measured measured
                    ? Optional.of(measured.buffer())
                    : Optional.empty());
            weightSums = zero.map(id -> lowering.constants().ints(KernelNames.path(node, "weight.sums"), all));
            boolean padded = window.geometry().padded();
            this.factor = padded ? value(padding) + factor + fixedZero : 0;
            tapSums = padded && (this.factor != 0 || zero.isPresent())
                    ? Optional.of(lowering.constants().ints(KernelNames.path(node, "tap.sums"), weights.tapSums()))
                    : Optional.empty();
        }
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

    private BufferId widened(Node node, Widened key) {
        return widened.computeIfAbsent(key, absent -> {
            BufferId output = lowering.buffer(KernelNames.path(node, "widened"), Bank.F32,
                    new Layout.Plain(key.image.rows(), key.pitch), Buffer.Role.VALUE);
            lowering.add(new Kernel.WidenImage(lowering.kernelName(node, "widen"), node.origin(), key.values,
                    key.code == null ? Bank.F32 : Bank.I8, key.code, key.image, key.channels, key.zero, key.margin,
                    key.pitch, output));
            return output;
        });
    }

    private BufferId tables(Node node, Tables key) {
        return tables.computeIfAbsent(key, absent -> {
            BufferId output = lowering.buffer(KernelNames.path(node, "tables"), Bank.I8,
                    new Layout.Plain(key.image.rows(), key.form.rowBytes(key.channels)),
                    Buffer.Role.VALUE);
            lowering.add(new Kernel.BuildTables(lowering.kernelName(node, "tables"), node.origin(), key.codes,
                    key.image, key.channels, key.form, key.margin, output));
            return output;
        });
    }
}
