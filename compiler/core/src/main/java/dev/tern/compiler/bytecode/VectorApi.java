package dev.tern.compiler.bytecode;

import dev.tern.compiler.bytecode.JavaMethod.Dispatch;
import dev.tern.compiler.code.IllTypedException;
import dev.tern.compiler.code.Instruction;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Relation;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.code.ValueType.MaskOf;
import dev.tern.compiler.code.ValueType.Primitive;
import dev.tern.compiler.code.ValueType.VectorOf;
import dev.tern.compiler.code.VectorValue;
import java.util.List;

/**
 * Vectors as calls of the Vector API ({@code jdk.incubator.vector}), each of which HotSpot's C2 turns into a machine
 * instruction or a few; a species is always a static final field of the JDK, for anything else makes vectors objects.
 *
 * <p>For that C2 has to know the class of a receiver, say Int512Vector, which it is told where it would not, see
 * {@link VectorClasses}. A variable that a loop assigns anew it would have to be told each time, so of two operands
 * whose order does not matter such a variable is never the first.
 *
 * <p>The module need not be there when a class is emitted, only where it runs.
 */
final class VectorApi {
    private static final ClassType VECTOR = type("Vector");
    static final ClassType SPECIES = type("VectorSpecies");
    private static final ClassType OPERATORS = type("VectorOperators");
    private static final ClassType BINARY = type("VectorOperators$Binary");
    private static final ClassType ASSOCIATIVE = type("VectorOperators$Associative");
    private static final ClassType UNARY = type("VectorOperators$Unary");
    private static final ClassType COMPARISON = type("VectorOperators$Comparison");
    private static final ClassType CONVERSION = type("VectorOperators$Conversion");
    private static final ClassType MASK = type("VectorMask");
    private static final ClassType BYTE_ORDER = new ClassType("java/nio/ByteOrder");
    private static final Value LITTLE_ENDIAN = new JvmValue.StaticField(BYTE_ORDER, "LITTLE_ENDIAN", BYTE_ORDER);
    private static final String STORE = "intoArray";

    private VectorApi() {
    }

    private static ClassType type(String name) {
        return new ClassType(JvmTypes.VECTORS + name);
    }

    /** What the Vector API's own types let pass: any vector as a Vector, an operator as one of its kind. */
    static boolean assignable(ValueType given, ValueType parameter) {
        boolean operators = given instanceof ClassType g && parameter instanceof ClassType p
                && g.internalName().startsWith(OPERATORS.internalName())
                && p.internalName().startsWith(OPERATORS.internalName());
        return operators || given instanceof VectorOf && parameter.equals(VECTOR)
                || given instanceof MaskOf && parameter.equals(MASK);
    }

    /** Whether C2 knows the class of what such an expression gives, where it knows those of the receivers in it. */
    static boolean known(VectorValue value) {
        return switch (value) {
            // @formatter:off
            case VectorValue.Binary _, VectorValue.Shift _, VectorValue.Lanewise _, VectorValue.BitCount _,
                 VectorValue.Select _, VectorValue.Compare _, VectorValue.Blend _, VectorValue.Bits _,
                 VectorValue.LookUp _, VectorValue.Reduce _ -> true;
            case VectorValue.Broadcast _, VectorValue.Load _, VectorValue.LoadFromMemory _, VectorValue.Convert _,
                 VectorValue.ConvertedPart _, VectorValue.Reinterpret _, VectorValue.Widen _ -> false;
            // @formatter:on
        };
    }

    /** Whether a method writes its receiver into an array. */
    static boolean stores(JavaMethod method) {
        return method.name().equals(STORE);
    }

