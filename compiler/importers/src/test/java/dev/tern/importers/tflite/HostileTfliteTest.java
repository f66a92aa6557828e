package dev.tern.importers.tflite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.foreign.ImportFormat;
import dev.tern.compiler.foreign.ImportedModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that lie: each ends with a diagnostic, soon, and within the 512 MB that these tests run with. */
class HostileTfliteTest {
    /** Longer where a long run has to share the machine. */
    private static final Duration SOON = Duration.ofSeconds(Long.getLong("fuzz.seconds", 0) == 0 ? 20 : 120);
    private static final int MUTANTS = 400;

    /** The first message; empty where the file is taken. */
    private static String read(byte[] bytes) {
        Diagnostics diagnostics = new Diagnostics();
        Optional<ImportedModel> model = ImportedTflite.read(bytes, diagnostics);
        assertThat(model.isPresent()).isEqualTo(diagnostics.list().isEmpty());
        // What is taken is a model of the language, or one that the language has a reason to refuse.
        model.ifPresent(taken -> ImportFormat.analyze(taken, diagnostics));
        return diagnostics.list().stream().map(Diagnostic::message).findFirst().orElse("");
    }

    private static String soon(byte[] bytes) {
        return assertTimeoutPreemptively(SOON, () -> read(bytes));
    }

    // Models that are taken, of many operators between them

    static TfliteModels quantized() {
        TfliteModels model = new TfliteModels();
        int x = model.coded("x", TfliteModels.I8, 0.5f, -3, 1, 4, 4, 2);
        int w = model.codes("w", TfliteModels.I8, new int[]{2, 3, 3, 2}, new float[]{0.5f, 0.25f}, new long[2], 0,
                new int[36]);
        int b = model.bias("b", new float[]{0.25f, 0.125f}, 10, -20);
        int c = model.coded("c", TfliteModels.I8, 0.5f, -128, 1, 4, 4, 2);
        int s = model.coded("s", TfliteModels.I8, 0.75f, 4, 1, 4, 4, 2);
        int p = model.coded("p", TfliteModels.I8, 0.75f, 4, 1, 2, 2, 2);
        int l = model.coded("l", TfliteModels.I8, 1 / 256f, -128, 1, 2, 2, 2);
        int shape = model.ints("shape", new int[]{2}, 1, -1);
        int f = model.coded("f", TfliteModels.I8, 1 / 256f, -128, 1, 8);
        int v = model.codes("v", TfliteModels.I4, new int[]{3, 8}, new float[]{0.5f}, new long[1], 0, new int[12]);
        int d = model.coded("d", TfliteModels.I8, 0.1f, 0, 1, 3);
        int y = model.coded("y", TfliteModels.I8, 1 / 256f, -128, 1, 3);
        return model.inputs(x).outputs(y)
                .node("CONV_2D", new int[]{x, w, b}, new int[]{c}, TfliteModels.i32(1, 1), TfliteModels.i32(2, 1),
                        TfliteModels.i8(3, 1))
                .node("ADD", new int[]{c, x}, new int[]{s})
                .node("AVERAGE_POOL_2D", new int[]{s}, new int[]{p}, TfliteModels.i8(0, 1), TfliteModels.i32(1, 2),
                        TfliteModels.i32(2, 2), TfliteModels.i32(3, 2), TfliteModels.i32(4, 2))
                .node("LOGISTIC", new int[]{p}, new int[]{l}).node("RESHAPE", new int[]{l, shape}, new int[]{f})
                .node("FULLY_CONNECTED", new int[]{f, v, -1}, new int[]{d})
                .node("SOFTMAX", new int[]{d}, new int[]{y}, TfliteModels.f32(0, 1));
    }

    static TfliteModels moving() {
        TfliteModels model = new TfliteModels();
        int x = model.tensor("x", TfliteModels.F32, 1, 4, 4, 2);
        int axes = model.ints("axes", new int[]{2}, 1, 2);
        int begin = model.ints("begin", new int[]{4}, 0, 1, 0, 0);
        int end = model.ints("end", new int[]{4}, 1, 3, 4, 2);
        int strides = model.ints("strides", new int[]{4}, 1, 1, 1, 1);
        int pads = model.ints("pads", new int[]{4, 2}, 0, 0, 1, 0, 0, 1, 0, 0);
        int s = model.tensor("s", TfliteModels.F32, 1, 2, 4, 2);
        int p = model.tensor("p", TfliteModels.F32, 1, 3, 5, 2);
        int c = model.tensor("c", TfliteModels.F32, 1, 3, 5, 4);
        int y = model.tensor("y", TfliteModels.F32, 1, 4);
        return model.inputs(x).outputs(y)
                .node("STRIDED_SLICE", new int[]{x, begin, end, strides}, new int[]{s}, TfliteModels.i32(0, 1))
                .node("PAD", new int[]{s, pads}, new int[]{p})
                .node("CONCATENATION", new int[]{p, p}, new int[]{c}, TfliteModels.i32(0, 3))
                .node("MEAN", new int[]{c, axes}, new int[]{y});
    }

