package dev.tern.compiler.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.HostTarget;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.bytecode.ClassFile;
import dev.tern.compiler.bytecode.model.ClassName;
import dev.tern.compiler.footprint.Footprint;
import dev.tern.compiler.target.Target;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.util.Printer;

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

    /** Real are what comes in, unless that is bytes, and what goes out; nothing between. */
    @ParameterizedTest
    @CsvSource({"kws, stem_conv_quantize$epilogue scores_dense$epilogue scores_softmax$row",
        "ic, scores_dense$epilogue scores_softmax$row", "ic02, scores_dense$epilogue scores_softmax$row",
        "vww, scores_dense$epilogue scores_softmax$row",
        "ad, encoder_dense1_quantize$epilogue rebuilt_dense$epilogue",
        "sww, first_depthwise_quantize$epilogue scores_dense$epilogue scores_softmax$row"})
    void noCodeIsMadeByFloats(String network, String atTheEnds) {
        String name = network + "-int8";
        AnalyzedModel model = Zoo.analyzed(name, Zoo.text(name));
        Compilation compilation = Compilation.of(Zoo.bound(model), model.layers(), HostTarget.of(
                Target.EDGE.withIntegers(), "a test"));
        Set<String> real = new TreeSet<>();
        new ClassReader(compilation.edgeClass(new ClassName("", "Edge")).bytes()).accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public MethodVisitor visitMethod(int access, String method, String descriptor, String signature,
                            String[] exceptions) {
                        return new MethodVisitor(Opcodes.ASM9) {
                            @Override
                            public void visitInsn(int opcode) {
                                if (Printer.OPCODES[opcode].matches(
                                        "[FD](ADD|SUB|MUL|DIV|REM|NEG|CMP[LG])|[IL]2[FD]|[FD]2[IL]")) {
                                    real.add(method);
                                }
                            }
                        };
                    }
                }, 0);
        Set<String> ends = new TreeSet<>(List.of(atTheEnds.split(" ")));
        ends.add("$give0");
        assertThat(real).isEqualTo(ends);
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
