package dev.tern.compiler.kernel.lower;

import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.ValueKind;
import dev.tern.compiler.kernel.Window;
import java.util.List;

/** Lowers pools, and what looks at a whole row: softmax and argmax. */
final class LowerReductions {
    private final Lowering lowering;

    LowerReductions(Lowering lowering) {
        this.lowering = lowering;
    }

    void lower(Node node, Operation.MaxPool op) {
        pool(node, Producer.PoolKind.MAX, lowering.place(op.x()), lowering.kind(op.x()), op.x(), op.geometry());
    }

    void lower(Node node, Operation.SumPool op) {
        pool(node, Producer.PoolKind.SUM, lowering.place(op.x()), lowering.kind(op.x()), op.x(), op.geometry());
    }

    void lower(Node node, Operation.AvgPool op) {
        pool(node, Producer.PoolKind.AVERAGE, lowering.floatPlace(op.x()), ValueKind.FLOAT, op.x(), op.geometry());
    }

    private void pool(Node node, Producer.PoolKind kind, BufferId input, ValueKind value, ValueId x,
            Geometry geometry) {
        Window window = window(lowering.shape(x), geometry);
        int channels = lowering.shape(x).channels();
        BufferId accumulator = lowering.scratch(node, "accumulator", value.floating() ? Bank.F32 : Bank.I32, 1,
                channels);
        lowering.add(node, Lowering.word(node),
                new Producer.Pool(kind, input, value, window, channels, accumulator),
                List.of(Lowering.store(lowering.define(node), channels)));
    }

    /** The window over [height, width, channels], or over [width, channels] as an image of one line. */
    static Window window(Shape shape, Geometry geometry) {
        return new Window(shape.rank() < 3 ? 1 : shape.dimension(0),
                shape.rank() < 2 ? 1 : shape.dimension(shape.rank() - 2), geometry);
    }

    void lower(Node node, Operation.Softmax op) {
        Shape shape = lowering.shape(op.x());
        BufferId input = lowering.floatPlace(op.x());
        lowering.add(new Kernel.Softmax(lowering.kernelName(node, "softmax"), node.origin(), input, shape.rows(),
                shape.channels(), lowering.define(node)));
    }

    void lower(Node node, Operation.RowStatistic op) {
        Shape shape = lowering.shape(op.x());
        BufferId input = lowering.floatPlace(op.x());
        lowering.add(new Kernel.RowStatistic(lowering.kernelName(node, Lowering.word(node)), node.origin(),
                op.statistic(), input, shape.rows(), shape.channels(), lowering.define(node)));
    }

    void lower(Node node, Operation.ArgMax op) {
        Shape shape = lowering.shape(op.x());
        BufferId input = lowering.place(op.x());
        lowering.add(new Kernel.ArgMax(lowering.kernelName(node, "argmax"), node.origin(), input,
                lowering.kind(op.x()), shape.rows(), shape.channels(), lowering.define(node)));
    }
}
