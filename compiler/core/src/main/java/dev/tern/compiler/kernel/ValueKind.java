package dev.tern.compiler.kernel;

import dev.tern.compiler.graph.ElementType;

/**
 * What a value on its way through an epilogue is: f32, an int, a code, or a sum in double. The bank is the one that the
 * value is stored to unpacked.
 */
public sealed interface ValueKind {
    ValueKind FLOAT = new Real();
    ValueKind INT = new Int();
    ValueKind SUM = new Sum();

    Bank bank();

    /** Whether it is a code. */
    default boolean coded() {
        return false;
    }

    /** The type of the code. @throws IllegalStateException if it is none */
    default ElementType.Code code() {
        throw new IllegalStateException(this + " is no code");
    }

    default boolean floating() {
        return bank() == Bank.F32;
    }

    /** f32. */
    record Real() implements ValueKind {
        @Override
        public Bank bank() {
            return Bank.F32;
        }

        @Override
        public String toString() {
            return "f32";
        }
    }

    /** An int32, such as an accumulator. */
    record Int() implements ValueKind {
        @Override
        public Bank bank() {
            return Bank.I32;
        }

        @Override
        public String toString() {
            return "i32";
        }
    }

    /** A sum in double, kept as its bits; it goes no way but through {@link Step.Mean}. */
    record Sum() implements ValueKind {
        @Override
        public Bank bank() {
            return Bank.I64;
        }

        @Override
        public String toString() {
            return "sum";
        }
    }

    /** A code of this type. */
    record Coded(ElementType.Code code) implements ValueKind {
        @Override
        public Bank bank() {
            return Bank.I8;
        }

        @Override
        public boolean coded() {
            return true;
        }

        /** {@code u4}. */
        @Override
        public String toString() {
            return code.toString();
        }
    }

    /** Who reads plain elements, all of one kind. */
    interface Reader {
        ValueKind elements();

        /** Where they lie. */
        default Bank bank() {
            return elements().bank();
        }

        /** The type of codes. @throws IllegalStateException if the elements are none */
        default ElementType.Code code() {
            return elements().code();
        }
    }

    static ValueKind of(ElementType.Code code) {
        return new Coded(code);
    }

    /** How a tensor's elements lie unpacked. */
    static ValueKind of(ElementType type) {
        return switch (type) {
            case ElementType.F32 f -> FLOAT;
            case ElementType.Code code -> of(code);
            case ElementType.Accumulator a -> INT;
            case ElementType.StepIndex s -> INT;
        };
    }

    /** What a producer gives. */
    static ValueKind of(Producer producer) {
        return switch (producer) {
            case Producer.Load load -> load.elements();
            case Producer.LoadConstant load -> load.elements();
            case Producer.PackedProduct product -> INT;
            case Producer.MultiplyProduct product -> product.floating() ? FLOAT : INT;
            case Producer.TileProduct product -> product.floating() ? FLOAT : INT;
            case Producer.Pool pool -> pool.kind() == Producer.PoolKind.SUM ? INT : pool.elements();
        };
    }

    /** What a step makes of a value of this kind. */
    default ValueKind after(Step step) {
        return switch (step) {
            case Step.ToFloat s -> FLOAT;
            case Step.SubtractZero s -> INT;
            case Step.Multiply s -> FLOAT;
            case Step.Rescale s -> FLOAT;
            case Step.Affine s -> FLOAT;
            case Step.Mean s -> FLOAT;
            case Step.WithConstant s -> FLOAT;
            case Step.WithBuffer s -> FLOAT;
            case Step.WithCodes s -> FLOAT;
            case Step.Activation s -> FLOAT;
            case Step.Clip s -> FLOAT;
            case Step.PRelu s -> FLOAT;
            case Step.Requantize s -> s.result();
            case Step.LookUp s -> s.entries();
            case Step.WithLookUp s -> INT;
            case Step.AddShifted s -> INT;
            case Step.AddInts s -> INT;
            case Step.Saturate s -> of(s.code());
            case Step.Threshold s -> of(s.code());
            case Step.Quantize s -> of(s.grid().code());
            case Step.QuantizeToReal s -> FLOAT;
            case Step.Sign s -> of(ElementType.BIPOLAR);
            case Step.Ternarize s -> of(ElementType.TERNARY);
            case Step.Store s -> this;
        };
    }
}
