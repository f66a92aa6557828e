package dev.tern.compiler.bytecode;

import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Condition;
import dev.tern.compiler.code.IllTypedException;
import dev.tern.compiler.code.Immediate;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Relation;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.code.ValueType.VectorOf;
import dev.tern.compiler.code.VectorValue;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** The part of {@link MethodEmitter} that leaves a value on the operand stack, or jumps by one. */
final class ValueEmitter {
    private final ClassType owner;
    private final MethodVisitor out;
    private final ToIntFunction<Local> slots;
    private final VectorClasses classes;
    /** Locals of which methods are called. */
    private final Set<Local> receivers;
    /** Locals whose class C2 knows. */
    private final Set<Local> known = identitySet();
    private int told;

    /**
     * An emitter of a method's values.
     *
     * @param classes which may get others
     * @param receivers which may get others; where it knows them all, each is told C2 where it is declared
     */
    ValueEmitter(ClassType owner, MethodVisitor out, ToIntFunction<Local> slots, VectorClasses classes,
            Set<Local> receivers) {
        this.owner = owner;
        this.out = out;
        this.slots = slots;
        this.classes = classes;
        this.receivers = receivers;
    }

    /** Of locals, which are told apart by identity. */
    static Set<Local> identitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    /** Pushes what a local is declared with. */
    void pushDeclared(Local local, Value value) {
        if (receivers.contains(local)) {
            pushKnown(value);
            known.add(local);
        } else {
            push(value);
        }
    }

    /** Pushes a vector as one whose class C2 knows. */
    private void pushKnown(Value vector) {
        boolean asItIs = switch (vector) {
            case Local local -> {
                if (!local.reassigned()) {
                    receivers.add(local);
                }
                yield known.contains(local);
            }
            case VectorValue value -> VectorApi.known(value);
            default -> false;
        };
        if (asItIs) {
            push(vector);
            return;
        }
        pushCast(vector);
    }

    /** Says its class, though C2 knew it where it came to all of a method at once. */
    private void pushCast(Value vector) {
        push(VectorClasses.CAST.call(classes.of((VectorOf) vector.type()), vector));
        out.visitTypeInsn(Opcodes.CHECKCAST, asm(vector.type()).getInternalName());
        told += VectorClasses.CAST_BYTES;
    }

    /** Bytes of what tells C2 the classes of vectors. */
    int told() {
        return told;
    }

    void push(Value value) {
        switch (value) {
            case Immediate constant -> constant(constant.literal());
            case Local local -> out.visitVarInsn(asm(local.type()).getOpcode(Opcodes.ILOAD), slots.applyAsInt(local));
            case Value.BinaryOperation(var operator, var left, var right) -> {
                push(left);
                push(right);
                operate(operator, left.type());
            }
            case Value.Negation(var operand) -> {
                push(operand);
                out.visitInsn(asm(operand.type()).getOpcode(Opcodes.INEG));
            }
            case Condition _ -> choice(value, Value.of(1), Value.of(0));
            case Value.Conversion(var target, var operand) -> {
                push(operand);
                convert((ValueType.Primitive) operand.type(), target);
            }
            case Value.ArrayElement element -> {
                push(element.array());
                push(element.index());
                out.visitInsn(MethodEmitter.elementOpcode(element, Opcodes.IALOAD));
            }
            case Value.Row(var rows, var index) -> {
                push(rows);
                push(index);
                out.visitInsn(Opcodes.AALOAD);
            }
            case Value.Length(var array) -> {
                push(array);
                out.visitInsn(Opcodes.ARRAYLENGTH);
            }
            case Value.Global global -> out.visitFieldInsn(Opcodes.GETSTATIC, owner.internalName(), global.name(),
                    JvmTypes.descriptor(global.type()));
            case Value.Call(var callee, var arguments) -> {
                arguments.forEach(this::push);
                out.visitMethodInsn(Opcodes.INVOKESTATIC, owner.internalName(), callee.name(),
                        MethodDefinition.descriptor(callee), false);
            }
            case Value.Apply(var function, var arguments) -> push(JavaMath.call(function, arguments));
            case Value.Choice(var condition, var whenTrue, var whenFalse) -> choice(condition, whenTrue, whenFalse);
            case VectorValue vector -> push(VectorApi.of(vector));
            case Value.Foreign foreign -> push((JvmValue) foreign);
        }
    }

