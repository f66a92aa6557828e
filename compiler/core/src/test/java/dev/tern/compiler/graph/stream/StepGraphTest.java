package dev.tern.compiler.graph.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.tern.compiler.Compilation;
import dev.tern.compiler.HostTarget;
import dev.tern.compiler.LayerReport;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.zoo.Zoo;
import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.InputException;
import dev.tern.runtime.Stream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A model of a stream gives for each new frame what the model of a window gives for the frames up to it. */
class StepGraphTest {
    private static Graph steps(AnalyzedModel model, Graph windowed) {
        Diagnostics diagnostics = new Diagnostics();
        Optional<Graph> steps = StepGraph.of(windowed, windowed.inputs().getFirst(), diagnostics);
        assertThat(DiagnosticRenderer.render(diagnostics.list())).isEmpty();
        assertThat(model.inputs().getFirst().stream()).isTrue();
        return steps.orElseThrow();
    }

    private static void check(String text, int frames) {
        AnalyzedModel model = Zoo.analyzed("stream.tern", text);
        Graph windowed = Zoo.bound(model);
        Shape shape = model.inputs().getFirst().type().shape();
        int window = shape.dimension(0);
        int size = shape.elements() / window;
        Graph steps = steps(model, windowed);
        for (Target target : List.of(Target.PORTABLE, HostTarget.find().target())) {
            CompiledModel compiled = Compilation.of(steps, model.layers(), HostTarget.of(target, "a test")).model();
            Stream stream = compiled.newStream();
            for (int recording = 0; recording < 2; recording++) {
                Random random = new Random(recording);
                boolean bytes = model.inputs().getFirst().type().element() instanceof ElementType.Code;
                Object last = bytes ? new byte[window * size] : new float[window * size];
                for (int i = 0; i < frames; i++) {
                    Object frame = bytes ? bytes(size, random) : reals(size, random);
                    System.arraycopy(last, size, last, 0, (window - 1) * size);
                    System.arraycopy(frame, 0, last, (window - 1) * size, size);
                    Tensor expected = GraphInterpreter.run(windowed, List.of(tensor(model, last))).getFirst();
                    float[] result = bytes ? stream.push((byte[]) frame) : stream.push((float[]) frame);
                    assertThat(new Tensor.Floats(expected.shape(), result)).as("frame %d for %s", i, target)
                            .isEqualTo(expected);
                }
                stream.reset();
            }
        }
    }

    private static float[] reals(int size, Random random) {
        float[] frame = new float[size];
        for (int j = 0; j < size; j++) {
            frame[j] = (float) random.nextGaussian();
        }
        return frame;
    }

    private static byte[] bytes(int size, Random random) {
        byte[] frame = new byte[size];
        random.nextBytes(frame);
        return frame;
    }

