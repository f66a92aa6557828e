package dev.tern.compiler.bytecode;

import static dev.tern.compiler.code.Value.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.ValueType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Statements, whole methods, and what the class file tells debuggers. */
class StatementTest {
    private static final Local INTS = Local.parameter("ints", ValueType.INTS);
    private static final Local BYTES = Local.parameter("bytes", ValueType.BYTES);
    private static final Local N = Local.parameter("n", ValueType.INT);

    @Test
    void nestedLoopsAndCompoundStores() {
        int[] data = {1, 2, 3, 4, 5, 6};
        Object result = Emitted.run(ValueType.INT, List.of(INTS), body -> {
            Local sum = body.declare("sum", of(0));
            body.loop("row", 0, 2, (outer, row) -> {
                Local offset = outer.declare("offset", row.times(3));
                outer.loop("i", of(0), INTS.length().minus(3), 2, (inner, i) -> {
                    inner.update(INTS.at(offset.plus(i)), Operator.MULTIPLY, of(10));
                    inner.update(sum, Operator.ADD, INTS.at(offset.plus(i)));
                });
            });
            body.returns(sum);
        }, data);
        assertThat(data).containsExactly(10, 2, 30, 40, 5, 60);
        assertThat(result).isEqualTo(140);
    }

    @Test
    void bytesAreNarrowedOnTheWayIn() {
        byte[] data = {100, 0};
        Emitted.run(ValueType.VOID, List.of(BYTES), body -> {
            body.update(BYTES.at(0), Operator.ADD, of(100));
            body.store(BYTES.at(1), of(300));
        }, data);
        assertThat(data).containsExactly((byte) 200, (byte) 300);
    }

    @Test
    void branchesAndLocalsOfEveryType() {
        for (int n = -2; n <= 2; n++) {
            Object result = Emitted.run(ValueType.DOUBLE, List.of(N), body -> {
                Local wide = body.declare("wide", of(1L));
                Local real = body.declare("real", of(0.5));
                body.when(N.greaterThan(of(0)), yes -> yes.update(wide, Operator.SHIFT_LEFT, of(4)), no -> {
                    Local small = no.declare("small", of(2f));
                    no.assign(real, small.to(ValueType.DOUBLE));
                });
                body.when(N.equalTo(of(2)), yes -> yes.returns(of(99d)));
                body.update(N, Operator.ADD, of(1));
                body.update(N, Operator.ADD, of(100_000));
                body.returns(real.plus(wide.to(ValueType.DOUBLE)).plus(N.to(ValueType.DOUBLE)));
            }, n);
            assertThat(result).isEqualTo(n == 2 ? 99d : (n > 0 ? 16.5 : 3d) + n + 100_001);
        }
    }

    @Test
    void theListingReadsAsJava() {
        ClassFile file = Emitted.classWith(ValueType.VOID, List.of(INTS, BYTES), body -> {
            body.atLine(7);
            body.remark("scales by two");
            body.loop("i", 0, 3, (inner, i) -> {
                inner.store(BYTES.at(i), INTS.at(i.plus(1)).times(2));
                inner.update(INTS.at(i), Operator.ADD, of(1));
            });
            body.when(INTS.at(0).lessThan(of(3)), yes -> yes.store(INTS.at(0), of(3)), no -> no.returns());
        });
        assertThat(file.methods().getFirst().size()).isPositive();
        assertThat(file.listing()).isEqualTo("""
                // dev.tern.compiler.bytecode.Piece, %d bytes, from piece.tern
                public final class Piece extends Object {

                    // %d bytes of bytecode
                    public static void evaluate(int[] ints, byte[] bytes) {
                        // piece.tern:7
                        // scales by two
                        for (int i = 0; i < 3; i++) {
                            bytes[i] = (byte) (ints[i + 1] * 2);
                            ints[i] += 1;
                        }
                        if (ints[0] < 3) {
                            ints[0] = 3;
                        } else {
                            return;
                        }
                    }
                }
                """.formatted(file.bytes().length, file.methods().getFirst().size()));
    }

    @Test
    void debuggersSeeLinesAndNames() {
        ClassFile file = Emitted.classWith(ValueType.VOID, List.of(INTS), body -> {
            body.atLine(7);
            body.loop("i", 0, 3, (inner, i) -> inner.declare("element", INTS.at(i)));
            body.atLine(9);
            body.store(INTS.at(0), of(0));
        });
        List<String> seen = new ArrayList<>();
        new ClassReader(file.bytes()).accept(new ClassVisitor(Opcodes.ASM9) {
            @Override
            public void visitSource(String source, String debug) {
                seen.add(source);
            }

            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature,
                    String[] exceptions) {
                return new MethodVisitor(Opcodes.ASM9) {
                    @Override
                    public void visitLineNumber(int line, Label start) {
                        seen.add("line " + line);
                    }

                    @Override
                    public void visitLocalVariable(String local, String type, String signature, Label start, Label end,
                            int index) {
                        seen.add(local + " " + type + " " + index);
                    }
                };
            }
        }, 0);
        assertThat(seen).containsExactlyInAnyOrder("piece.tern", "line 7", "line 9", "ints [I 0", "i I 1",
                "element I 2");
    }

    @Test
    void aMethodOverItsBudgetIsAFaultThatNamesIt() {
        ClassDefinition definition = Emitted.definition(ValueType.VOID, List.of(INTS), body -> {
            for (int i = 0; i < 40; i++) {
                body.store(INTS.at(i), of(1_000));
            }
        }, 200);
        assertThatThrownBy(() -> ClassEmitter.emit(definition)).isInstanceOf(MethodBudgetException.class)
                .hasMessageMatching("Piece.evaluate came to \\d+ bytes of bytecode; its budget is 200");
    }

    @Test
    void theSizeIsThatOfTheClassFile() {
        // load, push, load element, return: one byte each
        ClassFile file = Emitted.classWith(ValueType.INT, List.of(INTS), body -> body.returns(INTS.at(3)));
        assertThat(file.methods().getFirst().size()).isEqualTo(4);
    }

    @Test
    void badStatementsAreRefused() {
        Block body = new Block(List.of(INTS, N));
        assertThatThrownBy(() -> body.assign(N, of(1f))).hasMessage("int n = float");
        assertThatThrownBy(() -> body.store(INTS.at(0), of(1L))).hasMessage("int element = long");
        assertThatThrownBy(() -> body.update(INTS.at(0), Operator.ADD, of(1f))).hasMessage("int + float");
        assertThatThrownBy(() -> body.declare("n", of(1))).hasMessage("there is a local n already");
        assertThatThrownBy(() -> body.when(N, yes -> {
        })).hasMessage("if (int)");
        assertThatThrownBy(() -> Emitted.run(ValueType.INT, List.of(), code -> code.returns(N)))
                .hasMessage("local n is not in scope");
    }

    @Test
    void theSameDefinitionGivesTheSameBytes() {
        byte[] first = Emitted.classWith(ValueType.INT, List.of(N), body -> body.returns(N.plus(1))).bytes();
        byte[] second = Emitted.classWith(ValueType.INT, List.of(N), body -> body.returns(N.plus(1))).bytes();
        assertThat(first).isEqualTo(second);
    }
}
