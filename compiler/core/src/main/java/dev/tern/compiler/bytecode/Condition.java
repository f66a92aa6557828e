package dev.tern.compiler.bytecode;

/** A value that is true or false; where it decides a jump, no boolean is made of it. */
public sealed interface Condition extends Value {
    @Override
    default JvmType type() {
        return JvmType.BOOLEAN;
    }

    record Comparison(Relation relation, Value left, Value right) implements Condition {
        public Comparison {
            IllTypedException.require(left.type() == right.type() && left.type() instanceof JvmType.Primitive p
                    && p.numeric(), "%s %s %s", left.type(), relation.symbol(), right.type());
        }

        @Override
        public String toString() {
            return "(" + left + " " + relation.symbol() + " " + right + ")";
        }
    }

    /** The lazy {@code &&} and {@code ||}. @param conjunction whether both must hold */
    record Logic(boolean conjunction, Value left, Value right) implements Condition {
        public Logic {
            IllTypedException.require(left.type() == JvmType.BOOLEAN && right.type() == JvmType.BOOLEAN,
                    "%s and/or %s", left.type(), right.type());
        }

        @Override
        public String toString() {
            return "(" + left + (conjunction ? " && " : " || ") + right + ")";
        }
    }

    record Not(Value operand) implements Condition {
        public Not {
            IllTypedException.require(operand.type() == JvmType.BOOLEAN, "!%s", operand.type());
        }

        @Override
        public String toString() {
            return "(!" + operand + ")";
        }
    }
}