    private static Tensor tensor(AnalyzedModel model, Object window) {
        Shape shape = model.inputs().getFirst().type().shape();
        if (window instanceof float[] reals) {
            return new Tensor.Floats(shape, reals.clone());
        }
        boolean signed = ((ElementType.Code) model.inputs().getFirst().type().element()).signed();
        byte[] codes = (byte[]) window;
        int[] values = new int[codes.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = signed ? codes[i] : codes[i] & 255;
        }
        return new Tensor.Integers(shape, values);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "y = x |> reshape([9, 1, 4]) |> conv(6, 3x1, pad: valid) |> batchnorm |> depthwise(4x1, pad: valid)"
                + " |> relu |> flatten |> dense(3)",
        "y = x |> conv1d(5, 3, pad: valid) |> batchnorm |> conv1d(4, 3, pad: valid, dilation: 2)"
                + " |> flatten |> dense(3)",
        "y = x |> dense(5) |> relu |> conv1d(5, 2, pad: valid, activations: static(4, -2..2))"
                + " |> reduce(mean, [0]) |> dense(3)",
        "a = x |> conv1d(4, 3, pad: valid)\n y = a + slice(x, 2, 9, axis: 0)"
                + " |> flatten |> dense(3, activations: float)",
        "y = x |> dense(5, activations: dynamic(4, per: row)) |> layernorm |> flatten |> dense(3)",
        "y = concat(x, x |> gelu) |> reshape([9, 1, 8]) |> maxpool(3x1, stride: 1) |> avgpool |> dense(3)",
        "a = x |> conv1d(4, 2, pad: valid, activations: float)\n b = x |> conv1d(4, 9, pad: valid)\n"
                + " y = a * 0.5 |> conv1d(3, 8, pad: valid) |> flatten |> bias |> softmax",
    })
    void givesTheBitsOfTheWindow(String body) {
        check("model S(x: f32[4] over 9) -> (y: f32[3]) {\n parameters \"s.safetensors\"\n"
                + " default weights: binary, activations: sign\n" + body.replace("b = x |> conv1d(4, 9, pad: valid)\n",
                        "")
                + "\n}\n", 14);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "u8; conv1d(4, 3, pad: valid, weights: int(8), activations: static(8, 0..1)) |> relu |> reduce(mean, [0])",
        "i8; conv1d(4, 3, pad: valid, activations: static(8, -1..1)) |> conv1d(3, 2, pad: valid) |> reduce(sum, [0])",
        "u8; conv1d(4, 3, pad: valid) |> flatten |> dense(3, activations: static(4, -1..1))",
        "i8; conv1d(4, 3, pad: valid, activations: static(3, -1..1)) |> flatten |> dense(3)"})
    void framesMayBeBytes(String element, String ops) {
        check("model S(x: " + element + "[4] over 6) -> (y: f32[3]) {\n parameters \"s.safetensors\"\n"
                + " default weights: ternary, activations: sign\n y = x |> " + ops + " |> dense(3)\n}\n", 9);
    }

    /** Layers that go along time or treat frames each for itself, over windows that they leave frames of. */
    @Test
    void randomStreams() {
        for (int seed = 0; seed < 24; seed++) {
            Random random = new Random(seed);
            int frames = 5 + random.nextInt(8);
            String element = List.of("f32", "f32", "u8", "i8").get(random.nextInt(4));
            StringBuilder ops = new StringBuilder("x");
            if (element.equals("i8")) {
                ops.append(" |> conv1d(3, 1, pad: valid, activations: static(8, -1..1))");
            }
            int left = frames;
            for (int layers = 1 + random.nextInt(4); layers > 0; layers--) {
                int kernel = 1 + random.nextInt(3);
                int dilation = 1 + random.nextInt(2);
                boolean fits = (kernel - 1) * dilation < left;
                String scheme = List.of("sign", "ternary(0.5)", "static(4, -2..2)", "static(8, calibrated)", "float")
                        .get(random.nextInt(5));
                switch (random.nextInt(fits ? 5 : 3)) {
                    case 0 -> ops.append(" |> dense(" + (1 + random.nextInt(5))
                            + ", activations: dynamic(4, per: row))");
                    case 1 -> ops.append(random.nextBoolean() ? " |> relu" : " |> batchnorm");
                    case 2 -> ops.append(" |> quantize(" + scheme + ")");
                    default -> {
                        ops.append(" |> conv1d(" + (1 + random.nextInt(5)) + ", " + kernel + ", pad: valid, dilation: "
                                + dilation + ", activations: " + scheme + ")");
                        left -= (kernel - 1) * dilation;
                    }
                }
            }
            String end = List.of(" |> flatten", " |> reduce(mean, [0])", " |> reduce(max, [0])")
                    .get(random.nextInt(3));
            String text = "model S(x: " + element + "[" + (1 + random.nextInt(5)) + "] over " + frames
                    + ") -> (y: f32[2]) {\n parameters \"s.safetensors\"\n default weights: "
                    + List.of("binary", "ternary", "int(8)", "float").get(random.nextInt(4))
                    + ", activations: float\n y = " + ops + end + " |> dense(2)\n}\n";
            try {
                check(text, frames + 3);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("model " + seed + ":\n" + text, e);
            }
        }
    }

    /** What windows read of frames before: codes, of which each takes a byte. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "sww-1bit | frames: f32[1, 40], state1: u8[2, 1, 40], state2: i8[4, 1, 128], state3: i8[9, 1, 128],"
                + " state4: i8[14, 1, 128]",
        "sww-int8 | frames: f32[1, 40], state1: u8[2, 1, 40], state2: u8[4, 1, 128], state3: u8[9, 1, 128],"
                + " state4: u8[14, 1, 128]"})
    void whatIsKeptOfFramesIsWhatWindowsRead(String name, String inputs) {
        AnalyzedModel model = Zoo.analyzed(name, Zoo.text(name));
        Stream stream = Compilation.of(steps(model, Zoo.bound(model)), model.layers(),
                HostTarget.portable("a test")).model().newStream();
        assertThat(stream.signature().inputs()).hasToString("[" + inputs + "]");
        assertThat(stream.signature().outputs().getLast().shape().getFirst()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"sww-1bit, 46040", "sww-int8, 46040"})
    void theWakewordTakesAnEighteenthOfTheWork(String name, long multiplyAdds) {
        String text = Zoo.text(name);
        AnalyzedModel model = Zoo.analyzed(name, text);
        Graph steps = steps(model, Zoo.bound(model));
        List<LayerReport> layers = Compilation.of(steps, model.layers()).layers();
        assertThat(layers.stream().mapToLong(l -> l.binaryMultiplyAdds() + l.otherMultiplyAdds()).sum())
                .isEqualTo(multiplyAdds);
        check(text, 34);
    }

    @Test
    void aWrongFrameLeavesTheStreamAsItWas() {
        AnalyzedModel model = Zoo.analyzed("s.tern", "model S(x: f32[2] over 4) -> (y: f32[2]) {\n"
                + " y = x |> reduce(sum, [0])\n}\n");
        CompiledModel compiled = Compilation.of(steps(model, Zoo.bound(model)), model.layers()).model();
        Stream stream = compiled.newStream();
        assertThat(stream.stateBytes()).isEqualTo(3 * 2 * Float.BYTES);
        assertThat(stream.signature()).hasToString(
                "model S(x: f32[2], state1: f32[3, 2]) -> (y: f32[2], state1: f32[1, 2])");
        assertThat(stream.push(new float[]{1, 2})).containsExactly(1, 2);
        assertThatThrownBy(() -> stream.push(new float[3])).isInstanceOf(InputException.class).hasMessageContaining(
                "x");
        assertThatThrownBy(() -> stream.push(new float[]{Float.NaN, 0})).isInstanceOf(InputException.class);
        assertThat(stream.push(new float[]{10, 20})).containsExactly(11, 22);
        stream.reset();
        assertThat(stream.push(new float[]{5, 6})).containsExactly(5, 6);
        List<float[]> frames = new ArrayList<>(List.of(new float[]{1, 1}, new float[]{1, 1}, new float[]{1, 1},
                new float[]{1, 1}));
        frames.forEach(stream::push);
        assertThat(stream.push(new float[]{1, 1})).as("four frames").isEqualTo(new float[]{4, 4});
        assertThat(Arrays.asList(frames.get(0)[0])).containsExactly(1f);
    }

    @Test
    void pushingAllocatesNothing() {
        AnalyzedModel model = Zoo.analyzed("sww-1bit", Zoo.text("sww-1bit"));
        Stream stream = Compilation.of(steps(model, Zoo.bound(model)), model.layers(),
                HostTarget.portable("a test")).model().newStream();
        float[] frame = new float[40];
        float[] scores = new float[3];
        for (int i = 0; i < 1000; i++) {
            stream.push(frame, scores);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        threads.getCurrentThreadAllocatedBytes();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1000; i++) {
            stream.push(frame, scores);
        }
        // Asking allocates a little, once.
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1000);
    }

    /** In one run, but for what reads something that is refused itself. */
    @Test
    void everyRefusalIsTold() {
        AnalyzedModel model = Zoo.analyzed("s.tern", """
                model S(x: f32[4] over 9) -> (y: f32[2]) {
                    parameters "s.safetensors"
                    a = x |> conv1d(3, 3)
                    b = x |> reshape([9, 2, 2]) |> maxpool(2x1) |> flatten
                    c = x |> dense(3, activations: dynamic(4)) |> conv1d(3, 3)
                    y = concat(a |> flatten, b, c |> flatten) |> dense(2)
                }
                """);
        Graph windowed = Zoo.bound(model);
        Diagnostics diagnostics = new Diagnostics();
        assertThat(StepGraph.of(windowed, windowed.inputs().getFirst(), diagnostics)).isEmpty();
        assertThat(diagnostics.list()).extracting(Diagnostic::message).containsExactly(
                "padding along time is no frame of a stream",
                "a stride along time gives no result for every new frame",
                "the range of a whole window changes with every frame");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"conv1d(3, 3) | padding along time", //
        "conv1d(3, 3, pad: valid, stride: 2) | a stride along time", //
        "conv1d(3, 3, pad: valid, activations: dynamic(4)) | the range of a whole window"})
    void refusesWithTheWayOut(String op, String message) {
        AnalyzedModel model = Zoo.analyzed("s.tern", "model S(x: f32[4] over 9) -> (y: f32[2]) {\n"
                + " parameters \"s.safetensors\"\n y = x |> " + op.trim().replace("> ", "> ")
                + " |> flatten |> dense(2)\n}\n");
        Graph windowed = Zoo.bound(model);
        Diagnostics diagnostics = new Diagnostics();
        assertThat(StepGraph.of(windowed, windowed.inputs().getFirst(), diagnostics)).isEmpty();
        assertThat(DiagnosticRenderer.render(diagnostics.list())).contains("error[T0907]: " + message.trim(),
                "s.tern:3",
                "without `over`");
    }
}
