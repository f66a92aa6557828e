package dev.tern.compiler.bytecode.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.source.util.JavacTask;
import dev.tern.compiler.bytecode.ClassFile;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.conversion.GraphConversions;
import dev.tern.compiler.graph.stream.StepGraph;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.pipeline.PassObserver;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.LegalGraphs;
import dev.tern.compiler.testing.RandomModels;
import dev.tern.compiler.testing.RandomTensors;
import dev.tern.compiler.testing.TernModels;
import dev.tern.compiler.verification.ClassRun;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.util.Printer;

/** Classes for small JVMs: the bits of the oracle, no more than Java 8's {@code java.lang}, one inference at a time. */
class EdgeClassTest {
    /** In the file {@code release} of a JDK, whose releases up to 8 are named 1.8. */
    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(?:1\\.)?([0-9]+)");
    private static final String STATIC = """
            model Piece(x: u8[6, 6, 3]) -> (scores: f32[4], kind: i32) {
                default weights: int(8), activations: static(8, 0..4)
                h = x |> conv(8, 3x3) |> batchnorm |> relu |> maxpool(2x2)
                scores = h |> flatten |> dense(4, weights: ternary(twn), activations: static(4, 0..4))
                kind = scores |> argmax
            }
            """;

    /** Defines a class that sees nothing but the JDK. */
    private static Class<?> load(ClassFile file) {
        return new ClassLoader(null) {
            Class<?> define() {
                return defineClass(null, file.bytes(), 0, file.bytes().length);
            }
        }.define();
    }

    private static Method infer(Class<?> type) {
        return method(type, "infer");
    }

    private static Method method(Class<?> type, String name) {
        return Arrays.stream(type.getMethods()).filter(method -> method.getName().equals(name)).findFirst()
                .orElseThrow();
    }

    private static ClassFile emit(KernelProgram program) {
        return EdgeClass.of(program, new ClassName("com.acme", "Edge"));
    }

