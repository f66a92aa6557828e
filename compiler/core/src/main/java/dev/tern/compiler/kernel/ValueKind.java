package dev.tern.compiler.kernel;

import dev.tern.compiler.graph.ElementType;

/**
 * What a value on its way through an epilogue is: f32, an int, a code, or a sum in double. The bank is the one that the
 * value is stored to unpacked.
 *
 * @param code the code's type when the bank is I8, else null
 */
public record ValueKind(Bank bank, ElementType.Code code) {
    public ValueKind {
        if ((bank == Bank.I8) != (code != null)) {
            throw new IllegalArgumentException("code " + code + " for bank " + bank);
        }
    }

    /** Who reads plain elements, all of one kind. */
    public interface Reader {
        ValueKind elements();

        /** Where they lie. */
        default Bank bank() {
            return elements().bank();
        }

        /** The type of codes; null of other elements. */
        default ElementType.Code code() {
            return elements().code();
        }
    }

    public static final ValueKind FLOAT = new ValueKind(Bank.F32, null);
    public static final ValueKind INT = new ValueKind(Bank.I32, null);
    /** A sum in double, kept as its bits; it goes no way but through {@link Step.Mean}. */
    public static final ValueKind SUM = new ValueKind(Bank.I64, null);

    public static ValueKind of(ElementType.Code code) {
        return new ValueKind(Bank.I8, code);
    }

    /** How a tensor's elements lie unpacked. */
    public static ValueKind of(ElementType type) {
        return switch (type) {
            case ElementType.F32 f -> FLOAT;
            case ElementType.Code code -> of(code);
            case ElementType.Accumulator a -> INT;
            case ElementType.StepIndex s -> INT;
        };
    }

    /** What a producer gives. */
    public static ValueKind of(Producer producer) {
        return switch (producer) {
            case Producer.Load load -> load.elements();
            case Producer.LoadConstant load -> load.elements();
            case Producer.PackedProduct product -> INT;
            case Producer.MultiplyProduct product -> product.floating() ? FLOAT : INT;
            case Producer.TileProduct product -> product.floating() ? FLOAT : INT;
            case Producer.Pool pool -> pool.elements();
        };
    }

    /** What a step makes of a value of this kind. */
    public ValueKind after(Step step) {
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
            case Step.Requantize s -> of(s.code());
            case Step.LookUp s -> s.code() == null ? INT : of(s.code());
            case Step.WithLookUp s -> INT;
            case Step.Threshold s -> of(s.code());
            case Step.Quantize s -> of(s.grid().code());
            case Step.Sign s -> of(ElementType.BIPOLAR);
            case Step.Ternarize s -> of(ElementType.TERNARY);
            case Step.Store s -> this;
        };
    }

    public boolean floating() {
        return bank == Bank.F32;
    }

    /** {@code f32}, {@code i32}, {@code u4}. */
    @Override
    public String toString() {
        return code != null ? code.toString() : this.equals(SUM) ? "sum" : bank == Bank.F32 ? "f32" : "i32";
    }
}
