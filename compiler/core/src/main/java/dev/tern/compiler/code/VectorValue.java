package dev.tern.compiler.code;

import dev.tern.compiler.code.ValueType.MaskOf;
import dev.tern.compiler.code.ValueType.Primitive;
import dev.tern.compiler.code.ValueType.VectorOf;
import java.util.List;

/**
 * An expression over vectors. Arithmetic, comparisons, choices and conversions are written as with numbers, through
 * {@link Value}'s methods; what only vectors have is written through the methods here.
 */
public sealed interface VectorValue extends Value {
    /** An operator, lane by lane, on two vectors of one type. */
    record Binary(Operator operator, Value left, Value right) implements VectorValue {
        public Binary {
            IllTypedException.require(!operator.shift() && operator != Operator.REMAINDER
                    && left.type().equals(right.type()), "%s %s %s", left.type(), operator.symbol(), right.type());
        }

        @Override
        public VectorOf type() {
            return Vectors.vector(left);
        }
    }

    /** Every lane shifted by the same number of bits, an int, or lanes of ints each by a number of its own. */
    record Shift(Operator operator, Value vector, Value bits) implements VectorValue {
        public Shift {
            IllTypedException.require(operator.shift() && (bits.type() == ValueType.INT
                    || bits.type().equals(vector.type()) && Vectors.vector(vector).element() == ValueType.INT),
                    "%s %s %s", vector.type(), operator.symbol(), bits.type());
        }

        @Override
        public VectorOf type() {
            return Vectors.vector(vector);
        }
    }

    /** A function, lane by lane, of vectors of one type. */
    record Lanewise(MathFunction function, List<Value> arguments) implements VectorValue {
        public Lanewise {
            arguments = List.copyOf(arguments);
            IllTypedException.require(function.hasVectorForm() && arguments.size() == function.parameters().size(),
                    "%s of %s", function, arguments);
        }

        @Override
        public VectorOf type() {
            return Vectors.vector(arguments.getFirst());
        }
    }

    record Compare(Relation relation, Value left, Value right) implements VectorValue {
        @Override
        public MaskOf type() {
            return new MaskOf(Vectors.vector(left));
        }
    }

    /** Of every lane the one of {@code whenTrue} where the mask says so. @param mask of as many lanes */
    record Blend(Value mask, Value whenTrue, Value whenFalse) implements VectorValue {
        public Blend {
            IllTypedException.require(mask.type() instanceof MaskOf && whenTrue.type().equals(whenFalse.type()),
                    "%s ? %s : %s", mask.type(), whenTrue.type(), whenFalse.type());
        }

        @Override
        public VectorOf type() {
            return Vectors.vector(whenTrue);
        }
    }

    /** All lanes as other numbers. @param type of as many lanes */
    record Convert(VectorOf type, Value vector) implements VectorValue {
        public Convert {
            IllTypedException.require(Vectors.vector(vector).lanes() == type.lanes(), "(%s) %s", type, vector.type());
        }
    }

    /** See {@link VectorValue#broadcast}. */
    record Broadcast(VectorOf type, Value number) implements VectorValue {
    }

    /** See {@link VectorValue#load}. */
    record Load(VectorOf type, Value array, Value index) implements VectorValue {
        public Load {
            IllTypedException.require(array.type().equals(new ValueType.ArrayOf(type.element()))
                    && index.type() == ValueType.INT, "%s of %s[%s]", type, array.type(), index.type());
        }
    }

    /** See {@link VectorValue#loadFromMemory}. */
    record LoadFromMemory(VectorOf type, Value memory, Value offset) implements VectorValue {
        public LoadFromMemory {
            IllTypedException.require(memory.type().equals(ValueType.MEMORY) && offset.type() == ValueType.LONG,
                    "%s of %s[%s]", type, memory.type(), offset.type());
        }
    }

    /** See {@link VectorValue#bitCount}. */
    record BitCount(Value vector) implements VectorValue {
        @Override
        public VectorOf type() {
            return Vectors.vector(vector);
        }
    }

    /** See {@link VectorValue#select}. */
    record Select(Value mask, Value whenSet, Value whenClear) implements VectorValue {
        @Override
        public VectorOf type() {
            return Vectors.vector(whenClear);
        }
    }

    /** See {@link VectorValue#bits}. */
    record Bits(Value mask) implements VectorValue {
        public Bits {
            IllTypedException.require(mask.type() instanceof MaskOf, "%s is no mask", mask.type());
        }

        @Override
        public Primitive type() {
            return ValueType.LONG;
        }
    }

    /** See {@link VectorValue#part}. */
    record ConvertedPart(VectorOf type, Value vector, int part) implements VectorValue {
    }

    /** See {@link VectorValue#reinterpret}. */
    record Reinterpret(VectorOf type, Value vector) implements VectorValue {
    }

    /** See {@link VectorValue#widen}. */
    record Widen(VectorOf type, Value vector) implements VectorValue {
    }

    /** See {@link VectorValue#lookUp}. */
    record LookUp(Value indices, Value table) implements VectorValue {
        @Override
        public VectorOf type() {
            return Vectors.vector(indices);
        }
    }

    /** See {@link VectorValue#reduce}. */
    record Reduce(Reduction reduction, Value vector) implements VectorValue {
        @Override
        public Primitive type() {
            return Vectors.vector(vector).element().loaded();
        }
    }

    /** What becomes of the lanes of a vector. */
    enum Reduction {
        MIN, MAX, ADD
    }

    /** The same number in every lane. */
    static Value broadcast(VectorOf type, Value number) {
        return new Broadcast(type, number);
    }

    /** Neighbouring elements of an array. @param index of the first */
    static Value load(VectorOf type, Value array, Value index) {
        return new Load(type, array, index);
    }

    /** Neighbouring elements of memory. @param offset in bytes, a long */
    static Value loadFromMemory(VectorOf type, Value memory, Value offset) {
        return new LoadFromMemory(type, memory, offset);
    }

    /** The number of one-bits of every lane. */
    static Value bitCount(Value vector) {
        return new BitCount(vector);
    }

    /** Of every bit the one of {@code whenSet} where the mask, a vector, has a one, else that of {@code whenClear}. */
    static Value select(Value mask, Value whenSet, Value whenClear) {
        return new Select(mask, whenSet, whenClear);
    }

    /** A bit for every lane of a comparison, that of the first the lowest; a long. */
    static Value bits(Value mask) {
        return new Bits(mask);
    }

    /** Some lanes converted: as many as {@code target} has. @param part which, counted in such vectors */
    static Value part(Value vector, VectorOf target, int part) {
        return new ConvertedPart(target, vector, part);
    }

    /** The same bits as lanes of another type. @param target BYTE, SHORT, INT, LONG or FLOAT */
    static Value reinterpret(Value vector, Primitive target) {
        VectorOf type = Vectors.vector(vector);
        return type.element() == target ? vector : new Reinterpret(type.as(target), vector);
    }

    /** The same lanes at the beginning of a wider vector of the same elements. */
    static Value widen(Value vector, VectorOf wider) {
        return new Widen(wider, vector);
    }

    /** For every lane the lane of {@code table} that it names; names count modulo the lanes. */
    static Value lookUp(Value indices, Value table) {
        return new LookUp(indices, table);
    }

    /** The lanes taken together. */
    static Value reduce(Reduction reduction, Value vector) {
        return new Reduce(reduction, vector);
    }
}