    /** The expression in Java. */
    static JvmValue of(VectorValue value) {
        return switch (value) {
            case VectorValue.Broadcast(var type, var number) -> ofType(type, "broadcast",
                    List.of(SPECIES, type.element()), species(type), number);
            case VectorValue.Load(var type, var array, var index) -> ofType(type, "fromArray",
                    List.of(SPECIES, array.type(), ValueType.INT), species(type), array, index);
            case VectorValue.LoadFromMemory(var type, var memory, var offset) -> ofType(type, "fromMemorySegment",
                    List.of(SPECIES, ValueType.MEMORY, ValueType.LONG, BYTE_ORDER), species(type), memory, offset,
                    LITTLE_ENDIAN);
            case VectorValue.Binary(var operator, var left, var right) -> binary(operator, left, right);
            case VectorValue.Shift(var operator, var vector, var bits) -> shift(operator, vector, bits);
            case VectorValue.Lanewise(var function, var arguments) -> function(function, arguments);
            case VectorValue.BitCount(var vector) -> unary("BIT_COUNT", vector);
            case VectorValue.Select(var mask, var set, var clear) -> method("bitwiseBlend", List.of(VECTOR, VECTOR),
                    clear.type(), clear, set, mask);
            case VectorValue.Compare(var relation, var left, var right) -> method("compare",
                    List.of(COMPARISON, VECTOR), value.type(), left, operator(name(relation), COMPARISON), right);
            case VectorValue.Blend blend -> method("blend", List.of(VECTOR, MASK), blend.type(), blend.whenFalse(),
                    blend.whenTrue(), fitting(blend.mask(), blend.type()));
            case VectorValue.Bits(var mask) -> ofMask("toLong", List.of(), ValueType.LONG, mask);
            case VectorValue.Convert(var type, var vector) -> convert(type, vector);
            case VectorValue.ConvertedPart(var type, var vector, var part) -> castShape(type, vector, part);
            case VectorValue.Reinterpret(var type, var vector) -> method(
                    "reinterpretAs" + JvmTypes.capitalized(type.element()) + "s", List.of(), type, vector);
            case VectorValue.Widen(var type, var vector) -> new JvmValue.Cast(type, method("reinterpretShape",
                    List.of(SPECIES, ValueType.INT), VECTOR, vector, species(type), Value.of(0)));
            case VectorValue.LookUp(var indices, var table) -> method("selectFrom", List.of(VECTOR), indices.type(),
                    indices, table);
            case VectorValue.Reduce(var reduction, var vector) -> method("reduceLanes", List.of(ASSOCIATIVE),
                    value.type(), vector, operator(reduction.name(), ASSOCIATIVE));
        };
    }

    /** The statement in Java. */
    static JvmValue.JavaCall of(Instruction.StoreVector store) {
        return method(STORE, List.of(store.array().type(), ValueType.INT), ValueType.VOID, store.vector(),
                store.array(), store.index());
    }

    /** The species of such vectors, a constant. */
    static Value species(VectorOf type) {
        return new JvmValue.StaticField(JvmTypes.classOf(type), "SPECIES_" + type.bits(), SPECIES);
    }

    private static Value operator(String name, ClassType kind) {
        return new JvmValue.StaticField(OPERATORS, name, kind);
    }

    /** A static method of a vector's class that makes such a vector. */
    private static JvmValue ofType(VectorOf type, String name, List<ValueType> parameters, Value... arguments) {
        return new JavaMethod(Dispatch.STATIC, JvmTypes.classOf(type), name, parameters, type).call(arguments);
    }

    /** A method of the vector that stands first. */
    private static JvmValue.JavaCall method(String name, List<ValueType> parameters, ValueType result,
            Value... arguments) {
        return new JavaMethod(Dispatch.VIRTUAL, JvmTypes.classOf(arguments[0].type()), name, parameters, result)
                .call(arguments);
    }

    /** A method of the mask that stands first. */
    private static JvmValue ofMask(String name, List<ValueType> parameters, ValueType result, Value... arguments) {
        return new JavaMethod(Dispatch.VIRTUAL, MASK, name, parameters, result).call(arguments);
    }

    private static JvmValue binary(Operator operator, Value left, Value right) {
        return switch (operator) {
            case ADD -> commutative("add", left, right);
            case SUBTRACT -> withVector("sub", left, right);
            case MULTIPLY -> commutative("mul", left, right);
            case DIVIDE -> withVector("div", left, right);
            case AND -> associative("AND", left, right);
            case OR -> associative("OR", left, right);
            case XOR -> associative("XOR", left, right);
            case REMAINDER, SHIFT_LEFT, SHIFT_RIGHT, SHIFT_RIGHT_UNSIGNED ->
                throw new IllTypedException(operator + " of vectors");
        };
    }

