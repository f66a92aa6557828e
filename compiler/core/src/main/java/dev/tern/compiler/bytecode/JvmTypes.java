package dev.tern.compiler.bytecode;

import dev.tern.compiler.code.IllTypedException;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.code.ValueType.Primitive;
import java.util.Locale;

/** Types as the JVM has them. */
final class JvmTypes {
    /** Where the Vector API's types are. */
    static final String VECTORS = "jdk/incubator/vector/";
    private static final ClassType MEMORY = new ClassType("java/lang/foreign/MemorySegment");
    private static final ClassType MASK = new ClassType(VECTORS + "VectorMask");

    private JvmTypes() {
    }

    /** The type as a class file names it: {@code [F}. */
    static String descriptor(ValueType type) {
        return switch (type) {
            case Primitive primitive -> switch (primitive) {
                case INT -> "I";
                case LONG -> "J";
                case FLOAT -> "F";
                case DOUBLE -> "D";
                case BYTE -> "B";
                case SHORT -> "S";
                case BOOLEAN -> "Z";
                case VOID -> "V";
            };
            case ValueType.ArrayOf(var element) -> "[" + descriptor(element);
            case ValueType.RowsOf(var element) -> "[[" + descriptor(element);
            // @formatter:off
            case ValueType.VectorOf _, ValueType.MaskOf _, ValueType.Memory _, ValueType.Foreign _ ->
            // @formatter:on
                "L" + classOf(type).internalName() + ";";
        };
    }

    /** The class whose objects are the values of a type. */
    static ClassType classOf(ValueType type) {
        return switch (type) {
            case ValueType.VectorOf vector -> new ClassType(VECTORS + capitalized(vector.element()) + "Vector");
            case ValueType.MaskOf _ -> MASK;
            case ValueType.Memory _ -> MEMORY;
            case ValueType.Foreign foreign -> (ClassType) foreign;
            case Primitive _,ValueType.ArrayOf _,ValueType.RowsOf _ -> throw new IllTypedException(type
                    + " is no class");
        };
    }

    /** {@code Int} of INT. */
    static String capitalized(Primitive type) {
        String name = type.toString();
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    /** Words on the operand stack: 0 for void, 2 for long and double. */
    static int slots(ValueType type) {
        return type == ValueType.VOID ? 0 : type == ValueType.LONG || type == ValueType.DOUBLE ? 2 : 1;
    }

    /** The type of Java's that a class is. */
    static ValueType of(Class<?> type) {
        if (type.isPrimitive()) {
            return Primitive.valueOf(type.getName().toUpperCase(Locale.ROOT));
        }
        if (type.isArray()) {
            Class<?> component = type.getComponentType();
            return component.isArray()
                    ? new ValueType.RowsOf((Primitive) of(component.getComponentType()))
                    : new ValueType.ArrayOf((Primitive) of(component));
        }
        ClassType named = ClassType.of(type);
        return named.equals(MEMORY) ? ValueType.MEMORY : named;
    }

    static boolean reference(ValueType type) {
        return !(type instanceof Primitive);
    }
}