    private static Object[] arrays(KernelProgram program, List<Tensor> inputs) {
        List<Object> arrays = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            arrays.add(ClassRun.array(inputs.get(i), program.buffer(program.inputs().get(i).buffer()).bank()));
        }
        for (KernelProgram.Port port : program.outputs()) {
            Bank bank = program.buffer(port.buffer()).bank();
            Class<?> element = bank == Bank.F32 ? float.class : bank == Bank.I8 ? byte.class : int.class;
            arrays.add(Array.newInstance(element, port.shape().elements()));
        }
        return arrays.toArray();
    }

    private static List<Tensor> run(KernelProgram program, Method infer, List<Tensor> inputs) throws Exception {
        Object[] arrays = arrays(program, inputs);
        infer.invoke(null, arrays);
        List<Tensor> outputs = new ArrayList<>();
        for (int i = 0; i < program.outputs().size(); i++) {
            outputs.add(ClassRun.tensor(program.outputs().get(i), arrays[inputs.size() + i], 0));
        }
        return outputs;
    }

    @Test
    void randomModelsGiveTheOraclesBits() throws Exception {
        for (long seed = 0; seed < 60; seed++) {
            Graph graph = RandomModels.model(seed);
            KernelProgram program = LoweredModels.placed(graph, Target.EDGE);
            Method infer = infer(load(emit(program)));
            RandomTensors tensors = new RandomTensors(new Random(seed));
            for (int round = 0; round < 2; round++) {
                List<Tensor> inputs = tensors.inputs(graph);
                assertThat(run(program, infer, inputs)).as("model %d", seed)
                        .isEqualTo(GraphInterpreter.run(graph, inputs));
            }
        }
    }

    @Test
    void convertedModelsGiveTheBitsOfTheConvertedGraph() throws Exception {
        int converted = 0;
        for (long seed = 0; seed < 40; seed++) {
            Graph graph = GraphConversions.integersAlone().run(LegalGraphs.of(RandomModels.model(seed)).getLast(),
                    new Diagnostics(), PassObserver.none());
            converted += graph.nodes().stream().anyMatch(node -> node.operation() instanceof Operation.Requantize)
                    ? 1
                    : 0;
            KernelProgram program = LoweredModels.placed(graph, Target.EDGE_INTEGERS);
            List<Tensor> inputs = new RandomTensors(new Random(seed)).inputs(graph);
            assertThat(run(program, infer(load(emit(program))), inputs)).as("model %d", seed)
                    .isEqualTo(GraphInterpreter.run(graph, inputs));
        }
        assertThat(converted).isPositive();
    }

    /** Only the output is f32. */
    @Test
    void integersAloneComputeStaticLayers() {
        Graph graph = GraphConversions.integersAlone().run(LegalGraphs.of(TernModels.bound("piece.tern", """
                model Piece(x: u8[6, 6, 3]) -> (y: f32[4]) {
                    default weights: int(8), activations: static(8, 0..4)
                    h = x |> conv(8, 3x3) |> batchnorm |> relu |> maxpool(2x2)
                    g = h |> conv(8, 3x3) |> batchnorm |> relu
                    t = g |> conv(8, 3x3, weights: binary, activations: static(4, 0..4)) |> batchnorm |> relu
                    y = t |> flatten |> dense(4, weights: ternary(twn))
                }
                """, 3)).getLast(), new Diagnostics(), PassObserver.none());
        Set<String> real = new TreeSet<>();
        new ClassReader(emit(LoweredModels.placed(graph, Target.EDGE_INTEGERS)).bytes()).accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public MethodVisitor visitMethod(int access, String name, String descriptor, String signature,
                            String[] exceptions) {
                        return new MethodVisitor(Opcodes.ASM9) {
                            @Override
                            public void visitInsn(int opcode) {
                                String instruction = Printer.OPCODES[opcode];
                                if (instruction.matches("[FD](ADD|SUB|MUL|DIV|REM|NEG|CMP[LG])|[IL]2[FD]|[FD]2[IL]")) {
                                    real.add(name);
                                }
                            }
                        };
                    }
                }, 0);
        assertThat(real).isNotEmpty().allMatch(name -> name.startsWith("y_") || name.equals("$give0"));
    }

    @Test
    void theClassNamesNothingThatJava8DoesNotHave() {
        ClassFile file = emit(LoweredModels.placed(TernModels.bound("piece.tern", STATIC, 3), Target.EDGE));
        assertThat(file.bytes()[7]).isEqualTo((byte) 52);
        JavacTask java8 = (JavacTask) ToolProvider.getSystemJavaCompiler().getTask(null, null, null,
                List.of("--release", "8", "-proc:none"), List.of("java.lang.Object"), null);
        TreeSet<String> types = new TreeSet<>();
        TreeSet<String> missing = new TreeSet<>();
        new ClassReader(file.bytes()).accept(new ClassVisitor(Opcodes.ASM9) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature,
                    String[] exceptions) {
                return new MethodVisitor(Opcodes.ASM9) {
                    @Override
                    public void visitMethodInsn(int opcode, String owner, String method, String called,
                            boolean isInterface) {
                        types.add(owner);
                        if (!owner.startsWith("com/acme/") && !has(java8, owner, method, called)) {
                            missing.add(owner + "." + method + called);
                        }
                    }

                    @Override
                    public void visitFieldInsn(int opcode, String owner, String field, String type) {
                        types.add(owner);
                    }

                    @Override
                    public void visitTypeInsn(int opcode, String type) {
                        types.add(type);
                    }
                };
            }
        }, 0);
        assertThat(missing).isEmpty();
        assertThat(types).contains("com/acme/Edge")
                .allMatch(type -> type.equals("com/acme/Edge") || type.matches("java/lang/\\w+"));
    }

    private static boolean has(JavacTask java8, String owner, String method, String descriptor) {
        TypeElement type = java8.getElements().getTypeElement(owner.replace('/', '.'));
        return type != null && ElementFilter
                .methodsIn(java8.getElements().getAllMembers(type)).stream()
                .anyMatch(found -> found.getSimpleName().contentEquals(method)
                        && found.getParameters().size() == Type.getArgumentTypes(descriptor).length)
                || type != null && method.equals("<init>") && type.getEnclosedElements().stream()
                        .anyMatch(found -> found.getKind() == ElementKind.CONSTRUCTOR);
    }

    private static final String MAIN = """
            public class Run {
                public static void main(String[] args) {
                    byte[] x = new byte[108];
                    for (int i = 0; i < x.length; i++) {
                        x[i] = (byte) (i * 37);
                    }
                    float[] scores = new float[4];
                    int[] kind = new int[1];
                    com.acme.Edge.infer(x, scores, kind);
                    for (float score : scores) {
                        System.out.println(Float.floatToRawIntBits(score));
                    }
                    System.out.println(kind[0]);
                }
            }
            """;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theOldestJvmAtHandRunsItWithoutACompiler(boolean integers, @TempDir Path folder) throws Exception {
        Graph written = TernModels.bound("piece.tern", STATIC, 3);
        Graph graph = integers
                ? GraphConversions.integersAlone().run(LegalGraphs.of(written).getLast(), new Diagnostics(),
                        PassObserver.none())
                : written;
        Files.createDirectories(folder.resolve("com/acme"));
        Files.write(folder.resolve("com/acme/Edge.class"),
                emit(LoweredModels.placed(graph, Target.EDGE)).bytes());
        Path source = Files.writeString(folder.resolve("Run.java"), MAIN);
        int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, "--release", "8",
                "-Xlint:-options", "-cp", folder.toString(), "-d", folder.toString(), source.toString());
        assertThat(status).isZero();
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(oldestJvm().toString(), "-Xint", "-cp", folder.toString(), "Run")
                .redirectOutput(output.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
        int[] pixels = new int[108];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = i * 37 & 255;
        }
        List<Tensor> expected = GraphInterpreter.run(graph, List.of(new Tensor.Integers(Shape.of(6, 6, 3), pixels)));
        List<String> lines = new ArrayList<>();
        for (float score : ((Tensor.Floats) expected.get(0)).values()) {
            lines.add(Integer.toString(Float.floatToRawIntBits(score)));
        }
        lines.add(Integer.toString(((Tensor.Integers) expected.get(1)).values()[0]));
        assertThat(Files.readAllLines(output)).isEqualTo(lines);
    }

    /** Of the JDKs where Linux keeps them the oldest; this one if there are none. */
    private static Path oldestJvm() throws IOException {
        Path oldest = Path.of(System.getProperty("java.home"), "bin", "java");
        int release = Runtime.version().feature();
        Path folder = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(folder)) {
            try (Stream<Path> homes = Files.list(folder)) {
                for (Path home : homes.sorted().toList()) {
                    Matcher version = Files.isReadable(home.resolve("release"))
                            ? VERSION.matcher(Files.readString(home.resolve("release")))
                            : VERSION.matcher("");
                    if (Files.isExecutable(home.resolve("bin/java")) && version.find()
                            && Integer.parseInt(version.group(1)) < release) {
                        oldest = home.resolve("bin/java");
                        release = Integer.parseInt(version.group(1));
                    }
                }
            }
        }
        return oldest;
    }

    @Test
    void whatIsWrongWithACallIsSaid() throws Exception {
        KernelProgram program = LoweredModels.placed(TernModels.bound("piece.tern", """
                model Piece(x: f32[3], t: step[4]) -> (y: f32[2]) {
                    y = x |> dense(2, weights: ternary(twn), activations: tdq(4, step: t))
                }
                """, 3), Target.EDGE);
        Method infer = infer(load(emit(program)));
        float[] y = new float[2];
        infer.invoke(null, new float[3], new int[1], y);
        assertRefused(infer, "input x needs 3 elements, given 4", new float[4], new int[1], y);
        assertRefused(infer, "output y needs 2 elements, given 3", new float[3], new int[1], new float[3]);
        assertRefused(infer, "input x must be finite, element 1 is NaN", new float[]{1, Float.NaN, 2}, new int[1], y);
        assertRefused(infer, "input x must be finite, element 2 is -Infinity",
                new float[]{1, 2, Float.NEGATIVE_INFINITY}, new int[1], y);
        assertRefused(infer, "input t takes 0..3, element 0 is 4", new float[3], new int[]{4}, y);
        assertRefused(infer, "input t takes 0..3, element 0 is -1", new float[3], new int[]{-1}, y);
        assertRefused(infer, "input x needs 3 elements, given null", null, new int[1], y);
        assertRefused(infer, "input t needs 1 elements, given null", new float[3], null, y);
        assertRefused(infer, "output y needs 2 elements, given null", new float[3], new int[1], null);
        infer.invoke(null, new float[3], new int[]{3}, y);
    }

    private static void assertRefused(Method infer, String message, Object... arrays) {
        assertThatThrownBy(() -> infer.invoke(null, arrays)).isInstanceOf(InvocationTargetException.class).cause()
                .isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void oneInferenceRunsAtATime() throws Exception {
        KernelProgram program = LoweredModels.placed(TernModels.bound("piece.tern",
                "model Piece(x: f32[3]) -> (y: f32[2]) { y = x |> dense(2) }", 3), Target.EDGE);
        Class<?> type = load(emit(program));
        Method enter = type.getDeclaredMethod("$enter");
        Method leave = type.getDeclaredMethod("$leave");
        enter.setAccessible(true);
        leave.setAccessible(true);
        assertThat(enter.invoke(null)).isEqualTo(true);
        assertThatThrownBy(() -> infer(type).invoke(null, new float[3], new float[2])).cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Edge runs one inference at a time, and another has not ended");
        leave.invoke(null);
        infer(type).invoke(null, new float[3], new float[2]);
    }

    /** Codes of windows of three and two frames: rings of two rows and of one. */
    @Test
    void streamsKeepTheirStateInRings() throws Exception {
        Graph windowed = TernModels.bound("piece.tern", """
                model Piece(x: f32[3] over 6) -> (y: f32[2], z: f32[2]) {
                    h = x |> conv1d(4, 3, pad: valid, weights: int(4), activations: static(4, -2..2)) |> relu
                          |> conv1d(4, 2, pad: valid, weights: ternary, activations: sign)
                    y = h |> reduce(mean, [0]) |> dense(2)
                    z = y * 2
                }
                """, 3);
        Graph steps = StepGraph.of(windowed, windowed.inputs().getFirst(), new Diagnostics()).orElseThrow();
        Class<?> type = load(emit(LoweredModels.placed(steps, Target.EDGE)));
        assertThat(method(type, "push").getParameterTypes()).containsExactly(float[].class, float[].class,
                float[].class);
        for (int recording = 0; recording < 2; recording++) {
            Random random = new Random(recording);
            float[] last = new float[18];
            for (int i = 0; i < 9; i++) {
                float[] frame = {(float) random.nextGaussian(), (float) random.nextGaussian(), 1};
                System.arraycopy(last, 3, last, 0, 15);
                System.arraycopy(frame, 0, last, 15, 3);
                float[] y = new float[2];
                float[] z = new float[2];
                method(type, "push").invoke(null, frame, y, z);
                assertThat(List.of(Tensor.of(y), Tensor.of(z))).as("frame %d", i).isEqualTo(GraphInterpreter.run(
                        windowed, List.of(new Tensor.Floats(Shape.of(6, 3), last.clone()))));
                assertRefused(method(type, "push"), "input x must be finite, element 0 is NaN",
                        new float[]{Float.NaN, 0, 0}, y, z);
                assertRefused(method(type, "push"), "input x needs 3 elements, given 4", new float[4], y, z);
                assertRefused(method(type, "push"), "input x needs 3 elements, given null", null, y, z);
                assertRefused(method(type, "push"), "output z needs 2 elements, given null", frame, y, null);
            }
            method(type, "reset").invoke(null);
        }
    }

    @Test
    void stringsHoldAllBytes() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        String text = EdgeConstants.text(bytes, 0, bytes.length);
        assertThat(text).hasSize(293);
        assertThat(text.chars()).allMatch(character -> character >= 1 && character <= 128);
    }
}
