package dev.tern.compiler.bytecode.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.target.Target;
import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.Parallelism;
import dev.tern.runtime.Session;
import dev.tern.runtime.Variant;
import dev.tern.runtime.Warming;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Generated classes begin with plain loops and change to vector code. Which form is faster is for the machine to say;
 * the bits are the same.
 */
class ChangeOverTest {
    private static final String MODEL = """
            model Piece(image: f32[9, 9, 3], v: f32[512]) -> (y: f32[21], z: f32[100]) {
                parameters "piece.safetensors"
                default weights: ternary(twn), activations: dynamic(4)

                stem = image |> conv(70, 3x3, pad: same, weights: binary, activations: sign) |> batchnorm |> relu
                y = stem |> conv(20, 3x3) |> relu |> flatten |> dense(21, activations: dynamic(8))
                z = v |> dense(100)
            }
            """;
    /** A width that any machine can run: where its vectors are narrower, the JVM makes the best of it. */
    private static final Target VECTOR = Target.vector(256);

    @TempDir
    Path folder;

    private static ModelFiles.Source source(Target target) {
        KernelProgram program = LoweredModels.of(MODEL, target, CostModel.Choice.CHEAPEST);
        return Pieces.source(program);
    }

    private static CompiledModel hidden() {
        ModelFiles.Source plain = source(Target.PORTABLE);
        ModelFiles.Source vector = source(VECTOR);
        return HiddenModel.define(HiddenModel.emit(plain.program(), 0), plain.weights()).changingTo(256,
                () -> HiddenModel.define(HiddenModel.emit(vector.program(), 0), vector.weights()));
    }

    @Test
    void aHiddenClassGivesTheSameBits() {
        check(hidden(), Warming.State.WAITING);
    }

    @Test
    void aNamedClassGivesTheSameBits() throws Exception {
        ChildJvm.write(folder, ModelFiles.of(source(Target.PORTABLE), Target.VECTORS.stream()
                .map(ChangeOverTest::source).toList(), new ClassName("com.acme", "Piece")).byPath());
        try (URLClassLoader loader = new URLClassLoader(new URL[]{folder.toUri().toURL()})) {
            CompiledModel model = (CompiledModel) loader.loadClass("com.acme.Piece").getMethod("model").invoke(null);
            check(model, Variant.ofThisJvm().vectorBits() > 0 ? Warming.State.WAITING : Warming.State.ONE_FORM);
            Session made = (Session) loader.loadClass("com.acme.Piece").getConstructor().newInstance();
            assertThat(outputs(made)).isEqualTo(outputs(model.newSession()));
        }
    }

    private static void check(CompiledModel model, Warming.State first) {
        assertThat(model.warming().state()).isEqualTo(first);
        assertThat(model.signature().variant()).isEqualTo("portable");
        try (Session one = model.newSession(); Session two = model.newSession(Parallelism.threads(2))) {
            List<Object> expected = outputs(one);
            assertThat(outputs(two)).isEqualTo(expected);
            assertThat(model.warm().state().settled()).isTrue();
            if (model.warming().state() == Warming.State.CHANGED) {
                assertThat(model.signature().variant()).startsWith("vector ");
            } else {
                assertThat(model.signature().variantReason()).doesNotContain("fail").doesNotContain("fault");
            }
            for (Session session : List.of(one, two, model.newSession())) {
                for (int i = 0; i < 3; i++) {
                    assertThat(outputs(session)).isEqualTo(expected);
                }
            }
        }
    }

    /** As lists, which are equal when all their bits are. */
    private static List<Object> outputs(Session session) {
        Object[] outputs = session.newOutputs(1);
        session.run(session.signature().sampleInputs(), outputs);
        return List.of(outputs).stream().map(array -> Arrays.toString((float[]) array))
                .map(Object.class::cast).toList();
    }

    @Test
    void aHiddenModelIsUnloadedWhileItIsWarmed() throws Exception {
        WeakReference<Class<?>> dropped = beginAndDrop();
        for (int i = 0; i < 1000 && dropped.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(dropped.get()).isNull();
    }

    private static WeakReference<Class<?>> beginAndDrop() throws InterruptedException {
        CompiledModel model = hidden();
        Session session = model.newSession();
        for (int i = 0; i < 100; i++) {
            outputs(session);
        }
        while (Runtime.getRuntime().availableProcessors() > 1
                && model.warming().state() == Warming.State.WAITING) {
            Thread.sleep(1);
        }
        return new WeakReference<>(session.getClass());
    }
}
