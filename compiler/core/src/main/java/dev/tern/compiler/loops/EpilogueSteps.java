package dev.tern.compiler.loops;

import dev.tern.compiler.bytecode.Block;
import dev.tern.compiler.bytecode.Immediate;
import dev.tern.compiler.bytecode.JavaMath;
import dev.tern.compiler.bytecode.JvmType;
import dev.tern.compiler.bytecode.Local;
import dev.tern.compiler.bytecode.Value;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.Step.FoldKind;
import java.util.List;

/** What each step of an epilogue makes of the value of a channel. */
final class EpilogueSteps {
    /**
     * What runs through an epilogue.
     *
     * @param bit of a bipolar code the bit that stands for it, a long, or a mask of several; null where the value has
     *        none at hand
     */
    record Flow(Value value, Value bit) {
        Flow(Value value) {
            this(value, null);
        }
    }

    private final MethodScope scope;
    private final KernelProgram program;
    private final Producer producer;
    private final List<PlaneStore> planes;
    private final QuantizerSteps quantizers;
    private final boolean storesReals;
    private final Lanes lanes;

    EpilogueSteps(MethodScope scope, KernelProgram program, PixelKernel kernel, List<PlaneStore> planes,
            Lanes lanes) {
        this.lanes = lanes;
        this.scope = scope;
        this.program = program;
        this.producer = kernel.producer();
        this.planes = planes;
        this.quantizers = new QuantizerSteps(scope, program, lanes);
        this.storesReals = kernel.epilogue().stream().anyMatch(step -> step instanceof Step.Store store
                && program.buffer(store.output()).bank() == Bank.F32);
    }

    /** Whether a step has a form for several channels at a time. */
    static boolean hasVectorForm(Step step) {
        return switch (step) {
            case Step.Activation(var function) -> function.hasVectorForm();
            // @formatter:off
            case Step.ToFloat _, Step.SubtractZero _, Step.Multiply _, Step.Rescale _, Step.Affine _,
                 Step.WithConstant _, Step.WithBuffer _, Step.Clip _, Step.PRelu _, Step.Threshold _, Step.Quantize _,
                 Step.Sign _, Step.Ternarize _, Step.StorePlain _, Step.StorePlanes _ ->
            // @formatter:on
                true;
            case Step.Fold(var kind, var _) -> kind == FoldKind.RANGE;
            case Step.Mean _,Step.Requantize _,Step.LookUp _,Step.WithCodes _ -> false;
        };
    }

    /** What a step makes of what comes to it, at channel n of the row. */
    Flow apply(Block block, Step step, Flow flow, Value n) {
        Value value = flow.value();
        return switch (step) {
            case Step.ToFloat() -> new Flow(value.to(JvmType.FLOAT));
            case Step.SubtractZero(var source) -> new Flow(value.minus(Scales.zeroBeforeLoops(scope, source)));
            case Step.Multiply(var factors) -> new Flow(constant(factors, n).times(value));
            case Step.Rescale rescale -> new Flow(rescaleFactor(rescale, n).times(value));
            case Step.Affine(var scale, var shift) ->
                new Flow(constant(scale, n).times(value).plus(constant(shift, n)));
            case Step.Mean(var count) -> new Flow(JavaMath.DOUBLE_OF_BITS.of(value).dividedBy(Value.of((double) count))
                    .to(JvmType.FLOAT));
            case Step.WithConstant(var function, var constants, var first) ->
                new Flow(elementwise(function, value, constant(constants, n), first));
            case Step.WithBuffer pair ->
                new Flow(elementwise(pair.function(), value, other(pair, n), pair.otherFirst()));
            case Step.Activation(var function) -> new Flow(ValueArithmetic.of(function, once(block, value)));
            case Step.Clip(var low, var high) -> new Flow(clip(once(block, value), low, high));
            case Step.PRelu(var slope) -> {
                Value x = once(block, value);
                yield new Flow(x.atLeast(Value.of(0f)).choose(x, constant(slope, n).times(x)));
            }
            case Step.Requantize requantize ->
                new Flow(new RequantizeStep(scope, program, requantize).code(block, value, n));
            case Step.LookUp(var table, var first, var _) -> new Flow(scope.constant(table).at(value.minus(first)));
            case Step.WithCodes with -> {
                Value other = scope.constant(with.table()).at(
                        scope.loaded(with.other(), inRow(n), with.of(), lanes).minus(with.first()));
                yield new Flow(with.product() ? value.times(other) : value.plus(other));
            }
            case Step.Threshold threshold -> quantizers.threshold(block, threshold, value, n);
            case Step.Quantize quantize -> new Flow(quantizers.quantize(block, quantize, value));
            case Step.Sign() -> quantizers.sign(block, value);
            case Step.Ternarize(var threshold) -> new Flow(quantizers.ternarize(once(block, value), threshold));
            case Step.StorePlain store -> {
                Flow kept = new Flow(once(block, value), flow.bit());
                store(block, store, kept.value(), n);
                yield kept;
            }
            case Step.Fold fold -> {
                Flow kept = new Flow(once(block, value), flow.bit());
                fold(block, fold, kept.value(), n);
                yield kept;
            }
            case Step.StorePlanes store -> {
                Flow kept = flow.bit() != null ? flow : new Flow(once(block, value));
                planes.stream().filter(candidate -> candidate.of(store)).findFirst().orElseThrow().put(block, kept);
                yield kept;
            }
        };
    }

