package dev.tern.compiler.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.target.Target;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelGeneratorTest {
    private static final String TWO = """
            /// Adds */ & <b>compares</b> {@code x}.
            model Two(x: f32[3], class: step[5]) -> (sum: f32[3], best: i32) {
                labels sum: "a", "b", "c"

                sum  = x + x
                best = sum |> argmax
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void aFacadeHasAParameterForEachInputAndARecordOfTheOutputs() throws Exception {
        Class<?> two = compiled("com/acme/two.tern", TWO, false);
        Object model = two.getConstructor().newInstance();
        float[] x = {1, 3, 2};

        Object result = two.getMethod("run", float[].class, int.class).invoke(model, x, 4);

        Object sum = result.getClass().getMethod("sum").invoke(result);
        assertThat(sum.getClass().getMethod("label").invoke(sum)).isEqualTo("b");
        assertThat((float[]) sum.getClass().getMethod("values").invoke(sum)).containsExactly(2, 6, 4);
        assertThat(result.getClass().getMethod("best").invoke(result)).isEqualTo(1);
        assertThat(two.getField("X_ELEMENTS").get(null)).isEqualTo(3);
        assertThat(two.getField("SUM_LABELS").get(null)).isEqualTo(List.of("a", "b", "c"));

        float[] sums = new float[6];
        int[] bests = new int[2];
        two.getMethod("runBatch", int.class, float[].class, int[].class, float[].class, int[].class).invoke(model, 2,
                new float[]{1, 2, 3, 9, 8, 7}, new int[]{0, 4}, sums, bests);
        assertThat(sums).containsExactly(2, 4, 6, 18, 16, 14);
        assertThat(bests).containsExactly(2, 0);
    }

    @Test
    void whatIsWrongWithAnInputNamesIt() throws Exception {
        Class<?> two = compiled("two.tern", TWO, false);
        Object model = two.getConstructor().newInstance();
        Method run = two.getMethod("run", float[].class, int.class);

        assertThatThrownBy(() -> run.invoke(model, new float[3], 5)).isInstanceOf(InvocationTargetException.class)
                .cause().isInstanceOf(IllegalArgumentException.class).hasMessageContaining("class: step[5]")
                .hasMessageContaining("is 5");
        assertThat(run.invoke(model, new float[3], 4)).isNotNull();
    }

    @Test
    void picturesAndBuffersAreReadAsTheyAreStored() throws Exception {
        Class<?> grey = compiled("grey.tern", """
                model Grey(image: f32[2, 2, 1]) -> (y: f32[4]) {
                    y = image |> flatten
                }
                """, false);
        Object model = grey.getConstructor().newInstance();

        assertThat((float[]) grey.getMethod("run", byte[].class).invoke(model, new byte[]{0, 1, 127, -1}))
                .containsExactly(0, 1 / 255f, 127 / 255f, 1);

        FloatBuffer image = FloatBuffer.wrap(new float[]{9, 1, 2, 3, 4, 5}).position(1);
        FloatBuffer y = FloatBuffer.allocate(6).position(2);
        grey.getMethod("run", FloatBuffer.class, FloatBuffer.class).invoke(model, image, y);
        assertThat(y.array()).containsExactly(0, 0, 1, 2, 3, 4);
        assertThat(image.position()).isEqualTo(5);
    }

    @Test
    void aPictureIntoAnArrayThatIsGivenAllocatesNothing() throws Throwable {
        Class<?> grey = compiled("grey.tern", """
                model Grey(image: f32[2, 2, 1]) -> (y: f32[4]) {
                    y = image |> flatten
                }
                """, false);
        Object model = grey.getConstructor().newInstance();
        MethodHandle run = MethodHandles.lookup().unreflect(grey.getMethod("run", byte[].class, float[].class))
                .bindTo(model);
        byte[] picture = {0, 1, 127, -1};
        float[] y = new float[4];
        for (int i = 0; i < 20_000; i++) {
            run.invokeExact(picture, y);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        threads.getCurrentThreadAllocatedBytes();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1000; i++) {
            run.invokeExact(picture, y);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1000);
        assertThat(y).containsExactly(0, 1 / 255f, 127 / 255f, 1);

        assertThatThrownBy(() -> run.invoke(new byte[3], y)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("input image: f32[2, 2, 1] of a picture needs 4 bytes, given 3");
    }

    @Test
    void buffersAreOfTheTypeOfTheirNumbers() throws Exception {
        Class<?> best = compiled("best.tern", """
                model Best(codes: u8[4], class: step[5], x: f32[4]) -> (place: i32, y: f32[4]) {
                    place = x |> argmax
                    y     = x + codes
                }
                """, false);
        ByteBuffer codes = ByteBuffer.allocateDirect(4).put(new byte[]{0, 1, 2, -1}).flip();
        IntBuffer place = IntBuffer.allocate(1);
        FloatBuffer y = FloatBuffer.allocate(4);

        best.getMethod("run", ByteBuffer.class, int.class, FloatBuffer.class, IntBuffer.class, FloatBuffer.class)
                .invoke(best.getConstructor().newInstance(), codes, 4, FloatBuffer.wrap(new float[]{1, 5, 3, 4}), place,
                        y);

        assertThat(place.array()).containsExactly(1);
        assertThat(y.array()).containsExactly(1, 5 + 1 / 255f, 3 + 2 / 255f, 5);
    }

    @Test
    void portsMayBeCalledAsTheFacadeCallsItsOwn() throws Exception {
        Class<?> names = compiled("names.tern", """
                model Names(session: f32[2], inputs: f32[2, 1, 1]) -> (outputs: f32[2], copying: f32[2], i: f32[2]) {
                    outputs = session + (inputs |> flatten)
                    copying = session
                    i       = inputs |> flatten
                }
                """, false);
        float[] sum = new float[2];
        names.getMethod("run", float[].class, byte[].class, float[].class, float[].class, float[].class)
                .invoke(names.getConstructor().newInstance(), new float[]{1, 2}, new byte[]{0, -1}, sum, new float[2],
                        new float[2]);
        assertThat(sum).containsExactly(1, 3);
    }

    @Test
    void aStandaloneModelNeedsNoOtherClass() throws Exception {
        Class<?> two = compiled("com/acme/two.tern", TWO, true);

        Object signature = two.getMethod("signature").invoke(null);

        assertThat(signature.getClass().getName()).isEqualTo("com.acme.ternruntime.Signature");
        assertThat(signature).hasToString("model Two(x: f32[3], class: step[5]) -> (sum: f32[3], best: i32[])");
    }

    @Test
    void theRuntimeThatIsTakenAlongHasLinesButNoNamesOfVariables() throws Exception {
        Map<String, byte[]> classes = new ModelGenerator(Target.VECTORS, true).generate(source("com/acme/two.tern",
                TWO)).classes();

        List<String> attributes = new ArrayList<>();
        for (MethodModel method : ClassFile.of().parse(classes.get("com/acme/ternruntime/WeightFile.class"))
                .methods()) {
            method.findAttribute(Attributes.code())
                    .ifPresent(code -> code.attributes().forEach(it -> attributes.add(it.attributeName()
                            .stringValue())));
        }
        assertThat(attributes).contains("LineNumberTable").doesNotContain("LocalVariableTable");
        assertThat(classes.keySet()).filteredOn(name -> name.endsWith(".weights"))
                .containsExactly("com/acme/TwoSession.weights");
    }

    @Test
    void aFolderThatIsNoPackageIsNamed() throws IOException {
        ModelSource source = source("2d/two.tern", TWO);

        assertThatThrownBy(() -> new ModelGenerator(Target.VECTORS, false).generate(source))
                .isInstanceOf(CompilationFailedException.class).hasMessageContaining("names the package `2d`")
                .hasMessageContaining("move the model to a folder that is a Java package");
    }

    @Test
    void hiddenFilesAreNoModels() throws IOException {
        source("a/two.tern", TWO);
        source(".git/other.tern", TWO);

        assertThat(ModelSource.under(folder)).containsExactly(new ModelSource(folder.resolve("a/two.tern"), "a"));
    }

    @Test
    void whatAModelIsMadeOfIsToldSoThatABuildKnowsWhenItIsOld() throws IOException {
        Files.writeString(folder.resolve("names.txt"), "a\nb\nc\n");
        ModelSource source = source("two.tern", TWO.replace("labels sum: \"a\", \"b\", \"c\"",
                "labels sum \"names.txt\""));

        assertThat(new ModelGenerator(List.of(), false).generate(source).reads()).containsExactly(
                folder.resolve("two.tern"), folder.resolve("two.tuning"), folder.resolve("names.txt"));
    }

    private ModelSource source(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return ModelSource.under(folder).stream().filter(source -> source.file().equals(file)).findFirst()
                .orElse(new ModelSource(file, ""));
    }

    /** The facade of a model, compiled for Java 17; a standalone one is loaded where the runtime is not. */
    private Class<?> compiled(String path, String text, boolean standalone) throws Exception {
        GeneratedModel model = new ModelGenerator(Target.VECTORS, standalone).generate(source(path, text));
        Path classes = folder.resolve("classes");
        for (Map.Entry<String, byte[]> file : FacadeCompiler.classes(model).entrySet()) {
            Files.createDirectories(classes.resolve(file.getKey()).getParent());
            Files.write(classes.resolve(file.getKey()), file.getValue());
        }
        ClassLoader parent = standalone ? ClassLoader.getPlatformClassLoader() : getClass().getClassLoader();
        return new URLClassLoader(new URL[]{classes.toUri().toURL()}, parent)
                .loadClass(model.facade().path().replace('/', '.'));
    }
}