    private static JvmValue withVector(String name, Value left, Value right) {
        return method(name, List.of(VECTOR), left.type(), left, right);
    }

    private static JvmValue commutative(String name, Value left, Value right) {
        return varies(left) ? withVector(name, right, left) : withVector(name, left, right);
    }

    private static JvmValue associative(String name, Value left, Value right) {
        boolean swap = varies(left);
        return method("lanewise", List.of(BINARY, VECTOR), left.type(), swap ? right : left,
                operator(name, ASSOCIATIVE), swap ? left : right);
    }

    /** Whether C2 may not know of which class the vector is. */
    private static boolean varies(Value value) {
        return value instanceof Local local && local.reassigned();
    }

    private static JvmValue shift(Operator operator, Value vector, Value bits) {
        VectorOf type = (VectorOf) vector.type();
        String name = switch (operator) {
            case SHIFT_LEFT -> "LSHL";
            case SHIFT_RIGHT -> "ASHR";
            case SHIFT_RIGHT_UNSIGNED -> "LSHR";
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, REMAINDER, AND, OR, XOR ->
                throw new IllTypedException(operator + " is no shift");
        };
        if (bits.type() instanceof VectorOf) {
            return method("lanewise", List.of(BINARY, VECTOR), type, vector, operator(name, BINARY), bits);
        }
        Value count = type.element() == Primitive.LONG ? bits.to(ValueType.LONG) : bits;
        return method("lanewise", List.of(BINARY, type.element()), type, vector, operator(name, BINARY), count);
    }

    private static JvmValue function(MathFunction function, List<Value> arguments) {
        return switch (function) {
            case MAX_INT, MAX_FLOAT -> commutative("max", arguments.get(0), arguments.get(1));
            case MIN_INT, MIN_FLOAT -> commutative("min", arguments.get(0), arguments.get(1));
            case FMA -> method("fma", List.of(VECTOR, VECTOR), arguments.getFirst().type(),
                    arguments.toArray(Value[]::new));
            case ABS_FLOAT, ABS_DOUBLE -> unary("ABS", arguments.getFirst());
            case SQRT -> unary("SQRT", arguments.getFirst());
            case BIT_COUNT_INT, BIT_COUNT_LONG, MAX_DOUBLE, MIN_DOUBLE, RINT, FLOAT_BITS, FLOAT_OF_BITS, DOUBLE_BITS,
                    DOUBLE_OF_BITS, EXP, EXPM1, LOG, TANH ->
                throw new IllTypedException(function + " of vectors");
        };
    }

    private static JvmValue unary(String name, Value vector) {
        return method("lanewise", List.of(UNARY), vector.type(), vector, operator(name, UNARY));
    }

    private static String name(Relation relation) {
        return switch (relation) {
            case LESS -> "LT";
            case AT_MOST -> "LE";
            case GREATER -> "GT";
            case AT_LEAST -> "GE";
            case EQUAL -> "EQ";
            case NOT_EQUAL -> "NE";
        };
    }

    /** The mask as one of vectors of that type. */
    private static Value fitting(Value mask, VectorOf type) {
        MaskOf wanted = new MaskOf(type);
        return mask.type().equals(wanted) ? mask : ofMask("cast", List.of(SPECIES), wanted, mask, species(type));
    }

    private static JvmValue convert(VectorOf to, Value vector) {
        VectorOf from = (VectorOf) vector.type();
        if (from.bits() != to.bits()) {
            return castShape(to, vector, 0);
        }
        Value name = operator(letter(from.element()) + "2" + letter(to.element()), CONVERSION);
        return new JvmValue.Cast(to, method("convert", List.of(CONVERSION, ValueType.INT), VECTOR, vector, name,
                Value.of(0)));
    }

    private static JvmValue castShape(VectorOf to, Value vector, int part) {
        return new JvmValue.Cast(to, method("castShape", List.of(SPECIES, ValueType.INT), VECTOR, vector, species(to),
                Value.of(part)));
    }

    private static char letter(Primitive element) {
        return Character.toUpperCase(element.toString().charAt(0));
    }
}
