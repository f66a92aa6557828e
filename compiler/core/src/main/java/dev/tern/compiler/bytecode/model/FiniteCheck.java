package dev.tern.compiler.bytecode.model;

import dev.tern.compiler.bytecode.Block;
import dev.tern.compiler.bytecode.JavaMath;
import dev.tern.compiler.bytecode.JvmType;
import dev.tern.compiler.bytecode.JvmType.VectorOf;
import dev.tern.compiler.bytecode.Local;
import dev.tern.compiler.bytecode.MethodDefinition;
import dev.tern.compiler.bytecode.MethodDefinition.Access;
import dev.tern.compiler.bytecode.Operator;
import dev.tern.compiler.bytecode.Value;
import dev.tern.compiler.bytecode.VectorValue;
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
        floats = new VectorOf(JvmType.FLOAT, target.lanes());
        ints = new VectorOf(JvmType.INT, target.lanes());
    }

    MethodDefinition method() {
        Local values = Local.parameter("values", JvmType.FLOATS);
        Local from = Local.parameter("from", JvmType.INT);
        Local to = Local.parameter("to", JvmType.INT);
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
                Value bits = VectorValue.reinterpret(VectorValue.load(floats, values, i.plus(k * lanes)), JvmType.INT);
                loop.assign(greatest.get(k),
                        JavaMath.MAX_INT.of(greatest.get(k), bits.and(Value.of(WITHOUT_SIGN))));
            }
        });
        Value all = greatest.stream().map(Value.class::cast).reduce(JavaMath.MAX_INT::of).orElseThrow();
        Local most = body.declare("most", VectorValue.reduce("MAX", all));
        body.loop("k", whole, to, 1, (loop, k) -> loop.assign(most, JavaMath.MAX_INT.of(most,
                JavaMath.FLOAT_BITS.of(values.at(k)).and(Value.of(WITHOUT_SIGN)))));
        body.returns(most.lessThan(Value.of(INFINITY)));
        return new MethodDefinition(Access.PROTECTED, "finite", parameters, JvmType.BOOLEAN, body,
                MethodDefinition.KERNEL_BUDGET);
    }
}
