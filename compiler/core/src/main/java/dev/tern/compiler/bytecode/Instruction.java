package dev.tern.compiler.bytecode;

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
            checkSame(target, value, target.toString());
        }
    }

    /** {@code array[index] operator= value;} the index is evaluated once. */
    record UpdateElement(Value.ArrayElement target, Operator operator, Value value) implements Instruction {
        public UpdateElement {
            operator.check(target.type(), value.type());
        }
    }

    record StoreField(Value.Field field, Value value) implements Instruction {
        public StoreField {
            checkSame(field, value, field.toString());
        }
    }

    /** {@code for (int counter = from; counter < to; counter += step)}; the bound is evaluated every time round. */
    record For(Local counter, Value from, Value to, int step, Block body) implements Instruction {
        public For {
            IllTypedException.require(from.type() == JvmType.INT && to.type() == JvmType.INT && step > 0,
                    "loop over %s from %s to %s by %d", counter, from.type(), to.type(), step);
        }
    }

    record If(Value condition, Block whenTrue, Optional<Block> whenFalse) implements Instruction {
        public If {
            IllTypedException.require(condition.type() == JvmType.BOOLEAN, "if (%s)", condition.type());
        }
    }

    record Return(Optional<Value> value) implements Instruction {
    }

    /** A call for its effect; a result is dropped. */
    record Evaluate(Value.Call call) implements Instruction {
    }

    /** What follows comes from this line of the source file. @param line from 1 */
    record AtLine(int line) implements Instruction {
        public AtLine {
            IllTypedException.require(line > 0 && line < 1 << 16, "line %d", line);
        }
    }

    /** A remark in the listing; nothing in the class file. */
    record Remark(String text) implements Instruction {
    }

    private static void checkSame(Value target, Value value, String name) {
        IllTypedException.require(target.type().equals(value.type()), "%s %s = %s", target.type(), name,
                value.type());
    }
}
