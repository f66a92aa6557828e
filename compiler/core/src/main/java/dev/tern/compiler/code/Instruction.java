package dev.tern.compiler.code;

import java.util.Optional;

/** A statement of generated code, checked when it is built. */
public sealed interface Instruction {
    /** {@code type local = value;} */
    record Declare(Local local, Value value) implements Instruction {
    }

    /** {@code local = value;} */
    record Assign(Local local, Value value) implements Instruction {
        public Assign {
            checkSame(local, value, local.name());
        }
    }

    /** {@code local operator= value;} */
    record Update(Local local, Operator operator, Value value) implements Instruction {
        public Update {
            operator.check(local.type(), value.type());
        }
    }

    /** {@code array[index] = value;} a byte array takes the low eight bits. */
    record Store(Value.ArrayElement target, Value value) implements Instruction {
        public Store {
            checkSame(target, value, "element");
        }
    }

    /** {@code array[index] operator= value;} the index is evaluated once. */
    record UpdateElement(Value.ArrayElement target, Operator operator, Value value) implements Instruction {
        public UpdateElement {
            operator.check(target.type(), value.type());
        }
    }

    /** {@code global = value;} */
    record StoreGlobal(Value.Global target, Value value) implements Instruction {
        public StoreGlobal {
            checkSame(target, value, target.name());
        }
    }

    /** Neighbouring elements to others, of an array of the same type, as if all were read before one is written. */
    record Copy(Value.ArrayElement from, Value.ArrayElement to, Value count) implements Instruction {
        public Copy {
            IllTypedException.require(from.array().type().equals(to.array().type()) && count.type() == ValueType.INT,
                    "%s copied to %s", from.array().type(), to.array().type());
        }
    }

    /** All lanes to neighbouring elements of an array. @param index of the first */
    record StoreVector(Value vector, Value array, Value index) implements Instruction {
        public StoreVector {
            IllTypedException.require(vector.type() instanceof ValueType.VectorOf type
                    && array.type().equals(new ValueType.ArrayOf(type.element())) && index.type() == ValueType.INT,
                    "%s[%s] = %s", array.type(), index.type(), vector.type());
        }
    }

    /** {@code for (int counter = from; counter < to; counter += step)}; the bound is evaluated every time round. */
    record For(Local counter, Value from, Value to, int step, Block body) implements Instruction {
        public For {
            IllTypedException.require(from.type() == ValueType.INT && to.type() == ValueType.INT && step > 0,
                    "loop over %s from %s to %s by %d", counter, from.type(), to.type(), step);
        }
    }

    record If(Value condition, Block whenTrue, Optional<Block> whenFalse) implements Instruction {
        public If {
            IllTypedException.require(condition.type() == ValueType.BOOLEAN, "if (%s)", condition.type());
        }
    }

    record Return(Optional<Value> value) implements Instruction {
    }

    /** A call for its effect; a result is dropped. */
    record Evaluate(Value call) implements Instruction {
        public Evaluate {
            IllTypedException.require(call instanceof Value.Call || call instanceof Value.Foreign, "%s is no call",
                    call);
        }
    }

    /** Ends with an error, of the language that the code is written in. */
    record Fail(Value.Foreign error) implements Instruction {
    }

    /** What follows comes from this line of the source file. @param line from 1 */
    record AtLine(int line) implements Instruction {
        public AtLine {
            IllTypedException.require(line > 0 && line < 1 << 16, "line %d", line);
        }
    }

    /** A remark for those who read the code. */
    record Remark(String text) implements Instruction {
    }

    private static void checkSame(Value target, Value value, String name) {
        IllTypedException.require(target.type().equals(value.type()), "%s %s = %s", target.type(), name,
                value.type());
    }
}
