package dev.tern.compiler.loops;

import dev.tern.compiler.code.Immediate;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Relation;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.graph.formula.Arithmetic;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.ElementFunction;
import dev.tern.compiler.graph.formula.Formula;
import dev.tern.compiler.graph.formula.UnaryFunction;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Writes formulas down as expressions, of plain numbers or of vectors of f32.
 *
 * @param wide in f64 rather than f32
 * @param named gives a name to an expression that is used several times
 */
record ValueArithmetic(boolean wide, UnaryOperator<Value> named) implements Arithmetic<Value> {
    static ValueArithmetic f32(UnaryOperator<Value> named) {
        return new ValueArithmetic(false, named);
    }

    /** A function of a value. @param value something that may be written down twice */
    static Value of(ElementFunction function, Value value) {
        return switch (function.precision()) {
            case F32 -> function.formula().in(f32(UnaryOperator.identity()), List.of(value));
            case F64 -> function.formula().in(new ValueArithmetic(true, UnaryOperator.identity()),
                    List.of(value.to(ValueType.DOUBLE))).to(ValueType.FLOAT);
        };
    }

    /** A function of two f32 values. */
    static Value of(BinaryFunction function, Value left, Value right) {
        return f32(UnaryOperator.identity()).binary(function, left, right);
    }

    @Override
    public Value constant(double value) {
        return wide ? Value.of(value) : Value.of((float) value);
    }

    @Override
    public Value unary(UnaryFunction function, Value x) {
        return switch (function) {
            case NEGATE -> x.negated();
            case ABS -> wide ? library(MathFunction.ABS_DOUBLE, x) : MathFunction.ABS_FLOAT.of(x);
            case SQRT -> {
                Value atLeastZero = binary(BinaryFunction.MAXIMUM, x, constant(0));
                yield atLeastZero.type() instanceof ValueType.VectorOf
                        ? MathFunction.SQRT.of(atLeastZero)
                        : library(MathFunction.SQRT, atLeastZero);
            }
            case EXP -> library(MathFunction.EXP, x);
            case EXPM1 -> library(MathFunction.EXPM1, x);
            case LOG -> library(MathFunction.LOG, binary(BinaryFunction.MAXIMUM, x, constant(0)));
            case TANH -> library(MathFunction.TANH, x);
        };
    }

    /** A function of f64. */
    private Value library(MathFunction function, Value x) {
        return wide ? function.of(x) : function.of(x.to(ValueType.DOUBLE)).to(ValueType.FLOAT);
    }

    @Override
    public Value binary(BinaryFunction function, Value left, Value right) {
        return switch (function) {
            case ADD -> left.plus(right);
            case SUBTRACT -> left.minus(right);
            case MULTIPLY -> left.times(right);
            case DIVIDE -> left.dividedBy(right);
            case MINIMUM -> bounded(left, right)
                    ? left.is(Relation.GREATER, right).choose(right, left)
                    : (wide ? MathFunction.MIN_DOUBLE : MathFunction.MIN_FLOAT).of(left, right);
            case MAXIMUM -> bounded(left, right)
                    ? left.is(Relation.AT_MOST, right).choose(right, left)
                    : (wide ? MathFunction.MAX_DOUBLE : MathFunction.MAX_FLOAT).of(left, right);
        };
    }

    /**
     * Whether an extreme is that of a vector and a number of which a comparison and a choice make what Java does: a NaN
     * stays, and +0 is above -0. C2 takes two instructions for these, and six for an extreme of two vectors.
     */
    private static boolean bounded(Value left, Value right) {
        return left instanceof Local && left.type() instanceof ValueType.VectorOf
                && right instanceof Immediate(Float number) && !number.isNaN() && !number.equals(-0f);
    }

    @Override
    public Value choice(Formula.Comparison comparison, Value left, Value right, Value then, Value otherwise) {
        return switch (comparison) {
            case AT_LEAST -> left.atLeast(right).choose(then, otherwise);
            case EQUAL -> left.equalTo(right).choose(then, otherwise);
        };
    }

    @Override
    public Value kept(Value value) {
        return named.apply(value);
    }
}