    /** Takes a channel's value into what is kept of the channel. */
    private void fold(Block block, Step.Fold fold, Value value, Value n) {
        Value.ArrayElement kept = scope.element(fold.output(), n);
        switch (fold.kind()) {
            case SUM -> block.store(kept, JavaMath.DOUBLE_BITS.of(
                    JavaMath.DOUBLE_OF_BITS.of(kept).plus(value.to(JvmType.DOUBLE))));
            case RANGE -> {
                lanes.write(block, kept, JavaMath.MIN_FLOAT.of(lanes.read(kept), value));
                Value.ArrayElement highest = scope.element(fold.output(), n.plus(producer.channels()));
                lanes.write(block, highest, JavaMath.MAX_FLOAT.of(lanes.read(highest), value));
            }
        }
    }

    private Value other(Step.WithBuffer step, Value n) {
        return switch (step.spread()) {
            case NONE -> lanes.read(scope.element(step.other(), inRow(n)));
            case OVER_ROWS -> lanes.read(scope.element(step.other(), n));
            case OVER_CHANNELS -> scope.beforeLoops("ofRow", scope.element(step.other(),
                    producer.rows() == 1 ? Value.of(0) : scope.get("row")));
        };
    }

    private Value rescaleFactor(Step.Rescale rescale, Value n) {
        Value row = rescale.perRow() ? scope.get("row") : Value.of(0);
        Value scale = scope.element(rescale.scale(), row);
        if (rescale.weightScale().isEmpty()) {
            return scope.beforeLoops("scale", scale);
        }
        ConstantId weights = rescale.weightScale().get();
        return program.constant(weights).length() == 1
                ? scope.beforeLoops("scale", scale.times(scope.constant(weights).at(0)))
                : scope.beforeLoops("scale", scale).times(constant(weights, n));
    }

    /**
     * A channel's f32 constant. A loop that stores f32 reads it from an array of doubles: C2 vectorizes no loop that
     * reads one array of a type and writes another.
     */
    private Value constant(ConstantId id, Value n) {
        boolean many = program.constant(id).length() > 1;
        return storesReals && many && !lanes.many()
                ? scope.wide(id).at(n).to(JvmType.FLOAT)
                : scope.perChannel(id, n, lanes);
    }

    private static Value elementwise(BinaryFunction function, Value value, Value other, boolean otherFirst) {
        return otherFirst ? ValueArithmetic.of(function, other, value) : ValueArithmetic.of(function, value, other);
    }

    private static Value clip(Value value, float low, float high) {
        return value.lessThan(Value.of(low)).choose(Value.of(low),
                value.greaterThan(Value.of(high)).choose(Value.of(high), value));
    }

    private void store(Block block, Step.StorePlain store, Value value, Value n) {
        Value row = producer.rows() == 1
                ? n
                : scope.beforeLoops("output", scope.get("row").times(store.rowStride())).plus(n);
        lanes.write(block, scope.element(store.output(), row.plus(store.channelOffset())), value);
    }

    private Value inRow(Value n) {
        return producer.rows() == 1
                ? n
                : scope.beforeLoops("other", scope.get("row").times(producer.channels())).plus(n);
    }

    /** The value as something that may be written down twice. */
    private Value once(Block block, Value value) {
        return value instanceof Local || value instanceof Immediate ? value : block.declare(scope.fresh("v"), value);
    }
}
