package dev.tern.compiler.code;

import dev.tern.compiler.code.ValueType.MaskOf;
import dev.tern.compiler.code.ValueType.Primitive;
import dev.tern.compiler.code.ValueType.VectorOf;
import java.util.Arrays;

/**
 * What {@link Value}'s methods make where vectors are among the operands; a number beside them stands in every lane.
 */
final class Vectors {
    private Vectors() {
    }

    /** Whether one of them is a vector. */
    static boolean any(Value... values) {
        return Arrays.stream(values).anyMatch(value -> value.type() instanceof VectorOf);
    }

    static VectorOf vector(Value value) {
        // Asked for once: a value finds its type through those of its operands.
        ValueType type = value.type();
        IllTypedException.require(type instanceof VectorOf, "%s is no vector", type);
        return (VectorOf) type;
    }

    /** The type of the vectors among some values. */
    private static VectorOf common(Value... values) {
        return vector(Arrays.stream(values).filter(value -> any(value)).findFirst().orElseThrow());
    }

    private static Value lift(VectorOf type, Value value) {
        return any(value) ? value : VectorValue.broadcast(type, value);
    }

    static Value binary(Operator operator, Value left, Value right) {
        if (operator.shift()) {
            return new VectorValue.Shift(operator, any(left) ? left : lift(vector(right), left), right);
        }
        VectorOf type = common(left, right);
        return new VectorValue.Binary(operator, lift(type, left), lift(type, right));
    }

    static Value apply(MathFunction function, Value... arguments) {
        VectorOf type = common(arguments);
        return new VectorValue.Lanewise(function, Arrays.stream(arguments).map(value -> lift(type, value)).toList());
    }

    static Value compare(Relation relation, Value left, Value right) {
        VectorOf type = common(left, right);
        return new VectorValue.Compare(relation, lift(type, left), lift(type, right));
    }

    static Value blend(Value mask, Value whenTrue, Value whenFalse) {
        VectorOf type = any(whenTrue, whenFalse)
                ? common(whenTrue, whenFalse)
                : ((MaskOf) mask.type()).vector().as((Primitive) whenTrue.type());
        return new VectorValue.Blend(mask, lift(type, whenTrue), lift(type, whenFalse));
    }

    static Value convert(Value vector, Primitive target) {
        VectorOf from = vector(vector);
        return from.element() == target
                ? vector
                : new VectorValue.Convert(new VectorOf(target, from.lanes()), vector);
    }
}
