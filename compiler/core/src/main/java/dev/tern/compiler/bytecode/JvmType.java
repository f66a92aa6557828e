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
    /** Memory outside the heap, which unlike an array begins where it is asked to. */
    ClassType SEGMENT = new ClassType("java/lang/foreign/MemorySegment");

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

        /** Bytes of an element of an array or vector; 0 for what vectors do not hold. */
        public int bytes() {
            return switch (this) {
                case BYTE -> 1;
                case SHORT -> 2;
                case INT, FLOAT -> 4;
                case LONG, DOUBLE -> 8;
                case BOOLEAN, VOID -> 0;
            };
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

    /**
     * A vector of the Vector API.
     *
     * @param element BYTE, SHORT, INT, LONG, FLOAT or DOUBLE
     * @param lanes how many; with the element's size a width that the Vector API has a species for
     */
    record VectorOf(Primitive element, int lanes) implements JvmType {
        static final String PACKAGE = "jdk/incubator/vector/";

        public VectorOf {
            IllTypedException.require(element.bytes() > 0, "vector of %s", element);
        }

        public int bits() {
            return 8 * element.bytes() * lanes;
        }

        /** The vector of as many bits with other elements. */
        public VectorOf as(Primitive other) {
            return new VectorOf(other, bits() / 8 / other.bytes());
        }

        ClassType owner() {
            String name = element.toString();
            return new ClassType(PACKAGE + Character.toUpperCase(name.charAt(0)) + name.substring(1) + "Vector");
        }

        @Override
        public String descriptor() {
            return owner().descriptor();
        }

        @Override
        public String toString() {
            return owner().toString();
        }
    }

    /** The outcome of a comparison of two vectors, lane by lane. */
    record MaskOf(VectorOf vector) implements JvmType {
        @Override
        public String descriptor() {
            return "L" + VectorOf.PACKAGE + "VectorMask;";
        }

        @Override
        public String toString() {
            return "VectorMask";
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