    static TfliteModels larq() {
        TfliteModels model = new TfliteModels();
        int x = model.tensor("x", TfliteModels.F32, 1, 3, 3, 32);
        int bits = model.tensor("bits", TfliteModels.I32, 1, 3, 3, 1);
        int w = model.ints("w", new int[]{4, 1, 1, 1}, 1, -2, 3, -4);
        int m = model.floats("m", new int[]{4}, 1, 2, 3, 4);
        int y = model.tensor("y", TfliteModels.F32, 1, 3, 3, 4);
        return model.inputs(x).outputs(y).node("LceQuantize", new int[]{x}, new int[]{bits})
                .node("LceBconv2d", new int[]{bits, w, m, m, -1}, new int[]{y}, LarqModelsTest.conv(0, 0, 1, 1, 32));
    }

    static Stream<byte[]> corpus() {
        return Stream.of(quantized(), moving(), larq()).map(TfliteModels::build);
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void theCorpusIsTaken(byte[] model) {
        assertThat(soon(model)).isEmpty();
    }

    // Lies

    private static TfliteModels relu(int... shape) {
        TfliteModels model = new TfliteModels();
        return model.inputs(model.tensor("x", TfliteModels.F32, shape)).outputs(model.tensor("y", TfliteModels.F32,
                shape));
    }

    private static byte[] fill(int... dims) {
        TfliteModels model = relu(1);
        int shape = model.ints("dims", new int[]{dims.length}, dims);
        int one = model.floats("one", new int[]{}, 1);
        int all = model.tensor("all", TfliteModels.F32, dims);
        return model.node("FILL", new int[]{shape, one}, new int[]{all}).node("ADD", new int[]{0, all}, new int[]{1})
                .build();
    }

    private static byte[] pad(int... paddings) {
        TfliteModels model = relu(1);
        int pads = model.ints("pads", new int[]{1, 2}, paddings);
        return model.node("PAD", new int[]{0, pads}, new int[]{1}).build();
    }

    private static byte[] weights(int... shape) {
        TfliteModels model = relu(1, 4);
        int w = model.codes("w", TfliteModels.F32, shape, new float[0], new long[0], 0, 1, 2, 3, 4);
        return model.node("FULLY_CONNECTED", new int[]{0, w, -1}, new int[]{1}).build();
    }

    static Stream<Arguments> lies() {
        String damaged = "this TFLite model is damaged, or is not whole: it refers to places outside the file";
        return Stream.of(Arguments.of("this is no TFLite model: it lacks the mark TFL3", new byte[100]),
                Arguments.of("this is an empty file", new byte[0]),
                Arguments.of(damaged, new byte[]{127, 127, 127, 127, 'T', 'F', 'L', '3'}),
                Arguments.of(damaged, new byte[]{-1, -1, -1, -1, 'T', 'F', 'L', '3'}),
                Arguments.of("`y` is read before it is computed, and is no constant",
                        relu(1).node("RELU", new int[]{1}, new int[]{1}).build()),
                Arguments.of("`y` (RELU): its operands do not suit the operator",
                        relu(1).node("RELU", new int[]{99}, new int[]{1}).build()),
                Arguments.of("`y` (RELU): its operands do not suit the operator",
                        relu(1).node("RELU", new int[]{-2}, new int[]{1}).build()),
                Arguments.of("`y` (RELU): input 0 is missing",
                        relu(1).node("RELU", new int[]{-1}, new int[]{1}).build()),
                Arguments.of("`y`: Tern does not have the operator LSTM",
                        relu(1).node("LSTM", new int[]{0}, new int[]{1}).build()),
                Arguments.of("`y`: Tern does not have the custom operator FlexErf",
                        relu(1).node("FlexErf", new int[]{0}, new int[]{1}).build()),
                Arguments.of("a tensor of shape [100000, 100000] has more than 2^28 elements",
                        relu(100_000, 100_000).node("RELU", new int[]{0}, new int[]{1}).build()),
                Arguments.of("the tensor `w` is not whole: it has 4 bytes where its shape asks for 64", weights(4, 4)),
                Arguments.of("a tensor of shape [65536, 65536] has more than 2^28 elements", weights(65536, 65536)),
                Arguments.of("the shape [-4, 4] has a negative size", weights(-4, 4)),
                Arguments.of("`all` (FILL): the constants that the network computes have more than 2^25 elements",
                        fill(1 << 27)),
                Arguments.of("`all` (FILL): a tensor of shape [2147483647, 2147483647] has more than 2^28 elements",
                        fill(Integer.MAX_VALUE, Integer.MAX_VALUE)),
                Arguments.of(
                        "`y` (PAD): padding of [1] by [100000000, 0] makes a tensor of more than 2^22 elements, which "
                                + "is not supported", pad(100_000_000, 0)),
                Arguments.of("`y` (CONV_2D): four axes are needed where the shape is [1]",
                        relu(1).node("CONV_2D", new int[]{0, 0}, new int[]{1}).build()),
                Arguments.of("`y` (MAX_POOL_2D): kernel of 0 are not possible",
                        relu(1, 2, 2, 1).node("MAX_POOL_2D", new int[]{0}, new int[]{1}).build()),
                Arguments.of("`y` (LceBMaxPool2d): its options are damaged",
                        relu(1, 2, 2, 1).node("LceBMaxPool2d", new int[]{0}, new int[]{1}, new byte[]{1, 2, 3, 36, 1})
                                .build()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lies")
    void lies(String message, byte[] file) {
        assertThat(soon(file)).isEqualTo(message);
    }

    /** All that is not supported is named, not the first alone. */
    @Test
    void allUnknownOperatorsAreNamed() {
        Diagnostics diagnostics = new Diagnostics();
        ImportedTflite.read(relu(1).node("RNN", new int[]{0}, new int[]{1}).node("TOPK_V2", new int[]{0}, new int[]{1})
                .node("RNN", new int[]{0}, new int[]{1}).build(), diagnostics);
        assertThat(diagnostics.list()).hasSize(3).allMatch(diagnostic -> !diagnostic.help().isEmpty());
    }

    /** A length prefix of 2 GB in the place of every aligned number. */
    @ParameterizedTest
    @MethodSource("corpus")
    void lengthsOfTwoGigabytes(byte[] model) {
        for (int at = 0; at + Integer.BYTES <= model.length; at += Integer.BYTES) {
            byte[] changed = model.clone();
            ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(at, Integer.MAX_VALUE);
            soon(changed);
        }
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void truncated(byte[] model) {
        for (int length = 0; length < model.length; length += 7) {
            assertThat(soon(Arrays.copyOf(model, length))).isNotEmpty();
        }
    }

    /** With {@code -Dfuzz.seconds=600} for as long, from another beginning each time. */
    @ParameterizedTest
    @MethodSource("corpus")
    void mutants(byte[] model) {
        long seconds = Long.getLong("fuzz.seconds", 0);
        SplittableRandom random = new SplittableRandom(seconds == 0 ? model.length : System.nanoTime());
        long end = System.nanoTime() + seconds * 1_000_000_000;
        for (int i = 0; i < MUTANTS || System.nanoTime() < end && seconds > 0; i++) {
            byte[] mutant = mutant(model, random);
            try {
                soon(mutant);
            } catch (Throwable wrong) {
                throw new AssertionError(HexFormat.of().formatHex(mutant), wrong);
            }
        }
    }

    /** A few bytes changed, or a piece of the file moved over another. */
    static byte[] mutant(byte[] model, SplittableRandom random) {
        byte[] changed = model.clone();
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            int at = random.nextInt(8, changed.length - 4);
            switch (random.nextInt(4)) {
                case 0 -> changed[at] = (byte) random.nextInt();
                case 1 -> changed[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(at & ~3,
                        random.nextInt(-changed.length, changed.length));
                default -> {
                    int from = random.nextInt(changed.length);
                    int length = Math.min(random.nextInt(1, 33), changed.length - Math.max(at, from));
                    System.arraycopy(model, from, changed, at, length);
                }
            }
        }
        return changed;
    }

    /** Files that a longer run of mutations found something with, one a line. */
    static List<byte[]> found() throws IOException {
        try (InputStream lines = HostileTfliteTest.class.getResourceAsStream("/tflite/found.txt")) {
            return new String(lines.readAllBytes(), StandardCharsets.US_ASCII).lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#")).map(HexFormat.of()::parseHex).toList();
        }
    }

    @Test
    void whatWasFound() throws IOException {
        found().forEach(HostileTfliteTest::soon);
    }
}
