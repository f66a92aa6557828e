package dev.tern.compiler.bytecode.model;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.cost.CostModel.Choice;
import dev.tern.compiler.kernel.schedule.ProductSchedule;
import dev.tern.compiler.kernel.schedule.ProductSchedule.CarrySavePanels;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Family;
import dev.tern.compiler.kernel.schedule.ProductSchedule.ShortPanels;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles;
import dev.tern.compiler.target.Target;
import dev.tern.runtime.Variant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same of code that is written with the Vector API, in which a vector that becomes an object shows as allocation.
 * Each width that the processor has is guarded; at one that it lacks the JVM interprets every operation, which tells
 * nothing. Two pieces are guarded at a time, for their JVMs leave some of two processors idle.
 */
@Execution(ExecutionMode.CONCURRENT)
class VectorJitGuardTest {
    private static final int WARM = 700;

    /** Windows gathered straight and in loops, inside and at the border; panels, and what is left of a column. */
    private static final String PANELS = """
            model Piece(x: f32[4, 3, 70], z: f32[3, 3, 64], v: f32[200]) -> (a: f32[4, 3, 150], b: f32[4, 3, 70],
                    c: f32[4, 3, 10], d: f32[3, 3, 64], e: f32[2, 2, 33], f: f32[100], g: f32[9]) {
                parameters "piece.safetensors"
                default weights: ternary(twn), activations: sign

                a = x |> conv(150, 3x3, pad: same, weights: binary) |> batchnorm
                b = x |> conv(70, 3x3, pad: same) |> batchnorm |> quantize(sign)
                c = x |> conv(10, 5x5, pad: same, activations: dynamic(3))
                d = z |> conv(64, 3x3, pad: same, weights: binary, activations: dynamic(2)) |> relu
                e = z |> conv(33, 2x2, stride: 2, activations: static(4, -1..1))
                f = v |> dense(100, weights: binary, activations: dynamic(3, absmax))
                g = v |> dense(257) |> batchnorm |> dense(9, weights: binary)
            }
            """;

    /** One digit and two, tables in the margin, sums that take several parts, of rows one by one and together. */
    private static final String LOOK_UPS = """
            model Piece(x: f32[4, 3, 70], z: f32[3, 3, 64], v: f32[200], w: f32[4300], m: f32[7, 4300]) -> (
                    a: f32[4, 3, 70], b: f32[4, 3, 20], c: f32[100], d: f32[65], e: f32[10], f: f32[7],
                    g: f32[3, 3, 64], h: f32[7, 70]) {
                parameters "piece.safetensors"
                default weights: ternary(twn), activations: dynamic(4)

                a = x |> conv(70, 3x3, pad: same, weights: binary)
                b = x |> conv(20, 3x3, pad: same, activations: dynamic(8, absmax))
                c = v |> dense(100, weights: binary, activations: dynamic(8)) |> batchnorm |> relu
                d = v |> dense(65, activations: static(2, -1..1)) |> batchnorm |> quantize(sign)
                e = w |> dense(10)
                f = w |> dense(7, weights: binary, activations: dynamic(6))
                g = z |> conv(64, 1x1, activations: static(4, -1..1))
                h = m |> dense(70, weights: binary)
            }
            """;

    private static final String TILES = """
            model Piece(x: f32[6, 7, 20], v: f32[700], m: f32[7, 90]) -> (a: f32[6, 7, 70], b: f32[6, 7, 20],
                    c: f32[3, 4, 9], d: f32[6, 7, 20], e: f32[200], f: f32[10], g: f32[7, 33], h: f32[6, 7, 64]) {
                parameters "piece.safetensors"
                default weights: int(8), activations: dynamic(8)

                a = x |> conv(70, 3x3, pad: same) |> batchnorm |> relu
                b = x |> depthwise(3x3, pad: same) |> batchnorm |> relu
                c = x |> conv(9, 3x2, stride: 2, weights: float, activations: float)
                d = x |> depthwise(5x5, stride: 1, weights: float, activations: float)
                e = v |> dense(200)
                f = v |> dense(10, weights: float, activations: float)
                g = m |> dense(33, weights: ternary(twn), activations: dynamic(4))
                h = x |> conv(64, 1x1)
            }
            """;

