package dev.tern.compiler.bytecode;

import dev.tern.compiler.bytecode.JvmType.ClassType;
import dev.tern.compiler.bytecode.JvmType.MaskOf;
import dev.tern.compiler.bytecode.JvmType.Primitive;
import dev.tern.compiler.bytecode.JvmType.VectorOf;
import java.util.Arrays;
import java.util.List;

/**
 * Expressions over vectors of the Vector API ({@code jdk.incubator.vector}). Each is a call that HotSpot's C2 turns
 * into a machine instruction or a few; a species is always a static final field of the JDK, for anything else makes
 * vectors objects. The module need not be there when a class is emitted, only where it runs.
 *
 * <p>Arithmetic, comparisons, choices and conversions are written as with numbers, through {@link Value}'s methods;
 * here are the operations that only vectors have.
 */
public final class VectorValue {
    private static final ClassType VECTOR = type("Vector");
    private static final ClassType SPECIES = type("VectorSpecies");
    private static final ClassType OPERATORS = type("VectorOperators");
    private static final ClassType BINARY = type("VectorOperators$Binary");
    private static final ClassType ASSOCIATIVE = type("VectorOperators$Associative");
    private static final ClassType UNARY = type("VectorOperators$Unary");
    private static final ClassType COMPARISON = type("VectorOperators$Comparison");
    private static final ClassType CONVERSION = type("VectorOperators$Conversion");
    private static final ClassType MASK = type("VectorMask");
    private static final ClassType BYTE_ORDER = new ClassType("java/nio/ByteOrder");
    private static final Value LITTLE_ENDIAN = new Value.Field(BYTE_ORDER, "LITTLE_ENDIAN", BYTE_ORDER, true);

    private VectorValue() {
    }

    private static ClassType type(String name) {
        return new ClassType(VectorOf.PACKAGE + name);
    }

    /** Whether one of them is a vector. */
    static boolean any(Value... values) {
        return Arrays.stream(values).anyMatch(value -> value.type() instanceof VectorOf);
    }

    /** What the Vector API's own types let pass: any vector as a Vector, an operator as one of its kind. */
    static boolean assignable(JvmType given, JvmType parameter) {
        boolean operators = given instanceof ClassType g && parameter instanceof ClassType p
                && g.internalName().startsWith(OPERATORS.internalName())
                && p.internalName().startsWith(OPERATORS.internalName());
        return operators || given instanceof VectorOf && parameter.equals(VECTOR)
                || given instanceof MaskOf && parameter.equals(MASK);
    }

    private static VectorOf vector(Value value) {
        IllTypedException.require(value.type() instanceof VectorOf, "%s is no vector", value);
        return (VectorOf) value.type();
    }

    private static Value species(VectorOf type) {
        return new Value.Field(type.owner(), "SPECIES_" + type.bits(), SPECIES, true);
    }

    private static Value operator(String name, ClassType kind) {
        return new Value.Field(OPERATORS, name, kind, true);
    }

    private static Value call(Callee.Dispatch kind, ClassType owner, String name, List<JvmType> parameters,
            JvmType result,
            Value... arguments) {
        return new Callee(kind, owner, name, parameters, result).call(arguments);
    }

    /** A method of the vector that stands first. */
    private static Value method(String name, List<JvmType> parameters, JvmType result, Value... arguments) {
        return call(Callee.Dispatch.VIRTUAL, vector(arguments[0]).owner(), name, parameters, result, arguments);
    }

    /** The same number in every lane. */
    public static Value broadcast(VectorOf type, Value number) {
        return call(Callee.Dispatch.STATIC, type.owner(), "broadcast", List.of(SPECIES, type.element()), type,
                species(type), number);
    }

    /** Neighbouring elements of an array. */
    public static Value load(VectorOf type, Value array, Value index) {
        return call(Callee.Dispatch.STATIC, type.owner(), "fromArray",
                List.of(SPECIES, new JvmType.ArrayOf(type.element()), JvmType.INT), type, species(type), array, index);
    }