    private void push(JvmValue value) {
        switch (value) {
            case JvmValue.StaticField(var fieldOwner, var name, var type) -> out.visitFieldInsn(Opcodes.GETSTATIC,
                    fieldOwner.internalName(), name, JvmTypes.descriptor(type));
            case JvmValue.ThisField(var name, var type) -> {
                out.visitVarInsn(Opcodes.ALOAD, 0);
                out.visitFieldInsn(Opcodes.GETFIELD, owner.internalName(), name, JvmTypes.descriptor(type));
            }
            case JvmValue.JavaCall(var method, var arguments) -> call(method, arguments);
            case JvmValue.NewObject(var type, var parameters, var arguments) -> {
                out.visitTypeInsn(Opcodes.NEW, type.internalName());
                out.visitInsn(Opcodes.DUP);
                arguments.forEach(this::push);
                out.visitMethodInsn(Opcodes.INVOKESPECIAL, type.internalName(), "<init>",
                        MethodDefinition.descriptor(new Callee("<init>", parameters, ValueType.VOID)), false);
            }
            case JvmValue.NewArray(var type, var length) -> {
                push(length);
                out.visitIntInsn(Opcodes.NEWARRAY, arrayCode(type.element()));
            }
            case JvmValue.Cast(var type, var operand) -> {
                push(operand);
                out.visitTypeInsn(Opcodes.CHECKCAST, asm(type).getInternalName());
            }
            case JvmValue.IsNull _ -> choice(value, Value.of(1), Value.of(0));
            case JvmValue.This _ -> out.visitVarInsn(Opcodes.ALOAD, 0);
            case JvmValue.ClassLiteral(var named) -> out.visitLdcInsn(asm(named));
            case JvmValue.Text(var text) -> out.visitLdcInsn(text);
        }
    }

    /** Jumps when the condition does not hold; else falls through. */
    void jumpUnless(Value condition, Label target) {
        switch (condition) {
            case Condition.Comparison(var relation, var left, var right) -> compare(relation, left, right, false,
                    target);
            case Condition.Logic(var conjunction, var left, var right) -> {
                if (conjunction) {
                    jumpUnless(left, target);
                    jumpUnless(right, target);
                } else {
                    Label holds = new Label();
                    jumpWhen(left, holds);
                    jumpUnless(right, target);
                    out.visitLabel(holds);
                }
            }
            case Condition.Not(var operand) -> jumpWhen(operand, target);
            case JvmValue.IsNull(var operand) -> {
                push(operand);
                out.visitJumpInsn(Opcodes.IFNONNULL, target);
            }
            // @formatter:off
            case Immediate _, Local _, Value.BinaryOperation _, Value.Negation _, Value.Conversion _,
                 Value.ArrayElement _, Value.Row _, Value.Length _, Value.Global _, Value.Call _, Value.Apply _,
                 Value.Choice _, VectorValue _, Value.Foreign _ -> {
            // @formatter:on
                push(condition);
                out.visitJumpInsn(Opcodes.IFEQ, target);
            }
        }
    }

    private void jumpWhen(Value condition, Label target) {
        if (condition instanceof Condition.Comparison(var relation, var left, var right)) {
            compare(relation, left, right, true, target);
            return;
        }
        Label fails = new Label();
        jumpUnless(condition, fails);
        out.visitJumpInsn(Opcodes.GOTO, target);
        out.visitLabel(fails);
    }

    /** Jumps when the comparison comes out as wanted. */
    private void compare(Relation relation, Value left, Value right, boolean wanted, Label target) {
        push(left);
        boolean ints = left.type() == ValueType.INT;
        boolean withZero = ints && right instanceof Immediate constant && constant.isInt(0);
        if (!withZero) {
            push(right);
        }
        if (ints && !withZero) {
            out.visitJumpInsn(jump(relation, wanted) + Opcodes.IF_ICMPEQ - Opcodes.IFEQ, target);
            return;
        }
        if (!ints) {
            out.visitInsn(comparison((ValueType.Primitive) left.type(), relation));
        }
        out.visitJumpInsn(jump(relation, wanted), target);
    }

    /** The instruction that gives -1, 0 or 1, and with NaN the one of them for which the relation fails. */
    private static int comparison(ValueType.Primitive type, Relation relation) {
        boolean less = relation == Relation.LESS || relation == Relation.AT_MOST;
        return switch (type) {
            case LONG -> Opcodes.LCMP;
            case FLOAT -> less ? Opcodes.FCMPG : Opcodes.FCMPL;
            case DOUBLE -> less ? Opcodes.DCMPG : Opcodes.DCMPL;
            case INT, BYTE, SHORT, BOOLEAN, VOID -> throw new IllTypedException("comparison of " + type);
        };
    }

    private static int jump(Relation relation, boolean wanted) {
        return switch (relation) {
            case LESS -> wanted ? Opcodes.IFLT : Opcodes.IFGE;
            case AT_MOST -> wanted ? Opcodes.IFLE : Opcodes.IFGT;
            case GREATER -> wanted ? Opcodes.IFGT : Opcodes.IFLE;
            case AT_LEAST -> wanted ? Opcodes.IFGE : Opcodes.IFLT;
            case EQUAL -> wanted ? Opcodes.IFEQ : Opcodes.IFNE;
            case NOT_EQUAL -> wanted ? Opcodes.IFNE : Opcodes.IFEQ;
        };
    }