    /** Pairs of even and of odd numbers of channels, sums of one pass and of several, zero points of all kinds. */
    private static final String SHORT_TILES = """
            model Piece(x: f32[6, 7, 20], y: f32[5, 5, 65], v: f32[700], m: f32[7, 90]) -> (a: f32[6, 7, 70],
                    b: f32[3, 4, 9], c: f32[5, 5, 64], d: f32[100], e: f32[7, 33], f: f32[7, 64], g: f32[6, 7, 20],
                    h: f32[5, 5, 65]) {
                parameters "piece.safetensors"
                default weights: ternary(twn), activations: dynamic(8)

                a = x |> conv(70, 3x3, pad: same) |> batchnorm |> relu
                b = x |> conv(9, 3x2, stride: 2, weights: binary, activations: dynamic(4))
                c = y |> conv(64, 3x3, pad: same, activations: dynamic(8, absmax))
                d = v |> dense(100)
                e = m |> dense(33, activations: dynamic(8, absmax))
                f = m |> dense(64, weights: int(3), activations: static(4, 0..1))
                g = x |> depthwise(3x3, pad: same) |> batchnorm |> relu
                h = y |> depthwise(5x5, weights: binary, activations: sign)
            }
            """;

    private static final String BYTE_TILES = """
            model Piece(x: f32[6, 7, 20], y: f32[5, 5, 65], z: f32[5, 5, 64], v: f32[3000], m: f32[9, 90]) -> (
                    a: f32[6, 7, 70], b: f32[3, 4, 9], c: f32[5, 5, 64], d: f32[100], e: f32[9, 33], f: f32[9, 64],
                    g: f32[5, 5, 64]) {
                parameters "piece.safetensors"
                default weights: ternary(twn), activations: dynamic(4)

                a = x |> conv(70, 3x3, pad: same) |> batchnorm |> relu
                b = x |> conv(9, 3x2, stride: 2, weights: binary, activations: dynamic(3))
                c = y |> conv(64, 3x3, pad: same, activations: dynamic(4, absmax))
                d = v |> dense(100)
                e = m |> dense(33, activations: dynamic(2, absmax))
                f = m |> dense(64, weights: int(2), activations: static(4, 0..1))
                g = z |> conv(64, 1x1) |> batchnorm |> relu
            }
            """;
    private static final String CARRY_SAVE = """
            model Piece(x: f32[6, 7, 70], y: f32[5, 5, 64], v: f32[700], m: f32[3, 256]) -> (a: f32[6, 7, 70],
                    b: f32[3, 4, 9], c: f32[5, 5, 64], d: f32[100], e: f32[3, 64]) {
                parameters "piece.safetensors"
                default weights: ternary(twn), activations: sign

                a = x |> conv(70, 3x3, pad: same) |> batchnorm |> relu
                b = x |> conv(9, 3x2, stride: 2, weights: binary)
                c = y |> conv(64, 3x3, pad: same, weights: binary) |> batchnorm |> quantize(sign)
                d = v |> dense(100)
                e = m |> dense(64)
            }
            """;
    private static final String SHORTS = """
            model Piece(x: f32[6, 7, 16], y: f32[5, 5, 19], z: f32[4, 4, 64]) -> (a: f32[6, 7, 16], b: f32[5, 5, 40],
                    c: f32[4, 4, 100]) {
                parameters "piece.safetensors"
                default weights: binary, activations: sign

                a = x |> conv(16, 3x3, pad: same) |> batchnorm |> conv(16, 3x3, pad: same) |> batchnorm |> relu
                b = y |> conv(40, 3x3, pad: same, weights: ternary(twn)) |> batchnorm |> quantize(sign)
                c = z |> conv(100, 1x1) |> batchnorm |> relu
            }
            """;
    /** Ranges measured as rectified products are computed, depthwise sums in registers, joins. */
    private static final String NETWORK = """
            model Piece(x: f32[9, 10, 8]) -> (y: f32[10]) {
                parameters "piece.safetensors"
                default weights: ternary(twn), activations: dynamic(4)

                a = x |> conv(32, 3x3, pad: same) |> batchnorm |> relu
                b = a |> depthwise(3x3, pad: same) |> batchnorm |> relu
                      |> conv(70, 1x1) |> batchnorm |> relu
                      |> depthwise(3x3, stride: 2, pad: same) |> batchnorm |> relu
                      |> conv(64, 1x1) |> batchnorm |> relu
                c = a |> conv(64, 1x1, stride: 2, bias: true)
                d = b + c |> quantize(static(8, -4..4))
                y = d |> conv(64, 3x3, pad: same, weights: binary, activations: sign) |> batchnorm |> relu
                      |> avgpool |> dense(10, weights: int(8), activations: dynamic(8))
            }
            """;
    private static final List<String> JOBS = List.of("784 > dense(64 -> 64", "1024 > dense(1024 -> 1024",
            "3, 1024 > dense(256 -> 3, 256", "65 > dense(10 -> 10", "147 > dense(33 -> 33", "577 > dense(100 -> 100",
            "4, 3, 64 > conv(64, 3x3, pad: same -> 4, 3, 64", "3, 3, 256 > conv(256, 3x3, pad: same -> 3, 3, 256",
            "5, 5, 64 > conv(64, 1x1 -> 5, 5, 64", "1024 > dense(8 -> 8");
    private static final List<String> SCHEMES = List.of("weights: binary, activations: sign)",
            "weights: binary, activations: sign) |> batchnorm |> quantize(sign)",
            "weights: ternary(twn), activations: sign)", "weights: ternary(twn), activations: dynamic(8, absmax))",
            "weights: ternary(twn), activations: dynamic(4, absmax))",
            "weights: ternary(twn), activations: static(4, -1..1))",
            "weights: binary, activations: dynamic(4, absmax))");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void everyKindOfKernel(int bits) throws Exception {
        guard(bits, target -> Pieces.everyKind(target, new Random(3)));
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void panels(int bits) throws Exception {
        guard(bits, target -> lowered(target, Family.POPCOUNT, PANELS));
    }

    /** On machines that count bits by one instruction the cost model takes others. */
    @ParameterizedTest
    @ValueSource(ints = {128, 256})
    void carrySavePanels(int bits) throws Exception {
        guard(bits, target -> scheduled(CARRY_SAVE, target, CarrySavePanels.class));
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 256})
    void panelsOfShorts(int bits) throws Exception {
        guard(bits, target -> scheduled(SHORTS, target, ShortPanels.class));
    }

