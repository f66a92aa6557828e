package dev.tern.compiler.kernel.lower;

import dev.tern.compiler.graph.CodeTerm;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Requantization;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.FixedPoint;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.KernelNames;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.ValueKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Lowers what makes codes of integers by integers alone. */
final class LowerIntegers {
    /** Twice as much is no overflow. */
    private static final int BITS = 31;

    private final Lowering lowering;

    LowerIntegers(Lowering lowering) {
        this.lowering = lowering;
    }

    void lower(Node node, Operation.Requantize op) {
        Requantization rule = op.rule();
        if (keepsIntegers(op)) {
            add(node, "saturate", op.x(), new Step.Saturate(rule.code(), rule.zero(), rule.lowest(), rule.highest()));
            return;
        }
        add(node, "requantize", op.x(), step(node, op.rule().factors(op.weightScale().map(this::floats)), op.bias(),
                rule.rounding(), ValueKind.of(rule.code()), rule.zero(), rule.lowest(), rule.highest()));
    }

    void lower(Node node, Operation.RescaleIntegers op) {
        add(node, "rescale", op.x(), step(node, op.ratio().factors(op.factor().map(this::floats), op.rounding()),
                op.bias(), op.rounding(), ValueKind.INT, 0, op.lowest(), op.highest()));
    }

    private Step.Requantize step(Node node, FixedPoint[] factors, Optional<ValueId> biases,
            FixedPoint.Rounding rounding, ValueKind result, int zero, int lowest, int highest) {
        Optional<ConstantId> bias = biases.map(id -> lowering.constants().perChannel(
                KernelNames.path(node.origin(), "bias"), Requantization.whole(floats(id))));
        ConstantId mantissas = lowering.constants().perChannel(KernelNames.path(node.origin(), "mantissas"),
                Arrays.stream(factors).mapToInt(FixedPoint::mantissa).toArray());
        ConstantId shifts = lowering.constants().perChannel(KernelNames.path(node.origin(), "shifts"),
                Arrays.stream(factors).mapToInt(FixedPoint::shift).toArray());
        // Short mantissas are short already.
        FixedPoint.Rounding product = rounding == FixedPoint.Rounding.SHORT ? FixedPoint.Rounding.SINGLE : rounding;
        return new Step.Requantize(bias, mantissas, shifts, product, result, zero, lowest, highest);
    }

    /** Whether the factor is 1, by which integers of up to 30 bits stay as they are in either rounding. */
    private boolean keepsIntegers(Operation.Requantize op) {
        return op.operands().size() == 1 && op.rule().inputScale() == op.rule().outputScale()
                && lowering.type(op.x()).element() instanceof ElementType.Accumulator sum && sum.fits(BITS);
    }

    void lower(Node node, Operation.CombineCodes op) {
        // What is loaded is joined with the kernel that makes it: better the one nobody else wants.
        boolean swap = op.rightTerm().left() > 0 && !coded(op.right())
                || lowering.kept(op.left()) && !lowering.kept(op.right())
                        && (op.leftTerm().left() == 0 || coded(op.left()));
        ValueId first = swap ? op.right() : op.left();
        ValueId second = swap ? op.left() : op.right();
        CodeTerm firstTerm = swap ? op.rightTerm() : op.leftTerm();
        CodeTerm secondTerm = swap ? op.leftTerm() : op.rightTerm();
        if (!coded(first) || !coded(second)) {
            integers(node, op.product(), first, firstTerm, second, secondTerm);
            return;
        }
        ElementType.Code code = code(first);
        ElementType.Code other = code(second);
        if (!op.product() && firstTerm.factor() == 1 && secondTerm.factor() == 1) {
            int offset = -(firstTerm.zero() << firstTerm.left()) - (secondTerm.zero() << secondTerm.left());
            add(node, "combine", first, new Step.AddShifted(lowering.place(second), other, firstTerm.left(),
                    secondTerm.left(), offset));
            return;
        }
        add(node, "combine", first,
                new Step.LookUp(table(node, "left", firstTerm, code), code.lowest(), ValueKind.INT),
                new Step.WithLookUp(op.product(), lowering.place(second), other,
                        table(node, "right", secondTerm, other), other.lowest()));
    }

    /** With accumulators, which are integers already; what is loaded is one of these. */
    private void integers(Node node, boolean product, ValueId first, CodeTerm firstTerm, ValueId second,
            CodeTerm secondTerm) {
        if (coded(first)) {
            integers(node, product, second, secondTerm, first, firstTerm);
            return;
        }
        List<Step> steps = new ArrayList<>();
        if (firstTerm.left() > 0) {
            steps.add(step(node, new FixedPoint[]{FixedPoint.of(1L << firstTerm.left())}, Optional.empty(),
                    FixedPoint.Rounding.SINGLE, ValueKind.INT, 0, Integer.MIN_VALUE, Integer.MAX_VALUE));
        }
        if (coded(second)) {
            ElementType.Code other = code(second);
            steps.add(new Step.WithLookUp(product, lowering.place(second), other,
                    table(node, "right", secondTerm, other), other.lowest()));
        } else {
            steps.add(new Step.AddInts(lowering.place(second)));
        }
        add(node, "combine", first, steps.toArray(Step[]::new));
    }

    private boolean coded(ValueId id) {
        return lowering.type(id).element() instanceof ElementType.Code;
    }

    private ConstantId table(Node node, String name, CodeTerm term, ElementType.Code code) {
        return lowering.constants().ints(KernelNames.path(node.origin(), name), term.table(code));
    }

    void lower(Node node, Operation.CodeTable op) {
        ConstantId table = lowering.constants().ints(KernelNames.path(node.origin(), "table"),
                Requantization.whole(floats(op.table())));
        add(node, "table", op.x(), new Step.LookUp(table, op.from().lowest(), ValueKind.of(op.code())));
    }

    private ElementType.Code code(ValueId id) {
        return (ElementType.Code) lowering.type(id).element();
    }

    private float[] floats(ValueId id) {
        return lowering.constantFloats(id).orElseThrow(() -> new IllegalStateException(id + " is not constant"));
    }

    private void add(Node node, String what, ValueId x, Step... steps) {
        Producer producer = lowering.load(x);
        List<Step> epilogue = new ArrayList<>(List.of(steps));
        epilogue.add(Lowering.store(lowering.define(node), producer.channels()));
        lowering.add(node, what, producer, epilogue);
    }
}
