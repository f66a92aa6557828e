package dev.tern.compiler.bytecode.model;

import dev.tern.compiler.bytecode.MethodDefinition;
import dev.tern.compiler.bytecode.MethodDefinition.Access;
import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Routine;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.code.ValueType.VectorOf;
import dev.tern.compiler.code.VectorValue;
import dev.tern.compiler.target.Target;
import java.util.ArrayList;
import java.util.List;

/**
 * The method {@code finite} of a session with vector code. Of numbers whose bits, without the sign, are less than those
 * of infinity none is an infinity or a NaN; the greatest of all bits decides.
 */
final class FiniteCheck {
    /** Vectors that are looked at in one round, so that none waits for the one before. */
    private static final int VECTORS = 4;
    private static final int WITHOUT_SIGN = 0x7fffffff;
    private static final int INFINITY = 0x7f800000;

    private final VectorOf floats;
    private final VectorOf ints;

    FiniteCheck(Target target) {
        floats = new VectorOf(ValueType.FLOAT, target.lanes());
        ints = new VectorOf(ValueType.INT, target.lanes());
    }

    MethodDefinition method() {
        Local values = Local.parameter("values", ValueType.FLOATS);
        Local from = Local.parameter("from", ValueType.INT);
        Local to = Local.parameter("to", ValueType.INT);
        List<Local> parameters = List.of(values, from, to);
        Block body = new Block(parameters);
        List<Local> greatest = new ArrayList<>();
        for (int i = 0; i < VECTORS; i++) {
            greatest.add(body.declare("greatest" + i, VectorValue.broadcast(ints, Value.of(0))));
        }
        int lanes = ints.lanes();
        Local whole = body.declare("whole", to.minus(Value.binary(Operator.REMAINDER,
                to.minus(from), Value.of(VECTORS * lanes))));
        body.loop("i", from, whole, VECTORS * lanes, (loop, i) -> {
            for (int k = 0; k < VECTORS; k++) {
                Value bits = VectorValue.reinterpret(VectorValue.load(floats, values, i.plus(k * lanes)),
                        ValueType.INT);
                loop.assign(greatest.get(k),
                        MathFunction.MAX_INT.of(greatest.get(k), bits.and(Value.of(WITHOUT_SIGN))));
            }
        });
        Value all = greatest.stream().map(Value.class::cast).reduce(MathFunction.MAX_INT::of).orElseThrow();
        Local most = body.declare("most", VectorValue.reduce(VectorValue.Reduction.MAX, all));
        body.loop("k", whole, to, 1, (loop, k) -> loop.assign(most, MathFunction.MAX_INT.of(most,
                MathFunction.FLOAT_BITS.of(values.at(k)).and(Value.of(WITHOUT_SIGN)))));
        body.returns(most.lessThan(Value.of(INFINITY)));
        return new MethodDefinition(Access.PROTECTED, new Routine("finite", parameters, ValueType.BOOLEAN, body),
                MethodDefinition.KERNEL_BUDGET);
    }
}
