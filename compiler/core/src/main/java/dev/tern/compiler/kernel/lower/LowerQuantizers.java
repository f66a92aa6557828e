package dev.tern.compiler.kernel.lower;

import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelNames;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.Step.ScaleSource;
import dev.tern.compiler.kernel.Step.ZeroSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Lowers measured ranges, scales, and the quantizers that use them. */
final class LowerQuantizers {
    private final Lowering lowering;

    LowerQuantizers(Lowering lowering) {
        this.lowering = lowering;
    }

    void lower(Node node, Operation.MeasureRange op) {
        Shape shape = lowering.shape(op.x());
        BufferId input = lowering.floatPlace(op.x());
        lowering.add(new Kernel.MeasureRange(lowering.kernelName(node, "range"), node.origin(), input, shape.rows(),
                shape.channels(), op.perRow(), lowering.define(node)));
    }

    void lower(Node node, Operation.RangeScale op) {
        BufferId ranges = lowering.place(op.x());
        derive(node, ranges, op.grid(), Optional.of(lowering.define(node)), Optional.empty());
    }

    void lower(Node node, Operation.RangeZero op) {
        BufferId ranges = lowering.place(op.x());
        derive(node, ranges, op.grid(), Optional.empty(), Optional.of(lowering.define(node)));
    }

    private void derive(Node node, BufferId ranges, Grid grid, Optional<BufferId> scale, Optional<BufferId> zero) {
        lowering.add(new Kernel.DeriveScale(lowering.kernelName(node, scale.isPresent() ? "scale" : "zero"),
                node.origin(), ranges, node.type().shape().elements(), grid, scale, zero));
    }

    void lower(Node node, Operation.StepTable op) {
        float[] table = lowering.constantFloats(op.table())
                .orElseThrow(() -> new IllegalStateException("table of " + node + " is not constant"));
        BufferId step = lowering.place(op.step());
        ConstantId constant = lowering.constants().floats(KernelNames.path(node.origin(), "table"), table);
        lowering.add(new Kernel.TableLookUp(lowering.kernelName(node, "table"), node.origin(), step,
                lowering.shape(op.step()).elements(), constant, lowering.shape(op.table()).withoutFirst().elements(),
                lowering.define(node)));
    }

    void lower(Node node, Operation.Quantize op) {
        ScaleSource scale = scale(op.scale());
        ZeroSource zero = op.zero().map(id -> zero(lowering, id)).orElse(new ZeroSource.Fixed(0));
        lowering.addElementwise(node, op.x(), new Step.Quantize(scale, zero, op.grid()));
    }

    private ScaleSource scale(ValueId id) {
        Optional<float[]> constant = lowering.constantFloats(id);
        if (constant.isPresent() && constant.get().length == 1) {
            return new ScaleSource.Fixed(constant.get()[0]);
        }
        return new ScaleSource.Measured(lowering.place(id), lowering.shape(id).elements() > 1);
    }

    /** Where a zero point is found. */
    static ZeroSource zero(Lowering lowering, ValueId id) {
        Optional<int[]> constant = lowering.constantInts(id);
        if (constant.isPresent() && constant.get().length == 1) {
            return new ZeroSource.Fixed(constant.get()[0]);
        }
        return new ZeroSource.Measured(lowering.place(id), lowering.shape(id).elements() > 1);
    }

    void lower(Node node, Operation.Dequantize op) {
        List<Step> epilogue = new ArrayList<>();
        op.zero().ifPresent(id -> epilogue.add(new Step.SubtractZero(zero(lowering, id))));
        epilogue.add(new Step.ToFloat());
        epilogue.add(switch (scale(op.scale())) {
            case ScaleSource.Fixed fixed ->
                new Step.Multiply(lowering.constants().floats(KernelNames.path(node.origin(), "scale"), fixed.value()));
            case ScaleSource.Measured measured ->
                new Step.Rescale(measured.buffer(), measured.perRow(), Optional.empty());
        });
        Producer producer = lowering.load(op.codes());
        epilogue.add(Lowering.store(lowering.define(node), producer.channels()));
        lowering.add(node, "dequantize", producer, epilogue);
    }

    void lower(Node node, Operation.Sign op) {
        lowering.addElementwise(node, op.x(), new Step.Sign());
    }

    void lower(Node node, Operation.Ternarize op) {
        lowering.addElementwise(node, op.x(), new Step.Ternarize(op.threshold()));
    }

    void lower(Node node, Operation.Threshold op) {
        Tensor thresholds = lowering.constant(op.thresholds())
                .orElseThrow(() -> new IllegalStateException("thresholds of " + node + " are not constant"));
        List<Step> epilogue = new ArrayList<>();
        String name = KernelNames.path(node.origin(), "thresholds");
        ConstantId constant = switch (thresholds) {
            case Tensor.Integers integers ->
                lowering.constants().ints(name, oneRow(thresholds.shape(), integers.values()));
            case Tensor.Floats floats -> {
                epilogue.addAll(lowering.toFloat(op.x()));
                yield lowering.constants().floats(name, floats.values());
            }
        };
        int[] directions = lowering.constantInts(op.directions())
                .orElseThrow(() -> new IllegalStateException("directions of " + node + " are not constant"));
        Optional<ConstantId> flips = Arrays.stream(directions).allMatch(d -> d == 1)
                ? Optional.empty()
                : Optional.of(lowering.constants().perChannel(
                        KernelNames.path(node.origin(), "directions"), directions));
        Producer producer = lowering.load(op.x());
        epilogue.add(new Step.Threshold(constant, thresholds.shape().channels(), flips, op.base(), op.step(), op.code(),
                false));
        epilogue.add(Lowering.store(lowering.define(node), producer.channels()));
        lowering.add(node, "threshold", producer, epilogue);
    }

    /** The first row of integers if all rows are the same, else all of them. */
    private static int[] oneRow(Shape shape, int[] values) {
        for (int i = shape.channels(); i < values.length; i++) {
            if (values[i] != values[i - shape.channels()]) {
                return values;
            }
        }
        return Arrays.copyOf(values, shape.channels());
    }
}
