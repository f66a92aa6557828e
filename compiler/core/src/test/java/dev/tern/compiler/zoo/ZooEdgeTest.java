package dev.tern.compiler.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.HostTarget;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.bytecode.ClassFile;
import dev.tern.compiler.bytecode.model.ClassName;
import dev.tern.compiler.footprint.Footprint;
import dev.tern.compiler.target.Target;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** The networks as classes for small JVMs: what is reported of them is what their class files hold. */
class ZooEdgeTest {
    /** Characters of seven bits that stand for whole bytes. */
    private static final double CHARACTERS = 8 / 7.0;
    /** Of 128 characters one takes two bytes; of codes that are mostly alike, more. */
    private static final double MOST = 1.05;

    /** @param most bytes of packed codes */
    @ParameterizedTest
    @CsvSource({"kws-1bit, 6144", "kws-ternary4, 7072", "kws-int8, 23000", "ad-ternary4, 200000"})
    void weightsLiePackedInTheClassFile(String name, long most) {
        AnalyzedModel model = Zoo.analyzed(name, Zoo.text(name));
        Compilation compilation = Compilation.of(Zoo.bound(model), model.layers(), HostTarget.of(Target.EDGE,
                "a test"));
        ClassFile file = compilation.edgeClass(new ClassName("", compilation.graph().name()));
        Footprint footprint = compilation.footprint();
        assertThat(footprint.flash()).isEqualTo(file.bytes().length);
        assertThat(footprint.codes()).isPositive().isLessThanOrEqualTo(most);
        double packed = CHARACTERS * (footprint.codes() + footprint.tables());
        assertThat((double) textBytes(file)).isBetween(packed, MOST * packed + 1);
    }

    /** Bytes of the strings that hold data. */
    private static long textBytes(ClassFile file) {
        AtomicLong bytes = new AtomicLong();
        new ClassReader(file.bytes()).accept(new ClassVisitor(Opcodes.ASM9) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature,
                    String[] exceptions) {
                return new MethodVisitor(Opcodes.ASM9) {
                    @Override
                    public void visitLdcInsn(Object value) {
                        if (name.equals("<clinit>") && value instanceof String text) {
                            bytes.addAndGet(text.length() + text.chars().filter(character -> character == 128).count());
                        }
                    }
                };
            }
        }, 0);
        return bytes.get();
    }
}
