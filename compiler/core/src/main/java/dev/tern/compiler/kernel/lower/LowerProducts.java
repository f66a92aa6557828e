package dev.tern.compiler.kernel.lower;

import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Operation.Padding;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.FilterShape;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelNames;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step.ZeroSource;
import dev.tern.compiler.kernel.ValueKind;
import dev.tern.compiler.kernel.Window;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Multiplications;
import dev.tern.runtime.layout.Interleaved;
import java.util.List;
import java.util.Optional;

/** Lowers products to multiplications, which every product can be; how it is computed in the end is a schedule. */
final class LowerProducts {
    /** One value at a time, which suits any depth. */
    private static final Multiplications NAIVE = new Multiplications(1);

    private final Lowering lowering;

    LowerProducts(Lowering lowering) {
        this.lowering = lowering;
    }

    void lower(Node node, Operation.Dense op) {
        Shape shape = lowering.shape(op.a());
        lower(node, op, "dense", Window.rows(shape.rows()), 1, Padding.ZERO);
    }

    void lower(Node node, Operation.Conv op) {
        Window window = LowerReductions.window(lowering.shape(op.a()), op.geometry());
        lower(node, op, "conv", window, op.groups(), op.padding());
    }

    void lower(Node node, Operation.MatMul op) {
        Shape left = lowering.shape(op.left());
        lowering.add(new Kernel.MatrixProduct(lowering.kernelName(node, "matmul"), node.origin(),
                lowering.place(op.left()), lowering.kind(op.left()),
                op.leftZero().map(id -> LowerQuantizers.zero(lowering, id)), lowering.place(op.right()),
                lowering.kind(op.right()), op.rightZero().map(id -> LowerQuantizers.zero(lowering, id)),
                left.rows() / left.dimension(left.rank() - 2), left.dimension(left.rank() - 2), left.channels(),
                node.type().shape().channels(), lowering.define(node)));
    }

    private void lower(Node node, Operation.Product op, String what, Window window, int groups, Padding padding) {
        Optional<ZeroSource> zero = op.zero().map(id -> LowerQuantizers.zero(lowering, id));
        Tensor weights = lowering.constant(op.weights())
                .orElseThrow(() -> new IllegalStateException("weights of " + node + " are not constant"));
        int channels = weights.shape().dimension(0);
        String name = KernelNames.path(node.origin(), "weight");
        ConstantId interleaved = switch (weights) {
            case Tensor.Floats floats ->
                lowering.constants().floats(name, new Interleaved(channels).of(floats.values()));
            case Tensor.Integers integers ->
                lowering.constants().bytes(name, new Interleaved(channels).of(integers.values()));
        };
        ValueKind kind = lowering.kind(op.a());
        boolean integers = kind.bank() == Bank.I32;
        boolean floating = kind.floating() || integers || weights instanceof Tensor.Floats;
        BufferId input = integers ? lowering.floatPlace(op.a()) : lowering.place(op.a());
        BufferId accumulator = lowering.scratch(node, "accumulator", floating ? Bank.F32 : Bank.I32, 1, channels);
        Producer producer = new Producer.MultiplyProduct(input, integers ? ValueKind.FLOAT : kind,
                new FilterShape(window, lowering.shape(op.a()).channels(), channels, groups), interleaved, zero,
                padding, floating, accumulator);
        lowering.add(node, what, producer, List.of(Lowering.store(lowering.define(node), channels)), NAIVE);
    }
}