    /** Neighbouring elements of memory outside the heap. @param offset in bytes, a long */
    public static Value loadFromSegment(VectorOf type, Value segment, Value offset) {
        return call(Callee.Dispatch.STATIC, type.owner(), "fromMemorySegment",
                List.of(SPECIES, JvmType.SEGMENT, JvmType.LONG, BYTE_ORDER), type, species(type), segment, offset,
                LITTLE_ENDIAN);
    }

    /** Stores all lanes to neighbouring elements of an array. */
    public static Value.Call store(Value vector, Value array, Value index) {
        VectorOf type = vector(vector);
        return (Value.Call) method("intoArray", List.of(new JvmType.ArrayOf(type.element()), JvmType.INT),
                JvmType.VOID, vector, array, index);
    }

    static Value lanewise(String name, Value left, Value right) {
        VectorOf type = any(left) ? vector(left) : vector(right);
        return method(name, List.of(VECTOR), type, lift(type, left), lift(type, right));
    }

    static Value fma(Value a, Value b, Value c) {
        VectorOf type = any(a) ? vector(a) : any(b) ? vector(b) : vector(c);
        return method("fma", List.of(VECTOR, VECTOR), type, lift(type, a), lift(type, b), lift(type, c));
    }

    private static Value lift(VectorOf type, Value value) {
        return any(value) ? value : broadcast(type, value);
    }

    static Value binary(Operator operator, Value left, Value right) {
        VectorOf type = any(left) ? vector(left) : vector(right);
        IllTypedException.require(!any(left, right) || !any(left) || !any(right) || left.type().equals(right.type()),
                "%s %s %s", left.type(), operator.symbol(), right.type());
        return switch (operator) {
            case ADD -> lanewise("add", left, right);
            case SUBTRACT -> lanewise("sub", left, right);
            case MULTIPLY -> lanewise("mul", left, right);
            case DIVIDE -> lanewise("div", left, right);
            case AND -> associative("AND", type, left, right);
            case OR -> associative("OR", type, left, right);
            case XOR -> associative("XOR", type, left, right);
            case SHIFT_LEFT -> shift("LSHL", type, left, right);
            case SHIFT_RIGHT -> shift("ASHR", type, left, right);
            case SHIFT_RIGHT_UNSIGNED -> shift("LSHR", type, left, right);
            case REMAINDER -> throw new IllTypedException("remainder of vectors");
        };
    }

    private static Value associative(String name, VectorOf type, Value left, Value right) {
        return method("lanewise", List.of(BINARY, VECTOR), type, lift(type, left), operator(name, ASSOCIATIVE),
                lift(type, right));
    }

    /** Shifts every lane by the same number of bits, an int. */
    private static Value shift(String name, VectorOf type, Value vector, Value bits) {
        Value count = type.element() == Primitive.LONG ? bits.to(JvmType.LONG) : bits;
        return method("lanewise", List.of(BINARY, type.element()), type, vector, operator(name, BINARY), count);
    }

    /** The number of one-bits of every lane. */
    public static Value bitCount(Value vector) {
        return lanewise("BIT_COUNT", vector);
    }

    /** Of every bit the one of {@code whenSet} where the mask has a one, else that of {@code whenClear}. */
    public static Value select(Value mask, Value whenSet, Value whenClear) {
        return method("bitwiseBlend", List.of(VECTOR, VECTOR), vector(whenClear), whenClear, whenSet, mask);
    }

    /** A function of every lane: {@code ABS}, {@code NEG}, {@code SQRT}. */
    static Value lanewise(String name, Value vector) {
        return method("lanewise", List.of(UNARY), vector.type(), vector, operator(name, UNARY));
    }

