package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.code.ValueType.VectorOf;
import dev.tern.compiler.code.VectorValue;
import dev.tern.compiler.code.VectorValue.Reduction;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.ValueKind;
import java.util.ArrayList;
import java.util.List;

/**
 * The lowest and the highest of codes, as the bytes that they lie in: four times as many in a vector as of ints. Of
 * unsigned ones that take all eight bits the highest is turned round, which puts them in the order of signed bytes.
 */
record CodeRanges(ProgramScope owner, Kernel.MeasureCodes kernel) implements KernelGenerator {
    /** Vectors that are under way at the same time. */
    private static final int TOGETHER = 2;
    private static final int HIGHEST_BIT = 128;

    @Override
    public KernelRoutines routines() {
        int length = kernel.rows() * kernel.channels();
        RoutineScope scope = owner.routine(kernel, "");
        Block body = scope.body();
        Local low = body.declare("low", Value.of(kernel.elements().highest()));
        Local high = body.declare("high", Value.of(kernel.elements().lowest()));
        int bytes = Integer.BYTES * owner.lanes().count();
        int whole = owner.lanes().many() ? length - length % bytes : 0;
        if (whole > 0) {
            vectors(scope, new VectorOf(ValueType.Primitive.BYTE, bytes), whole, low, high);
        }
        if (whole < length) {
            ValueKind kind = ValueKind.of(kernel.elements());
            body.loop("n", whole, length, (loop, n) -> {
                Local code = loop.declare("code", scope.loaded(kernel.input(), n, kind));
                loop.assign(low, MathFunction.MIN_INT.of(low, code));
                loop.assign(high, MathFunction.MAX_INT.of(high, code));
            });
        }
        body.store(scope.element(kernel.output(), Value.of(0)), low);
        body.store(scope.element(kernel.output(), Value.of(1)), high);
        return KernelRoutines.undivided(scope.end());
    }

    private void vectors(RoutineScope scope, VectorOf type, int whole, Local low, Local high) {
        Block body = scope.body();
        List<Local> lows = new ArrayList<>();
        List<Local> highs = new ArrayList<>();
        int together = whole < TOGETHER * type.lanes() ? 1 : TOGETHER;
        for (int i = 0; i < together; i++) {
            // Any of the codes does to begin with.
            Value first = loaded(scope, type, Value.of(i * type.lanes()));
            lows.add(body.declare("lows" + i, first));
            highs.add(body.declare("highs" + i, first));
        }
        int end = whole - whole % (together * type.lanes());
        take(scope, type, lows, highs, together * type.lanes(), end);
        take(scope, type, lows.subList(0, 1), highs.subList(0, 1), end, whole);
        extreme(scope, low, MathFunction.MIN_INT, lows, Reduction.MIN);
        extreme(scope, high, MathFunction.MAX_INT, highs, Reduction.MAX);
    }

    /** Takes the codes from one on up to another, a vector for each of the locals at a time. */
    private void take(RoutineScope scope, VectorOf type, List<Local> lows, List<Local> highs, int from, int to) {
        if (from >= to) {
            return;
        }
        scope.body().loop(scope.fresh("i"), Value.of(from), Value.of(to), lows.size() * type.lanes(), (loop, n) -> {
            for (int i = 0; i < lows.size(); i++) {
                Local codes = loop.declare(scope.fresh("codes"), loaded(scope, type, n.plus(i * type.lanes())));
                loop.assign(lows.get(i), MathFunction.MIN_INT.of(lows.get(i), codes));
                loop.assign(highs.get(i), MathFunction.MAX_INT.of(highs.get(i), codes));
            }
        });
    }

    private Value loaded(RoutineScope scope, VectorOf type, Value index) {
        Value.ArrayElement first = scope.element(kernel.input(), index);
        Value bytes = VectorValue.load(type, first.array(), first.index());
        return turned() ? bytes.xor(VectorValue.broadcast(type, Value.of(-HIGHEST_BIT))) : bytes;
    }

    private boolean turned() {
        return kernel.elements().highest() > Byte.MAX_VALUE;
    }

    private void extreme(RoutineScope scope, Local extreme, MathFunction function, List<Local> vectors,
            Reduction reduction) {
        Local all = scope.body().declare(scope.fresh("all"),
                vectors.stream().map(Value.class::cast).reduce(function::of).orElseThrow());
        VectorOf ints = new VectorOf(ValueType.INT, owner.lanes().count());
        Value least = VectorValue.part(all, ints, 0);
        for (int part = 1; part < Integer.BYTES; part++) {
            least = function.of(least, VectorValue.part(all, ints, part));
        }
        Local code = scope.body().declare(scope.fresh("extreme"), VectorValue.reduce(reduction, least));
        scope.body().assign(extreme, turned() ? code.plus(HIGHEST_BIT) : code);
    }
}
