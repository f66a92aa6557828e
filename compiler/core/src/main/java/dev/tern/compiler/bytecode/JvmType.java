package dev.tern.compiler.bytecode;

import java.util.Locale;

/** The type of a value, field or parameter in generated code. */
public sealed interface JvmType {
    Primitive INT = Primitive.INT;
    Primitive LONG = Primitive.LONG;
    Primitive FLOAT = Primitive.FLOAT;
    Primitive DOUBLE = Primitive.DOUBLE;
    Primitive BOOLEAN = Primitive.BOOLEAN;
    Primitive VOID = Primitive.VOID;
    ArrayOf BYTES = new ArrayOf(Primitive.BYTE);
    ArrayOf INTS = new ArrayOf(Primitive.INT);
    ArrayOf LONGS = new ArrayOf(Primitive.LONG);
    ArrayOf FLOATS = new ArrayOf(Primitive.FLOAT);
    ArrayOf DOUBLES = new ArrayOf(Primitive.DOUBLE);
    ClassType OBJECT = new ClassType("java/lang/Object");
    ClassType STRING = new ClassType("java/lang/String");
    ClassType CLASS = new ClassType("java/lang/Class");

    /** The type as a class file names it: {@code [F}. */
    String descriptor();

    /** Words on the operand stack: 0 for void, 2 for long and double. */
    default int slots() {
        return 1;
    }

    /** BYTE and SHORT occur as array elements and conversion targets only; on the stack they are ints. */
    enum Primitive implements JvmType {
        INT("I"), LONG("J"), FLOAT("F"), DOUBLE("D"), BYTE("B"), SHORT("S"), BOOLEAN("Z"), VOID("V");

        private final String descriptor;

        Primitive(String descriptor) {
            this.descriptor = descriptor;
        }

        @Override
        public String descriptor() {
            return descriptor;
        }

        @Override
        public int slots() {
            return this == VOID ? 0 : this == LONG || this == DOUBLE ? 2 : 1;
        }

        /** The type of such a value once it is loaded. */
        public Primitive onStack() {
            return this == BYTE || this == SHORT ? INT : this;
        }

        public boolean numeric() {
            return this == INT || this == LONG || this == FLOAT || this == DOUBLE;
        }

        public boolean integral() {
            return this == INT || this == LONG;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    record ArrayOf(Primitive element) implements JvmType {
        @Override
        public String descriptor() {
            return "[" + element.descriptor();
        }

        @Override
        public String toString() {
            return element + "[]";
        }
    }

    /** @param internalName with slashes, {@code dev/tern/runtime/Session} */
    record ClassType(String internalName) implements JvmType {
        public static ClassType of(Class<?> type) {
            return new ClassType(type.getName().replace('.', '/'));
        }

        @Override
        public String descriptor() {
            return "L" + internalName + ";";
        }

        /** The name without its package. */
        @Override
        public String toString() {
            return internalName.substring(internalName.lastIndexOf('/') + 1);
        }
    }
}
