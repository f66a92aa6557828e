package dev.tern.compiler.code;

/** A value that is true or false; where it decides a jump, no boolean is made of it. */
public sealed interface Condition extends Value {
    @Override
    default ValueType type() {
        return ValueType.BOOLEAN;
    }

    record Comparison(Relation relation, Value left, Value right) implements Condition {
        public Comparison {
            IllTypedException.require(left.type() == right.type() && left.type() instanceof ValueType.Primitive p
                    && p.numeric(), "%s %s %s", left.type(), relation.symbol(), right.type());
        }
    }

    /** The lazy {@code &&} and {@code ||}. @param conjunction whether both must hold */
    record Logic(boolean conjunction, Value left, Value right) implements Condition {
        public Logic {
            IllTypedException.require(left.type() == ValueType.BOOLEAN && right.type() == ValueType.BOOLEAN,
                    "%s and/or %s", left.type(), right.type());
        }
    }

    record Not(Value operand) implements Condition {
        public Not {
            IllTypedException.require(operand.type() == ValueType.BOOLEAN, "!%s", operand.type());
        }
    }
}
