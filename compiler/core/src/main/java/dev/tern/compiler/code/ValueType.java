package dev.tern.compiler.code;

import java.util.Locale;

/** The type of a value, of a parameter or of data in generated code. */
public sealed interface ValueType {
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
    Memory MEMORY = new Memory();

    /** A number or a truth. BYTE and SHORT occur as elements and conversion targets only; loaded, they are ints. */
    enum Primitive implements ValueType {
        INT, LONG, FLOAT, DOUBLE, BYTE, SHORT, BOOLEAN, VOID;

        /** The type of such a value once it is loaded. */
        public Primitive loaded() {
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

    /** An array whose elements are numbered from 0. */
    record ArrayOf(Primitive element) implements ValueType {
        @Override
        public String toString() {
            return element + "[]";
        }
    }

    /** An array of arrays, the rows of a matrix. */
    record RowsOf(Primitive element) implements ValueType {
        @Override
        public String toString() {
            return element + "[][]";
        }
    }

    /**
     * Some numbers on which one instruction works.
     *
     * @param element BYTE, SHORT, INT, LONG, FLOAT or DOUBLE
     * @param lanes how many; with the element's size a width that vectors of the target have
     */
    record VectorOf(Primitive element, int lanes) implements ValueType {
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

        @Override
        public String toString() {
            return "vector of " + lanes + " " + element;
        }
    }

    /** The outcome of a comparison of two vectors, lane by lane. */
    record MaskOf(VectorOf vector) implements ValueType {
        @Override
        public String toString() {
            return "mask of " + vector.lanes() + " " + vector.element();
        }
    }

    /** Memory that unlike an array begins where it is asked to; its places are numbered in bytes, by longs. */
    record Memory() implements ValueType {
        @Override
        public String toString() {
            return "memory";
        }
    }

    /** A type that only one of the languages has in which code is written. */
    non-sealed interface Foreign extends ValueType {
    }
}
