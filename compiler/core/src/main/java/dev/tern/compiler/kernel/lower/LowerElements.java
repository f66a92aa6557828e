package dev.tern.compiler.kernel.lower;

import dev.tern.compiler.kernel.ValueKind;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.KernelNames;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step.Spread;
import dev.tern.compiler.kernel.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lowers functions of each element, and of pairs of elements with every kind of broadcasting. */
final class LowerElements {
    private final Lowering lowering;

    LowerElements(Lowering lowering) {
        this.lowering = lowering;
    }

    void lower(Node node, Operation.Rescale op) {
        Optional<float[]> weightScale = op.weightScale().map(id -> lowering.constantFloats(id)
                .orElseThrow(() -> new IllegalStateException("weight scale of " + node + " is not constant")));
        Optional<float[]> fixed = op.activationScale().flatMap(lowering::constantFloats);
        if (op.activationScale().isEmpty()) {
            lowering.addElementwise(node, op.x(), weightScale.map(s -> List.of(multiply(node, s)))
                    .orElse(List.of()).toArray(Step[]::new));
        } else if (fixed.isPresent() && fixed.get().length == 1) {
            float[] factors = weightScale.orElse(new float[]{1}).clone();
            for (int c = 0; c < factors.length; c++) {
                factors[c] = weightScale.isPresent() ? fixed.get()[0] * factors[c] : fixed.get()[0];
            }
            lowering.addElementwise(node, op.x(), multiply(node, factors));
        } else {
            ValueId scale = op.activationScale().get();
            lowering.addElementwise(node, op.x(),
                    new Step.Rescale(lowering.place(scale), lowering.shape(scale).elements() > 1,
                            weightScale.map(s -> lowering.constants().perChannel(KernelNames.path(node.origin(),
                                    "weight.scale"),
                                    s))));
        }
    }

    private Step multiply(Node node, float[] factors) {
        return new Step.Multiply(lowering.constants().perChannel(KernelNames.path(node.origin(), "scale"), factors));
    }

    void lower(Node node, Operation.Affine op) {
        lowering.addElementwise(node, op.x(), new Step.Affine(perChannel(node, "scale", op.scale()),
                perChannel(node, "shift", op.shift())));
    }

    private ConstantId perChannel(Node node, String what, ValueId id) {
        return lowering.constants().perChannel(KernelNames.path(node.origin(), what), lowering.constantFloats(id)
                .orElseThrow(() -> new IllegalStateException(what + " of " + node + " is not constant")));
    }

    void lower(Node node, Operation.Activation op) {
        lowering.addElementwise(node, op.x(), new Step.Activation(op.function()));
    }

    void lower(Node node, Operation.Clip op) {
        lowering.addElementwise(node, op.x(), new Step.Clip(op.low(), op.high()));
    }

    void lower(Node node, Operation.PRelu op) {
        lowering.addElementwise(node, op.x(), new Step.PRelu(perChannel(node, "slope", op.slope())));
    }

    void lower(Node node, Operation.Elementwise op) {
        Shape result = node.type().shape();
        boolean leftWhole = whole(op.left(), result);
        boolean rightWhole = whole(op.right(), result);
        boolean swap = !leftWhole && rightWhole
                || leftWhole && rightWhole && (lowering.constant(op.left()).isPresent()
                        // What is loaded is joined with the kernel that makes it: better the one nobody else wants.
                        || lowering.constant(op.right()).isEmpty() && lowering.kept(op.left())
                                && !lowering.kept(op.right()));
        ValueId first = swap ? op.right() : op.left();
        ValueId second = swap ? op.left() : op.right();
        Producer producer;
        List<Step> epilogue;
        if (whole(first, result)) {
            producer = lowering.load(first, result.rows(), result.channels());
            epilogue = lowering.toFloat(first);
        } else {
            producer = new Producer.Load(stretched(node, first, result), ValueKind.FLOAT,
                    result.rows(), result.channels());
            epilogue = new ArrayList<>();
        }
        epilogue.add(combine(node, op.function(), second, swap, result));
        epilogue.add(Lowering.store(lowering.define(node), result.channels()));
        lowering.add(node, Lowering.word(node), producer, epilogue);
    }

    private boolean whole(ValueId id, Shape result) {
        return lowering.shape(id).elements() == result.elements();
    }

    private Step combine(Node node, BinaryFunction function, ValueId other, boolean otherFirst,
            Shape result) {
        Shape shape = lowering.shape(other);
        boolean oneRow = shape.elements() == shape.channels() && shape.channels() == result.channels();
        Optional<float[]> constant = lowering.constantFloats(other);
        if (constant.isPresent() && (oneRow || shape.elements() == 1)) {
            return new Step.WithConstant(function, lowering.constants().perChannel(KernelNames.path(node.origin(),
                    "operand"),
                    constant.get()),
                    otherFirst);
        }
        if (shape.elements() == result.elements()) {
            return new Step.WithBuffer(function, lowering.floatPlace(other), otherFirst, Spread.NONE);
        }
        if (oneRow) {
            return new Step.WithBuffer(function, lowering.floatPlace(other), otherFirst, Spread.OVER_ROWS);
        }
        if (oneChannel(shape, result)) {
            return new Step.WithBuffer(function, lowering.floatPlace(other), otherFirst, Spread.OVER_CHANNELS);
        }
        return new Step.WithBuffer(function, stretched(node, other, result), otherFirst, Spread.NONE);
    }

    /** Whether a value has the same rows as the result, and one channel. */
    private static boolean oneChannel(Shape shape, Shape result) {
        int[] rows = result.toArray();
        rows[rows.length - 1] = 1;
        return shape.equals(Shape.of(rows));
    }

    /** The value in a buffer of its own, repeated along the dimensions in which it is smaller than the result. */
    private BufferId stretched(Node node, ValueId id, Shape result) {
        return new LowerMovement(lowering).stretch(node, lowering.floatPlace(id), lowering.shape(id), result);
    }
}
