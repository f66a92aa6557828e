package dev.tern.compiler.code;

import java.util.List;

/**
 * An expression of generated code. It is checked when it is built and knows its type; operands of binary operators must
 * agree in type, conversions are explicit. Arithmetic is that of Java: ints and longs wrap, f32 and f64 round each
 * operation to nearest.
 */
public sealed interface Value permits Immediate, Local, Condition, VectorValue, Value.BinaryOperation, Value.Negation,
        Value.Conversion, Value.ArrayElement, Value.Row, Value.Length, Value.Global, Value.Call, Value.Apply,
        Value.Choice, Value.Foreign {
    ValueType type();

    static Value of(int number) {
        return new Immediate(number);
    }

    static Value of(long number) {
        return new Immediate(number);
    }

    static Value of(float number) {
        return new Immediate(number);
    }

    static Value of(double number) {
        return new Immediate(number);
    }

    /**
     * left operator right; an int or long operation that changes nothing ({@code x + 0}) is x itself. Where one side is
     * a vector the operation is taken lane by lane, and a number on the other side stands in every lane.
     */
    static Value binary(Operator operator, Value left, Value right) {
        if (Vectors.any(left, right)) {
            return Vectors.binary(operator, left, right);
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
        return Vectors.any(this, right)
                ? Vectors.compare(relation, this, right)
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
        return type() instanceof ValueType.MaskOf
                ? Vectors.blend(this, whenTrue, whenFalse)
                : new Choice(this, whenTrue, whenFalse);
    }

    /** As Java converts numbers; a value of that type already is itself. */
    default Value to(ValueType.Primitive target) {
        return Vectors.any(this)
                ? Vectors.convert(this, target)
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
        public ValueType type() {
            return left.type();
        }
    }

    record Negation(Value operand) implements Value {
        public Negation {
            IllTypedException.require(operand.type() instanceof ValueType.Primitive p && p.numeric(), "-%s",
                    operand.type());
        }

        @Override
        public ValueType type() {
            return operand.type();
        }
    }

    record Conversion(ValueType.Primitive target, Value operand) implements Value {
        public Conversion {
            boolean known = operand.type() instanceof ValueType.Primitive from && from.numeric()
                    && (target.numeric() || from == ValueType.INT && target.loaded() == ValueType.INT);
            IllTypedException.require(known, "(%s) %s", target, operand.type());
        }

        @Override
        public ValueType type() {
            return target.loaded();
        }
    }

    /** {@code array[index]}. */
    record ArrayElement(Value array, Value index) implements Value {
        public ArrayElement {
            IllTypedException.require(array.type() instanceof ValueType.ArrayOf && index.type() == ValueType.INT,
                    "%s[%s]", array.type(), index.type());
        }

        /** The type in which it lies in the array. */
        public ValueType.Primitive elementType() {
            return ((ValueType.ArrayOf) array.type()).element();
        }

        @Override
        public ValueType type() {
            return elementType().loaded();
        }
    }

    /** {@code rows[index]}, an array. */
    record Row(Value rows, Value index) implements Value {
        public Row {
            IllTypedException.require(rows.type() instanceof ValueType.RowsOf && index.type() == ValueType.INT,
                    "%s[%s]",
                    rows.type(), index.type());
        }

        @Override
        public ValueType.ArrayOf type() {
            return new ValueType.ArrayOf(((ValueType.RowsOf) rows.type()).element());
        }
    }

    record Length(Value array) implements Value {
        public Length {
            IllTypedException.require(array.type() instanceof ValueType.ArrayOf, "%s.length", array.type());
        }

        @Override
        public ValueType type() {
            return ValueType.INT;
        }
    }

    /** Data of the unit that the code is in, under a name of its own. */
    record Global(String name, ValueType type) implements Value {
    }

    /** A call of a routine of the same unit. */
    record Call(Callee callee, List<Value> arguments) implements Value {
        public Call {
            arguments = List.copyOf(arguments);
            List<ValueType> given = arguments.stream().map(Value::type).toList();
            IllTypedException.require(given.equals(callee.parameters()), "%s%s called with %s", callee.name(),
                    callee.parameters(), given);
        }

        @Override
        public ValueType type() {
            return callee.result();
        }
    }

    /** A function of numbers. */
    record Apply(MathFunction function, List<Value> arguments) implements Value {
        public Apply {
            arguments = List.copyOf(arguments);
            List<ValueType> given = arguments.stream().map(Value::type).toList();
            IllTypedException.require(given.equals(function.parameters()), "%s%s called with %s", function,
                    function.parameters(), given);
        }

        @Override
        public ValueType type() {
            return function.result();
        }
    }

    record Choice(Value condition, Value whenTrue, Value whenFalse) implements Value {
        public Choice {
            IllTypedException.require(condition.type() == ValueType.BOOLEAN && whenTrue.type().equals(whenFalse.type()),
                    "%s ? %s : %s", condition.type(), whenTrue.type(), whenFalse.type());
        }

        @Override
        public ValueType type() {
            return whenTrue.type();
        }
    }

    /** A value that only one of the languages has in which code is written. */
    non-sealed interface Foreign extends Value {
    }
}
