package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Value;

/**
 * The upper half of products of an int by a mantissa of 31 bits, in lanes of 32 bits: of halves x = h * 2^16 + l and
 * mantissa = a * 2^16 + b the product is h a * 2^32 + (h b + l a) * 2^16 + l b, and nothing of that leaves 32 bits.
 *
 * @param x a vector of ints
 * @param mantissa ints of -(2^31 - 1) to 2^31 - 1, a vector or one for all
 */
record HighProduct(RoutineScope scope, Block block, Value x, Value mantissa) {
    private static final int HALF = 16;
    private static final Value LOW = Value.of(0xffff);

    /** The product's bits from 2^32 up, and the 16 below. */
    private record Parts(Value high, Value below) {
    }

    private Parts parts() {
        Value a = mantissa.shiftRight(HALF);
        Value b = mantissa.and(LOW);
        Value h = named("h", x.shiftRight(HALF));
        Value l = named("l", x.and(LOW));
        Value middle = named("middle", h.times(b).plus(unsigned(l.times(b), HALF)));
        Value second = named("second", l.times(a));
        Value low = named("low", middle.and(LOW).plus(second.and(LOW)));
        Value high = h.times(a).plus(middle.shiftRight(HALF)).plus(second.shiftRight(HALF)).plus(unsigned(low, HALF));
        return new Parts(named("upper", high), low.and(LOW));
    }

    /** {@code floor(x * mantissa / 2^31)}. */
    Value floor() {
        Parts parts = parts();
        return named("floor", parts.high.plus(parts.high).plus(unsigned(parts.below, HALF - 1)));
    }

    /** {@code floor(x * mantissa / 2^31 + 1/2)}. */
    Value halvesUp() {
        Parts parts = parts();
        Value half = unsigned(unsigned(parts.below, HALF - 2).plus(Value.of(1)), 1);
        return named("high", parts.high.plus(parts.high).plus(half));
    }

    private Value named(String name, Value value) {
        return block.declare(scope.fresh(name), value);
    }

    private static Value unsigned(Value value, int bits) {
        return Value.binary(Operator.SHIFT_RIGHT_UNSIGNED, value, Value.of(bits));
    }
}
