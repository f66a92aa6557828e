package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Immediate;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.ValueKind;
import java.util.List;

/** Where steps are written: in a loop over the channels of a row, in a routine of an epilogue. */
final class StepScope {
    private final RoutineScope scope;
    private final KernelProgram program;
    private final Producer producer;
    private final List<PlaneStore> planes;
    private final QuantizerSteps quantizers;
    private final boolean storesReals;
    private final Lanes lanes;
    private final boolean noNaN;
    private final int repeats;

    StepScope(RoutineScope scope, KernelProgram program, PixelKernel kernel, List<PlaneStore> planes,
            Lanes lanes) {
        this(scope, program, kernel, planes, lanes, false, 1);
    }

    /**
     * @param noNaN whether the values are known to be none
     * @param repeats how many rows the loop goes through, whose channels follow each other
     */
    StepScope(RoutineScope scope, KernelProgram program, PixelKernel kernel, List<PlaneStore> planes,
            Lanes lanes, boolean noNaN, int repeats) {
        this.lanes = lanes;
        this.noNaN = noNaN;
        this.repeats = repeats;
        this.scope = scope;
        this.program = program;
        this.producer = kernel.producer();
        this.planes = planes;
        this.quantizers = new QuantizerSteps(scope, program, kernel, lanes);
        this.storesReals = kernel.epilogue().stream().anyMatch(step -> step instanceof Step.Store store
                && program.buffer(store.output()).bank() == Bank.F32);
    }

    RoutineScope routine() {
        return scope;
    }

    /** How many channels are taken at a time. */
    Lanes lanes() {
        return lanes;
    }

    /** Whether the values are known to be no NaN. */
    boolean noNaN() {
        return noNaN;
    }

    int channels() {
        return producer.channels();
    }

    QuantizerSteps quantizers() {
        return quantizers;
    }

    /** The words that a store of planes fills. */
    PlaneStore planes(Step.StorePlanes store) {
        return planes.stream().filter(candidate -> candidate.of(store)).findFirst().orElseThrow();
    }

    /** Where a row of channels begins in a buffer that has more; those of a strip begin anew with each. */
    Value rowOf(Step.StorePlain store, Value n) {
        if (producer.rows() == 1) {
            return n;
        }
        Buffer output = program.buffer(store.output());
        Value row = output.role() == Buffer.Role.SCRATCH && store.rowStride() > 0
                ? Value.binary(Operator.REMAINDER, scope.get("row"), Value.of(output.layout().rows()))
                : scope.get("row");
        return scope.ofRow("output", row.times(store.rowStride())).plus(n);
    }

    /** The other operand of a step that takes two. */
    Value other(Step.WithBuffer step, Value n) {
        return switch (step.spread()) {
            case NONE -> lanes.read(scope.element(step.other(), inRow(n)));
            case OVER_ROWS -> lanes.read(scope.element(step.other(), n));
            case OVER_CHANNELS -> scope.ofRow("ofRow", scope.element(step.other(),
                    producer.rows() == 1 ? Value.of(0) : scope.get("row")));
        };
    }

    /** The other operand of a step that multiplies codes. */
    Value dequantized(Step.WithCodes step, Value n) {
        Value code = scope.loaded(step.codes(), inRow(n), ValueKind.of(step.code()), lanes);
        Value number = step.zero() == 0 ? code : code.minus(Value.of(step.zero()));
        return Value.of(step.scale()).times(number.to(ValueType.FLOAT));
    }

    /** The other operand of a step that adds codes. */
    Value code(Step.AddShifted step, Value n) {
        return scope.loaded(step.other(), inRow(n), ValueKind.of(step.of()), lanes);
    }

    /** The other operand of a step that adds ints. */
    Value integer(Step.AddInts step, Value n) {
        return lanes.read(scope.element(step.other(), inRow(n)));
    }

    /** The entry of a table at another buffer's code. */
    Value lookedUp(Step.WithLookUp step, Value n) {
        return scope.constant(step.table()).at(scope.loaded(step.other(), inRow(n), ValueKind.of(step.of()), lanes)
                .minus(step
                        .first()));
    }

    /** What a product's sum is multiplied by. */
    Value rescaleFactor(Step.Rescale rescale, Value n) {
        Value row = rescale.perRow() ? scope.get("row") : Value.of(0);
        Value scale = scope.element(rescale.scale(), row);
        if (rescale.weightScale().isEmpty()) {
            return scope.beforeChannels("scale", scale, rescale.perRow());
        }
        ConstantId weights = rescale.weightScale().get();
        return program.constant(weights).length() == 1
                ? scope.beforeChannels("scale", scale.times(scope.constant(weights).at(0)), rescale.perRow())
                : scope.beforeChannels("scale", scale, rescale.perRow()).times(constant(weights, n));
    }

    /**
     * A channel's f32 constant. A loop that stores f32 reads it from an array of doubles: C2 vectorizes no loop that
     * reads one array of a type and writes another.
     */
    Value constant(ConstantId id, Value n) {
        boolean many = program.constant(id).length() > 1;
        if (many && repeats > 1) {
            return scope.repeated(id, producer.channels(), repeats).at(n);
        }
        return storesReals && many && !lanes.many() && program.target().vectorized()
                ? scope.wide(id).at(n).to(ValueType.FLOAT)
                : scope.perChannel(id, n, lanes);
    }

    private Value inRow(Value n) {
        return producer.rows() == 1
                ? n
                : scope.ofRow("other", scope.get("row").times(producer.channels())).plus(n);
    }

    /** The value as something that may be written down twice. */
    Value once(Block block, Value value) {
        return value instanceof Local || value instanceof Immediate ? value : block.declare(scope.fresh("v"), value);
    }
}