    private void choice(Value condition, Value whenTrue, Value whenFalse) {
        Label otherwise = new Label();
        Label end = new Label();
        jumpUnless(condition, otherwise);
        push(whenTrue);
        out.visitJumpInsn(Opcodes.GOTO, end);
        out.visitLabel(otherwise);
        push(whenFalse);
        out.visitLabel(end);
    }

    private void call(JavaMethod method, List<Value> arguments) {
        int opcode = switch (method.dispatch()) {
            case STATIC, INTERFACE_STATIC -> Opcodes.INVOKESTATIC;
            case VIRTUAL -> Opcodes.INVOKEVIRTUAL;
            case INTERFACE -> Opcodes.INVOKEINTERFACE;
            case SUPER -> Opcodes.INVOKESPECIAL;
        };
        for (int i = 0; i < arguments.size(); i++) {
            if (i == 0 && method.dispatch().received() && arguments.get(i).type() instanceof VectorOf vector) {
                if (VectorApi.stores(method) && vector.element() == ValueType.Primitive.FLOAT) {
                    pushCast(arguments.get(i));
                } else {
                    pushKnown(arguments.get(i));
                }
            } else {
                push(arguments.get(i));
            }
        }
        boolean constructor = method.dispatch() == JavaMethod.Dispatch.SUPER;
        out.visitMethodInsn(opcode, method.owner().internalName(), constructor ? "<init>" : method.name(),
                method.descriptor(), method.dispatch().ofInterface());
    }

    void operate(Operator operator, ValueType type) {
        int opcode = switch (operator) {
            case ADD -> Opcodes.IADD;
            case SUBTRACT -> Opcodes.ISUB;
            case MULTIPLY -> Opcodes.IMUL;
            case DIVIDE -> Opcodes.IDIV;
            case REMAINDER -> Opcodes.IREM;
            case AND -> Opcodes.IAND;
            case OR -> Opcodes.IOR;
            case XOR -> Opcodes.IXOR;
            case SHIFT_LEFT -> Opcodes.ISHL;
            case SHIFT_RIGHT -> Opcodes.ISHR;
            case SHIFT_RIGHT_UNSIGNED -> Opcodes.IUSHR;
        };
        out.visitInsn(asm(type).getOpcode(opcode));
    }

    private void convert(ValueType.Primitive from, ValueType.Primitive to) {
        if (to == ValueType.Primitive.BYTE || to == ValueType.Primitive.SHORT) {
            out.visitInsn(to == ValueType.Primitive.BYTE ? Opcodes.I2B : Opcodes.I2S);
            return;
        }
        // I2L..D2F stand in a grid: three conversions per source, in the order int, long, float, double.
        int source = order(from);
        int target = order(to);
        if (source != target) {
            out.visitInsn(Opcodes.I2L + 3 * source + (target > source ? target - 1 : target));
        }
    }

    private static int order(ValueType.Primitive type) {
        return switch (type) {
            case INT -> 0;
            case LONG -> 1;
            case FLOAT -> 2;
            case DOUBLE -> 3;
            case BYTE, SHORT, BOOLEAN, VOID -> throw new IllTypedException("conversion of " + type);
        };
    }

    private void constant(Number literal) {
        switch (literal) {
            case Integer number when number >= -1 && number <= 5 -> out.visitInsn(Opcodes.ICONST_0 + number);
            case Integer number when number == number.byteValue() -> out.visitIntInsn(Opcodes.BIPUSH, number);
            case Integer number when number == number.shortValue() -> out.visitIntInsn(Opcodes.SIPUSH, number);
            case Long number when number == 0 || number == 1 -> out.visitInsn(Opcodes.LCONST_0 + number.intValue());
            case Float number when Float.floatToRawIntBits(number) == 0 -> out.visitInsn(Opcodes.FCONST_0);
            case Float number when number == 1 -> out.visitInsn(Opcodes.FCONST_1);
            case Double number when Double.doubleToRawLongBits(number) == 0 -> out.visitInsn(Opcodes.DCONST_0);
            case Double number when number == 1 -> out.visitInsn(Opcodes.DCONST_1);
            default -> out.visitLdcInsn(literal);
        }
    }

    private static int arrayCode(ValueType.Primitive element) {
        return switch (element) {
            case INT -> Opcodes.T_INT;
            case LONG -> Opcodes.T_LONG;
            case FLOAT -> Opcodes.T_FLOAT;
            case DOUBLE -> Opcodes.T_DOUBLE;
            case BYTE -> Opcodes.T_BYTE;
            case SHORT -> Opcodes.T_SHORT;
            case BOOLEAN -> Opcodes.T_BOOLEAN;
            case VOID -> throw new IllTypedException("array of void");
        };
    }

    static Type asm(ValueType type) {
        return Type.getType(JvmTypes.descriptor(type));
    }
}
