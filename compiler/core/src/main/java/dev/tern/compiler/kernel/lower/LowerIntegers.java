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
    private final Lowering lowering;

    LowerIntegers(Lowering lowering) {
        this.lowering = lowering;
    }

    void lower(Node node, Operation.Requantize op) {
        FixedPoint[] factors = op.rule().factors(op.weightScale().map(this::floats));
        Optional<ConstantId> bias = op.bias().map(id -> lowering.constants().perChannel(
                KernelNames.path(node.origin(), "bias"), Requantization.whole(floats(id))));
        ConstantId mantissas = lowering.constants().perChannel(KernelNames.path(node.origin(), "mantissas"),
                Arrays.stream(factors).mapToInt(FixedPoint::mantissa).toArray());
        ConstantId shifts = lowering.constants().perChannel(KernelNames.path(node.origin(), "shifts"),
                Arrays.stream(factors).mapToInt(FixedPoint::shift).toArray());
        add(node, "requantize", op.x(), new Step.Requantize(bias, mantissas, shifts, op.rule().rounding(),
                op.rule().code(), op.rule().zero(), op.rule().lowest(), op.rule().highest()));
    }

    void lower(Node node, Operation.CombineCodes op) {
        ElementType.Code left = code(op.left());
        ElementType.Code right = code(op.right());
        add(node, "combine", op.left(),
                new Step.LookUp(table(node, "left", op.leftTerm(), left), left.lowest(), ValueKind.INT),
                new Step.WithLookUp(op.product(), lowering.place(op.right()), right,
                        table(node, "right", op.rightTerm(), right), right.lowest()));
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
