package dev.tern.compiler.kernel.lower;

import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelNames;
import dev.tern.compiler.kernel.Layout;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import java.util.ArrayList;
import java.util.List;

/** Lowers what only moves elements: transposes, slices, concatenations and broadcasts. */
final class LowerMovement {
    private final Lowering lowering;

    LowerMovement(Lowering lowering) {
        this.lowering = lowering;
    }

    void lower(Node node, Operation.Transpose op) {
        int[] from = strides(lowering.shape(op.x()));
        int[] permuted = new int[from.length];
        for (int i = 0; i < permuted.length; i++) {
            permuted[i] = from[op.permutation().get(i)];
        }
        BufferId input = lowering.place(op.x());
        Shape result = node.type().shape();
        copy(node, input, permuted, 0, lowering.define(node), strides(result), 0, result);
    }

    void lower(Node node, Operation.Slice op) {
        int[] from = strides(lowering.shape(op.x()));
        BufferId input = lowering.place(op.x());
        Shape result = node.type().shape();
        copy(node, input, from, op.start() * from[op.axis()], lowering.define(node), strides(result), 0, result);
    }

    /** A copy for each set of elements whose places lie equally far apart on both sides. */
    void lower(Node node, Operation.Gather op) {
        Shape result = node.type().shape();
        int[] from = strides(lowering.shape(op.x()));
        int[] to = strides(result);
        BufferId input = lowering.place(op.x());
        BufferId output = lowering.define(node);
        for (Progression part : Progression.of(op.indices())) {
            int[] inputSteps = from.clone();
            int[] outputSteps = to.clone();
            int[] extents = result.toArray();
            inputSteps[op.axis()] = part.inputStep() * from[op.axis()];
            outputSteps[op.axis()] = part.outputStep() * to[op.axis()];
            extents[op.axis()] = part.count();
            copy(node, input, inputSteps, part.input() * from[op.axis()], output, outputSteps,
                    part.output() * to[op.axis()], Shape.of(extents));
        }
    }

    /** Along the last axis each part is stored straight into its channels of every row. */
    void lower(Node node, Operation.Concat op) {
        Shape result = node.type().shape();
        int[] to = strides(result);
        int start = 0;
        BufferId output = lowering.define(node);
        for (ValueId part : op.parts()) {
            Shape shape = lowering.shape(part);
            if (op.axis() == result.rank() - 1) {
                Producer producer = lowering.load(part);
                lowering.add(node, "concat", producer,
                        List.of(new Step.StorePlain(output, result.channels(), start)));
            } else {
                copy(node, lowering.place(part), strides(shape), 0, output, to, start * to[op.axis()], shape);
            }
            start += shape.dimension(op.axis());
        }
    }

    /** A buffer of F32 in which a smaller value is repeated; dimensions align at the end and 1 stretches. */
    BufferId stretch(Node node, BufferId input, Shape shape, Shape result) {
        int[] from = strides(shape);
        int[] stretched = new int[result.rank()];
        for (int i = 0; i < shape.rank(); i++) {
            int target = result.rank() - shape.rank() + i;
            stretched[target] = shape.dimension(i) == 1 ? 0 : from[i];
        }
        BufferId output = lowering.buffer(KernelNames.path(node.origin(), "broadcast"), Bank.F32,
                new Layout.Plain(result.rows(), result.channels()), Buffer.Role.VALUE);
        copy(node, input, stretched, 0, output, strides(result), 0, result);
        return output;
    }

    /** Leaves out dimensions of one element and joins those that lie one after the other on both sides. */
    private void copy(Node node, BufferId input, int[] from, int inputOffset, BufferId output, int[] to,
            int outputOffset, Shape shape) {
        List<Integer> extents = new ArrayList<>();
        List<Integer> inputStrides = new ArrayList<>();
        List<Integer> outputStrides = new ArrayList<>();
        for (int i = 0; i < shape.rank(); i++) {
            int extent = shape.dimension(i);
            if (extent == 1) {
                continue;
            }
            int last = extents.size() - 1;
            if (last >= 0 && inputStrides.get(last) == extent * from[i]
                    && outputStrides.get(last) == extent * to[i]) {
                extents.set(last, extents.get(last) * extent);
                inputStrides.set(last, from[i]);
                outputStrides.set(last, to[i]);
            } else {
                extents.add(extent);
                inputStrides.add(from[i]);
                outputStrides.add(to[i]);
            }
        }
        if (extents.isEmpty()) {
            extents.add(1);
            inputStrides.add(1);
            outputStrides.add(1);
        }
        lowering.add(new Kernel.StridedCopy(lowering.kernelName(node, Lowering.word(node)), node.origin(), input,
                output, extents, inputStrides, inputOffset, outputStrides, outputOffset));
    }

    /** Elements from one index of a dimension to the next. */
    private static int[] strides(Shape shape) {
        int[] strides = new int[shape.rank()];
        int stride = 1;
        for (int i = shape.rank() - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= shape.dimension(i);
        }
        return strides;
    }
}
