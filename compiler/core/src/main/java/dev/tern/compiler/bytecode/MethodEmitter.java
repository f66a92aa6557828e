package dev.tern.compiler.bytecode;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.IllTypedException;
import dev.tern.compiler.code.Immediate;
import dev.tern.compiler.code.Instruction;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Writes one method's body: its statements in order, with line numbers and the variable table. */
final class MethodEmitter {
    private final ClassType owner;
    private final MethodVisitor out;
    private final ValueEmitter values;
    private final Map<Local, Integer> slots = new IdentityHashMap<>();
    private int nextSlot;

    private MethodEmitter(ClassType owner, MethodVisitor out, VectorClasses classes, Set<Local> receivers) {
        this.owner = owner;
        this.out = out;
        this.values = new ValueEmitter(owner, out, this::slot, classes, receivers);
    }

    /**
     * Writes a method.
     *
     * @param classes of vectors: those of the code before it, to which its own are added
     */
    static Written emit(MethodDefinition method, ClassType owner, MethodVisitor out, VectorClasses classes) {
        // Which locals are receivers is known when all of the method has been seen.
        Set<Local> receivers = ValueEmitter.identitySet();
        write(method, owner, new MethodVisitor(Opcodes.ASM9) {
        }, new VectorClasses(), receivers);
        return write(method, owner, out, classes, receivers);
    }

    private static Written write(MethodDefinition method, ClassType owner, MethodVisitor out, VectorClasses classes,
            Set<Local> receivers) {
        MethodEmitter emitter = new MethodEmitter(owner, out, classes, receivers);
        Label start = new Label();
        Label end = new Label();
        out.visitCode();
        out.visitLabel(start);
        if (!method.isStatic()) {
            out.visitLocalVariable("this", JvmTypes.descriptor(owner), null, start, end, emitter.nextSlot++);
        }
        method.parameters().forEach(parameter -> emitter.parameter(parameter, start, end));
        if (method.access() == MethodDefinition.Access.INITIALIZER) {
            classes.assignments().forEach(assignment -> emitter.statement(assignment, Map.of()));
        }
        emitter.block(method.body());
        if (method.result() == ValueType.VOID) {
            out.visitInsn(Opcodes.RETURN);
        }
        out.visitLabel(end);
        out.visitMaxs(0, 0);
        out.visitEnd();
        return new Written(end, emitter.values.told());
    }

    /**
     * A method's code.
     *
     * @param end a label whose offset is its size once the class is written
     * @param told bytes of it that tell C2 the classes of vectors
     */
    record Written(Label end, int told) {
        /** Bytes that become machine code. */
        int working(int size) {
            return size - told;
        }
    }

    private void parameter(Local parameter, Label start, Label end) {
        int slot = claim(parameter);
        out.visitLocalVariable(parameter.name(), JvmTypes.descriptor(parameter.type()), null, start, end, slot);
    }

    private int claim(Local local) {
        int slot = nextSlot;
        IllTypedException.require(slots.put(local, slot) == null, "local %s is declared twice", local);
        nextSlot += JvmTypes.slots(local.type());
        return slot;
    }

    private int slot(Local local) {
        Integer slot = slots.get(local);
        IllTypedException.require(slot != null, "local %s is not in scope", local);
        return slot;
    }

    private void block(Block block) {
        int outside = nextSlot;
        Label end = new Label();
        Map<Local, Label> declared = new LinkedHashMap<>();
        for (Instruction statement : block.statements()) {
            statement(statement, declared);
        }
        out.visitLabel(end);
        declared.forEach((local, start) -> forget(local, start, end));
        nextSlot = outside;
    }

    private void forget(Local local, Label start, Label end) {
        out.visitLocalVariable(local.name(), JvmTypes.descriptor(local.type()), null, start, end, slots.remove(local));
    }