    static Value compare(Relation relation, Value left, Value right) {
        VectorOf type = any(left) ? vector(left) : vector(right);
        String name = switch (relation) {
            case LESS -> "LT";
            case AT_MOST -> "LE";
            case GREATER -> "GT";
            case AT_LEAST -> "GE";
            case EQUAL -> "EQ";
            case NOT_EQUAL -> "NE";
        };
        return method("compare", List.of(COMPARISON, VECTOR), new MaskOf(type), lift(type, left),
                operator(name, COMPARISON), lift(type, right));
    }

    static Value blend(Value mask, Value whenTrue, Value whenFalse) {
        VectorOf type = any(whenTrue)
                ? vector(whenTrue)
                : any(whenFalse)
                        ? vector(whenFalse)
                        : ofNumber(mask,
                                whenTrue);
        MaskOf of = new MaskOf(type);
        Value fitting = mask.type().equals(of)
                ? mask
                : call(Callee.Dispatch.VIRTUAL, MASK, "cast", List.of(SPECIES), of, mask, species(type));
        return method("blend", List.of(VECTOR, MASK), type, lift(type, whenFalse), lift(type, whenTrue), fitting);
    }

    /** The vector of numbers that are chosen by a mask of as many lanes. */
    private static VectorOf ofNumber(Value mask, Value number) {
        return ((MaskOf) mask.type()).vector().as((Primitive) number.type());
    }

    /** A bit for every lane, that of the first the lowest. */
    public static Value bits(Value mask) {
        return call(Callee.Dispatch.VIRTUAL, MASK, "toLong", List.of(), JvmType.LONG, mask);
    }

    static Value convert(Value vector, Primitive target) {
        VectorOf from = vector(vector);
        if (from.element() == target) {
            return vector;
        }
        VectorOf to = new VectorOf(target, from.lanes());
        if (from.bits() == to.bits()) {
            Value name = operator(letter(from.element()) + "2" + letter(target), CONVERSION);
            return new Value.Cast(to, method("convert", List.of(CONVERSION, JvmType.INT), VECTOR, vector, name,
                    Value.of(0)));
        }
        return new Value.Cast(to, method("castShape", List.of(SPECIES, JvmType.INT), VECTOR, vector, species(to),
                Value.of(0)));
    }

    /** Some lanes converted: as many as {@code target} has. @param part which, counted in such vectors */
    public static Value part(Value vector, VectorOf target, int part) {
        return new Value.Cast(target, method("castShape", List.of(SPECIES, JvmType.INT), VECTOR, vector,
                species(target), Value.of(part)));
    }

    private static char letter(Primitive element) {
        return Character.toUpperCase(element.toString().charAt(0));
    }

    /** The same bits as lanes of another type. @param target BYTE, SHORT, INT, LONG or FLOAT */
    public static Value reinterpret(Value vector, Primitive target) {
        VectorOf type = vector(vector);
        String name = target.toString();
        String plural = Character.toUpperCase(name.charAt(0)) + name.substring(1) + "s";
        return type.element() == target ? vector : method("reinterpretAs" + plural, List.of(), type.as(target), vector);
    }

    /** The same lanes at the beginning of a wider vector of the same elements. */
    public static Value widen(Value vector, VectorOf wider) {
        return new Value.Cast(wider, method("reinterpretShape", List.of(SPECIES, JvmType.INT), VECTOR, vector,
                species(wider), Value.of(0)));
    }

    /** For every lane the lane of {@code table} that it names; names count modulo the lanes. */
    public static Value lookUp(Value indices, Value table) {
        return method("selectFrom", List.of(VECTOR), indices.type(), indices, table);
    }

    /** The lanes taken together. @param operation MIN, MAX or ADD */
    public static Value reduce(String operation, Value vector) {
        VectorOf type = vector(vector);
        return method("reduceLanes", List.of(ASSOCIATIVE), type.element().onStack(), vector,
                operator(operation, ASSOCIATIVE));
    }
}
