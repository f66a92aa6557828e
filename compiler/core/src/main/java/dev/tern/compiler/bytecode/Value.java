package dev.tern.compiler.bytecode;

import java.util.List;

/**
 * An expression of generated code. It is checked when it is built, knows its type, and prints as Java
 * ({@link Object#toString}); operands of binary operators must agree in type, conversions are explicit.
 */
public sealed interface Value permits Immediate, Local, Value.BinaryOperation, Value.Negation, Condition,
        Value.Conversion,
        Value.ArrayElement, Value.Length, Value.Field, Value.Call, Value.Choice, Value.Cast, Value.This,
        Value.ClassLiteral {
    JvmType type();

    static Value of(int number) {
        return Immediate.of(number);
    }

    static Value of(long number) {
        return Immediate.of(number);
    }

    static Value of(float number) {
        return Immediate.of(number);
    }

    static Value of(double number) {
        return Immediate.of(number);
    }

    /**
     * left operator right; an int or long operation that changes nothing ({@code x + 0}) is x itself. Where one side is
     * a vector the operation is taken lane by lane, and a number on the other side stands in every lane.
     */
    static Value binary(Operator operator, Value left, Value right) {
        if (VectorValue.any(left, right)) {
            return VectorValue.binary(operator, left, right);
        }
        Value result = new BinaryOperation(operator, left, right);
        return operator.neutral(right) ? left : result;
    }

    default Value plus(Value right) {
        return binary(Operator.ADD, this, right);
    }

    default Value plus(int right) {
        return plus(of(right));
    }

    default Value minus(Value right) {
        return binary(Operator.SUBTRACT, this, right);
    }

    default Value minus(int right) {
        return minus(of(right));
    }

    default Value times(Value right) {
        return binary(Operator.MULTIPLY, this, right);
    }

    default Value times(int right) {
        return times(of(right));
    }

    default Value dividedBy(Value right) {
        return binary(Operator.DIVIDE, this, right);
    }

    default Value and(Value right) {
        return binary(Operator.AND, this, right);
    }

    default Value or(Value right) {
        return binary(Operator.OR, this, right);
    }

    default Value xor(Value right) {
        return binary(Operator.XOR, this, right);
    }

    default Value shiftLeft(int bits) {
        return binary(Operator.SHIFT_LEFT, this, of(bits));
    }

    default Value shiftLeft(Value bits) {
        return binary(Operator.SHIFT_LEFT, this, bits);
    }

    default Value shiftRight(int bits) {
        return binary(Operator.SHIFT_RIGHT, this, of(bits));
    }

    default Value shiftRightUnsigned(Value bits) {
        return binary(Operator.SHIFT_RIGHT_UNSIGNED, this, bits);
    }

    default Value negated() {
        return new Negation(this);
    }

    default Value is(Relation relation, Value right) {
        return VectorValue.any(this, right)
                ? VectorValue.compare(relation, this, right)
                : new Condition.Comparison(relation, this, right);
    }

    default Value lessThan(Value right) {
        return is(Relation.LESS, right);
    }

    default Value atLeast(Value right) {
        return is(Relation.AT_LEAST, right);
    }

    default Value greaterThan(Value right) {
        return is(Relation.GREATER, right);
    }

    default Value equalTo(Value right) {
        return is(Relation.EQUAL, right);
    }

    default Value andAlso(Value right) {
        return new Condition.Logic(true, this, right);
    }

    default Value orElse(Value right) {
        return new Condition.Logic(false, this, right);
    }

    default Value not() {
        return new Condition.Not(this);
    }

    /** this ? whenTrue : whenFalse. */
    default Value choose(Value whenTrue, Value whenFalse) {
        return type() instanceof JvmType.MaskOf
                ? VectorValue.blend(this, whenTrue, whenFalse)
                : new Choice(this, whenTrue, whenFalse);
    }

    /** Java's conversion; a value of that type already is itself. */
    default Value to(JvmType.Primitive target) {
        return VectorValue.any(this)
                ? VectorValue.convert(this, target)
                : type() == target ? this : new Conversion(target, this);
    }

    default ArrayElement at(Value index) {
        return new ArrayElement(this, index);
    }

    default ArrayElement at(int index) {
        return new ArrayElement(this, of(index));
    }

    default Value length() {
        return new Length(this);
    }

    record BinaryOperation(Operator operator, Value left, Value right) implements Value {
        public BinaryOperation {
            operator.check(left.type(), right.type());
        }

        @Override
        public JvmType type() {
            return left.type();
        }

        @Override
        public String toString() {
            return "(" + left + " " + operator.symbol() + " " + right + ")";
        }
    }

    record Negation(Value operand) implements Value {
        public Negation {
            IllTypedException.require(operand.type() instanceof JvmType.Primitive p && p.numeric(), "-%s",
                    operand.type());
        }

        @Override
        public JvmType type() {
            return operand.type();
        }

        @Override
        public String toString() {
            return "(-" + operand + ")";
        }
    }

    record Conversion(JvmType.Primitive target, Value operand) implements Value {
        public Conversion {
            boolean known = operand.type() instanceof JvmType.Primitive from && from.numeric()
                    && (target.numeric() || from == JvmType.INT && target.onStack() == JvmType.INT);
            IllTypedException.require(known, "(%s) %s", target, operand.type());
        }

        @Override
        public JvmType type() {
            return target.onStack();
        }

        @Override
        public String toString() {
            return "((" + target + ") " + operand + ")";
        }
    }

    /** {@code array[index]}. */
    record ArrayElement(Value array, Value index) implements Value {
        public ArrayElement {
            IllTypedException.require(array.type() instanceof JvmType.ArrayOf && index.type() == JvmType.INT,
                    "%s[%s]", array.type(), index.type());
        }

        JvmType.Primitive elementType() {
            return ((JvmType.ArrayOf) array.type()).element();
        }

        @Override
        public JvmType type() {
            return elementType().onStack();
        }

        @Override
        public String toString() {
            String inner = index.toString();
            boolean parenthesized = index instanceof BinaryOperation || index instanceof Choice;
            return array + "[" + (parenthesized ? inner.substring(1, inner.length() - 1) : inner) + "]";
        }
    }

    record Length(Value array) implements Value {
        public Length {
            IllTypedException.require(array.type() instanceof JvmType.ArrayOf, "%s.length", array.type());
        }

        @Override
        public JvmType type() {
            return JvmType.INT;
        }

        @Override
        public String toString() {
            return array + ".length";
        }
    }

    /** A static field, or a field of {@code this}. */
    record Field(JvmType.ClassType owner, String name, JvmType type, boolean isStatic) implements Value {
        @Override
        public String toString() {
            return isStatic ? owner + "." + name : "this." + name;
        }
    }

    /** A call; for anything but a static method the first argument is the receiver. */
    record Call(Callee callee, List<Value> arguments) implements Value {
        public Call {
            arguments = List.copyOf(arguments);
            callee.check(arguments);
        }

        @Override
        public JvmType type() {
            return callee.result();
        }

        @Override
        public String toString() {
            return callee.render(arguments);
        }
    }

    record Choice(Value condition, Value whenTrue, Value whenFalse) implements Value {
        public Choice {
            IllTypedException.require(condition.type() == JvmType.BOOLEAN && whenTrue.type().equals(whenFalse.type()),
                    "%s ? %s : %s", condition.type(), whenTrue.type(), whenFalse.type());
        }

        @Override
        public JvmType type() {
            return whenTrue.type();
        }

        @Override
        public String toString() {
            return "(" + condition + " ? " + whenTrue + " : " + whenFalse + ")";
        }
    }

    /** {@code (Target) object}. */
    record Cast(JvmType target, Value operand) implements Value {
        @Override
        public JvmType type() {
            return target;
        }

        @Override
        public String toString() {
            return "((" + target + ") " + operand + ")";
        }
    }

    /** The object whose method this is. */
    record This(JvmType.ClassType type) implements Value {
        @Override
        public String toString() {
            return "this";
        }
    }

    /** {@code Digits.class}. */
    record ClassLiteral(JvmType.ClassType named) implements Value {
        @Override
        public JvmType type() {
            return JvmType.CLASS;
        }

        @Override
        public String toString() {
            return named + ".class";
        }
    }
}