    /** With a kind of schedule wherever there is one. */
    private static KernelProgram scheduled(String text, Target target, Class<? extends ProductSchedule> kind) {
        return LoweredModels.of(text, target, (layer, shape, candidates) -> candidates.stream().map(
                CostModel.Candidate::schedule).filter(kind::isInstance).findFirst().orElse(candidates.getFirst()
                        .schedule()));
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 512})
    void lookUps(int bits) throws Exception {
        guard(bits, target -> lowered(target, Family.LOOK_UP, LOOK_UPS));
    }

    /** Tiles of rows one by one and together, inside and at the border, sums in parts, channels that fill no vector. */
    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void tiles(int bits) throws Exception {
        guard(bits, target -> scheduled(TILES, target, Tiles.class));
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void shortTiles(int bits) throws Exception {
        guard(bits, target -> LoweredModels.of(SHORT_TILES, target, target.vector()
                ? tiles(Tiles.Lane.I16)
                : Choice.CHEAPEST));
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 256})
    void byteTiles(int bits) throws Exception {
        guard(bits, target -> LoweredModels.of(BYTE_TILES, target, target.vector()
                ? tiles(Tiles.Lane.I8)
                : Choice.CHEAPEST));
    }

    private static Choice tiles(Tiles.Lane lane) {
        return (layer, shape, candidates) -> candidates.stream().map(CostModel.Candidate::schedule)
                .filter(schedule -> schedule instanceof Tiles tiles && tiles.lane() == lane).findFirst()
                .orElseThrow(() -> new AssertionError(layer + ": " + shape));
    }

    /** The kernels that the benchmarks time, on pictures of few pixels: for each shape every third scheme. */
    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void benchmarkJobs(int bits) throws Exception {
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        StringBuilder layers = new StringBuilder();
        for (String shape : JOBS) {
            String input = "x" + inputs.size();
            inputs.add(input + ": f32[" + shape.substring(0, shape.indexOf('>')).strip() + "]");
            String[] op = shape.substring(shape.indexOf('>') + 1).split("->");
            for (int i = inputs.size() % 3; i < SCHEMES.size(); i += 3) {
                String output = "y" + outputs.size();
                outputs.add(output + ": f32[" + op[1].strip() + "]");
                layers.append("    %s = %s |> %s, %s\n".formatted(output, input, op[0].strip(), SCHEMES.get(i)));
            }
        }
        String text = "model Piece(" + String.join(", ", inputs) + ") -> (" + String.join(", ", outputs)
                + ") {\n    parameters \"piece.safetensors\"\n\n" + layers + "}\n";
        guard(bits, target -> LoweredModels.of(text, target, Choice.CHEAPEST));
    }

    /** Kernels one after the other as in a network. */
    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void networks(int bits) throws Exception {
        guard(bits, target -> LoweredModels.of(NETWORK, target, Choice.CHEAPEST));
    }

    private static KernelProgram lowered(Target target, Family family, String text) {
        return LoweredModels.of(text, target, Choice.preferring(family));
    }

    private void guard(int bits, Function<Target, KernelProgram> programs) throws Exception {
        Variant here = Variant.ofThisJvm();
        assumeTrue(bits <= here.vectorBits(), () -> "vector code of " + bits + " bits is interpreted here: " + here
                + ", " + here.reason());
        ModelFiles files = ModelFiles.of(Pieces.source(programs.apply(Target.PORTABLE)),
                List.of(Pieces.source(programs.apply(Target.vector(bits)))), new ClassName("", "Piece"));
        List<String> options = new ArrayList<>(
                List.of("--add-modules", "jdk.incubator.vector", "-Dtern.target=" + bits));
        // C2 may come to a method before the JVM has noted which classes of vectors it sees, or may be told of others.
        List<String> nothingNoted = List.of("-XX:+IgnoreUnrecognizedVMOptions", "-XX:-UseTypeProfile",
                "-XX:-UseTypeSpeculation");
        NotedClasses.write(folder);
        int[] others = IntStream.of(64, 128, 256, 512).filter(width -> width != bits).toArray();
        List<String> othersNoted = List.of("-Xbatch", NotedClasses.option(others));
        // To the compilers a tenth of the calls is as many: vectors that are objects until then are what takes time.
        options.add("-XX:CompileThresholdScaling=0.1");
        // As on a machine that has no wider vectors, nor the instructions that came with them.
        switch (bits) {
            case 128 -> options.add("-XX:MaxVectorSize=16");
            case 256 -> options.add("-XX:UseAVX=2");
            default -> {
            }
        }
        new JitGuard(folder, ChildJvm.own(), WARM, options, othersNoted, nothingNoted, List.of()).check(files, files
                .vectors().getFirst()
                .classFile());
    }
}