    private void statement(Instruction statement, Map<Local, Label> declared) {
        switch (statement) {
            case Instruction.Declare(var local, var value) -> {
                values.pushDeclared(local, value);
                // The name holds only after the first store.
                declared.put(local, initialize(local));
            }
            case Instruction.Assign(var local, var value) -> {
                values.push(value);
                out.visitVarInsn(ValueEmitter.asm(local.type()).getOpcode(Opcodes.ISTORE), slot(local));
            }
            case Instruction.Update(var local, var operator, var value) -> update(local, operator, value);
            case Instruction.Store(var target, var value) -> {
                values.push(target.array());
                values.push(target.index());
                values.push(value);
                out.visitInsn(elementOpcode(target, Opcodes.IASTORE));
            }
            case Instruction.UpdateElement(var target, var operator, var value) -> {
                values.push(target.array());
                values.push(target.index());
                out.visitInsn(Opcodes.DUP2);
                out.visitInsn(elementOpcode(target, Opcodes.IALOAD));
                values.push(value);
                values.operate(operator, target.type());
                out.visitInsn(elementOpcode(target, Opcodes.IASTORE));
            }
            case Instruction.StoreGlobal(var global, var value) -> {
                values.push(value);
                out.visitFieldInsn(Opcodes.PUTSTATIC, owner.internalName(), global.name(),
                        JvmTypes.descriptor(global.type()));
            }
            case Instruction.Copy copy -> values.push(JavaArrays.of(copy));
            case Instruction.StoreVector store -> values.push(VectorApi.of(store));
            case Instruction.For loop -> loop(loop);
            case Instruction.If(var condition, var whenTrue, var whenFalse) -> branch(condition, whenTrue, whenFalse);
            case Instruction.Return(Optional<Value> value) -> {
                value.ifPresent(values::push);
                ValueType type = value.map(Value::type).orElse(ValueType.VOID);
                out.visitInsn(ValueEmitter.asm(type).getOpcode(Opcodes.IRETURN));
            }
            case Instruction.Evaluate(var call) -> {
                values.push(call);
                switch (JvmTypes.slots(call.type())) {
                    case 1 -> out.visitInsn(Opcodes.POP);
                    case 2 -> out.visitInsn(Opcodes.POP2);
                    default -> {
                    }
                }
            }
            case Instruction.Fail(var error) -> {
                values.push(error);
                out.visitInsn(Opcodes.ATHROW);
            }
            case Instruction.AtLine(var line) -> {
                Label here = new Label();
                out.visitLabel(here);
                out.visitLineNumber(line, here);
            }
            case Instruction.Remark _ -> {
            }
        }
    }

    private Label initialize(Local local) {
        int slot = claim(local);
        out.visitVarInsn(ValueEmitter.asm(local.type()).getOpcode(Opcodes.ISTORE), slot);
        Label start = new Label();
        out.visitLabel(start);
        return start;
    }

    private void update(Local local, Operator operator, Value value) {
        if (local.type() == ValueType.INT && operator == Operator.ADD && value instanceof Immediate constant
                && constant.literal().intValue() == constant.literal().shortValue()) {
            out.visitIincInsn(slot(local), constant.literal().intValue());
            return;
        }
        values.push(local);
        values.push(value);
        values.operate(operator, local.type());
        out.visitVarInsn(ValueEmitter.asm(local.type()).getOpcode(Opcodes.ISTORE), slot(local));
    }

    /** The shape javac gives a for loop, which C2's loop optimizer knows: test above, jump back below. */
    private void loop(Instruction.For loop) {
        int outside = nextSlot;
        Label test = new Label();
        Label end = new Label();
        values.push(loop.from());
        Label start = initialize(loop.counter());
        out.visitLabel(test);
        values.jumpUnless(loop.counter().lessThan(loop.to()), end);
        block(loop.body());
        out.visitIincInsn(slot(loop.counter()), loop.step());
        out.visitJumpInsn(Opcodes.GOTO, test);
        out.visitLabel(end);
        forget(loop.counter(), start, end);
        nextSlot = outside;
    }

    private void branch(Value condition, Block whenTrue, Optional<Block> whenFalse) {
        Label otherwise = new Label();
        Label end = new Label();
        values.jumpUnless(condition, otherwise);
        block(whenTrue);
        if (whenFalse.isPresent()) {
            out.visitJumpInsn(Opcodes.GOTO, end);
        }
        out.visitLabel(otherwise);
        whenFalse.ifPresent(this::block);
        out.visitLabel(end);
    }

    static int elementOpcode(Value.ArrayElement element, int opcode) {
        return ValueEmitter.asm(element.elementType()).getOpcode(opcode);
    }
}
