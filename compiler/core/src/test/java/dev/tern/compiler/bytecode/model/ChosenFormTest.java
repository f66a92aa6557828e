package dev.tern.compiler.bytecode.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.StoredConstants;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.target.Target;
import dev.tern.runtime.Variant;
import dev.tern.runtime.WeightFileException;
import dev.tern.runtime.layout.PackedCodes;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Class files with vector code beside them: which form runs where, and that all give the same bits. */
class ChosenFormTest {
    private static final String MODEL = """
            model Piece(image: f32[9, 9, 3]) -> (y: f32[21], z: f32[7], w: f32[9]) {
                parameters "piece.safetensors"
                default weights: ternary(twn), activations: dynamic(4)

                stem = image |> conv(70, 3x3, pad: same, weights: binary, activations: sign) |> batchnorm |> relu
                body = stem |> conv(20, 3x3) |> relu |> maxpool(2x2)
                y = body |> flatten |> dense(21, activations: dynamic(8))
                z = body |> flatten |> dense(7, weights: int(8))
                w = body |> flatten |> dense(9, weights: int(3))
            }
            """;
    private static final String CLASS = "com.acme.Piece";
    private static final String VECTOR_CLASS = "Piece$Vector";
    private static final String[] MODULE = {"--add-modules", "jdk.incubator.vector"};

    @TempDir
    Path folder;
    private ModelFiles files;

    @BeforeEach
    void write() throws Exception {
        files = files();
        ChildJvm.write(folder, files.byPath());
    }

    private static ModelFiles files() {
        return ModelFiles.of(Pieces.source(program(Target.PORTABLE)),
                Target.VECTORS.stream().map(target -> Pieces.source(program(target))).toList(), new ClassName(
                        "com.acme", "Piece"));
    }

    private static KernelProgram program(Target target) {
        return LoweredModels.of(MODEL, target, CostModel.Choice.CHEAPEST);
    }

    @Test
    void theVectorCodeLiesBesideTheClass() {
        assertThat(files.byPath()).containsOnlyKeys("com/acme/Piece.class", "com/acme/Piece.weights",
                "com/acme/Piece$Vector512.class", "com/acme/Piece$Vector256.class");
        assertThat(files.own().classFile().bytes()[7]).as("the major version of Java 17").isEqualTo((byte) 61);
        files().byPath().forEach((name, bytes) -> assertThat(files.byPath().get(name)).as(name).isEqualTo(bytes));
    }

    /** 70 and 20 kernels of 3 x 3, 21, 7 and 9 rows of 4 * 4 * 20: 1 bit, five to a byte twice, 8 and 3 bits. */
    @Test
    void allFormsShareOneCopyOfTheWeights() {
        int codes = (70 * 27 + 7) / 8 + (20 * 9 * 70 + 4) / 5 + (21 * 320 + 4) / 5 + 7 * 320 + 9 * 320 * 3 / 8;
        StoredConstants portable = new StoredConstants(List.of(program(Target.PORTABLE)));
        assertThat(packed(portable)).isEqualTo(codes);
        StoredConstants all = new StoredConstants(Stream.concat(Stream.of(Target.PORTABLE), Target.VECTORS.stream())
                .map(ChosenFormTest::program).toList());
        assertThat(packed(all)).isEqualTo(codes);
        assertThat(files.weightBytes()).isEqualTo(all.bytes());
        // What else there is of other forms are single numbers that stand for a sum of each channel, and what sums of
        // bytes begin with.
        long starts = all.entries().stream().filter(entry -> entry.name().endsWith("starts"))
                .mapToLong(StoredConstants.Entry::bytes).sum();
        assertThat(starts).isLessThanOrEqualTo(Integer.BYTES * 64L);
        assertThat(all.bytes() - starts - portable.bytes()).isBetween(0L, 16L);
        assertThat(all.entries()).extracting(StoredConstants.Entry::name).doesNotHaveDuplicates();
    }

    private static long packed(StoredConstants stored) {
        return stored.entries().stream().filter(entry -> entry.array() instanceof PackedCodes)
                .mapToLong(StoredConstants.Entry::bytes).sum();
    }

    @Test
    void everyJvmGivesTheSameBits() throws Exception {
        List<String> plain = loading(ChildJvm.own());
        assertThat(ChildJvm.variant(plain))
                .isEqualTo("portable: the JVM was started without --add-modules jdk.incubator.vector");
        assertThat(plain).noneMatch(line -> line.contains(VECTOR_CLASS));
        List<String> expected = ChildJvm.outputs(plain);
        assertThat(expected).hasSize(3);
        for (int bits : new int[]{256, 512}) {
            List<String> asked = loading(ChildJvm.own(), MODULE[0], MODULE[1], "-Dtern.target=" + bits);
            assertThat(ChildJvm.variant(asked)).isEqualTo("vector " + bits + ": asked for by -Dtern.target");
            assertThat(asked).anyMatch(line -> line.contains("Piece$Vector" + bits))
                    .noneMatch(line -> line.contains("Piece$Vector" + (768 - bits)));
            assertThat(ChildJvm.outputs(asked)).isEqualTo(expected);
        }
        List<String> refused = loading(ChildJvm.own(), MODULE[0], MODULE[1], "-Dtern.target=portable");
        assertThat(ChildJvm.variant(refused)).isEqualTo("portable: asked for by -Dtern.target");
        assertThat(refused).noneMatch(line -> line.contains(VECTOR_CLASS));
        assertThat(ChildJvm.outputs(refused)).isEqualTo(expected);
    }

    @Test
    void aClassWithoutTheWidthRunsPlainLoops() throws Exception {
        ChildJvm.write(folder, ModelFiles.of(Pieces.source(program(Target.PORTABLE)),
                List.of(Pieces.source(program(Target.vector(512)))), new ClassName("com.acme", "Piece")).byPath());
        List<String> lines = loading(ChildJvm.own(), MODULE[0], MODULE[1], "-Dtern.target=256");
        assertThat(ChildJvm.variant(lines)).isEqualTo("portable: the class has no vector code of 256 bits");
        assertThat(lines).noneMatch(line -> line.contains(VECTOR_CLASS));
    }

    @Test
    void theMachineDecides() throws Exception {
        Variant here = Variant.ofThisJvm();
        for (Map.Entry<String, String> off : Map.of("-Dtern.warm=off", "-Dtern.warm=off",
                "-XX:ActiveProcessorCount=1", "the JVM has one processor").entrySet()) {
            String expected = here.vectorBits() == 0
                    ? here + ": " + here.reason()
                    : "portable: " + off.getValue() + ": vector code of " + here.vectorBits()
                            + " bits runs when model.warm() has been called";
            assertThat(ChildJvm.variant(loading(ChildJvm.own(), MODULE[0], MODULE[1], off.getKey())))
                    .isEqualTo(expected);
        }
    }

    @Test
    void java17RunsPlainLoops() throws Exception {
        Optional<Path> java17 = ChildJvm.ofJava17().findFirst();
        assumeTrue(java17.isPresent(), "no JDK 17 is installed beside this one");
        for (String[] options : List.of(new String[0], MODULE, new String[]{"-Dtern.target=512"})) {
            List<String> lines = loading(java17.get(), options);
            assertThat(ChildJvm.variant(lines)).isEqualTo("portable: vector code is for Java 25, this is Java 17");
            assertThat(lines).noneMatch(line -> line.contains(VECTOR_CLASS));
            assertThat(ChildJvm.outputs(lines)).isEqualTo(ChildJvm.outputs(loading(ChildJvm.own(), MODULE)));
        }
    }

    private List<String> loading(Path java, String... options) throws Exception {
        String[] all = new String[options.length + 1];
        System.arraycopy(options, 0, all, 0, options.length);
        all[options.length] = "-Xlog:class+load:stderr";
        return ChildJvm.run(java, folder, CLASS, 1, all);
    }

    @Test
    void weightsThatAreMissingOrDamagedAreNamed() throws Exception {
        Path weights = folder.resolve("com/acme/Piece.weights");
        Files.delete(weights);
        assertRefused("weight file Piece.weights: not found beside the class");
        for (int at = 20; at < files.weights().length; at += 97) {
            byte[] damaged = files.weights().clone();
            damaged[at] ^= 1;
            Files.write(weights, damaged);
            assertRefused("weight file Piece.weights: its bytes have the checksum ");
        }
        Files.write(weights, ModelFiles.of(Pieces.source(program(Target.PORTABLE)), List.of(), new ClassName(
                "com.acme", "Piece")).weights());
        assertRefused("weight file Piece.weights: its checksum is ");
    }

    private void assertRefused(String message) throws Exception {
        String before = System.getProperty(Variant.PROPERTY);
        System.setProperty(Variant.PROPERTY, "512");
        try (URLClassLoader loader = new URLClassLoader(new URL[]{folder.toUri().toURL()})) {
            assertThatThrownBy(() -> loader.loadClass(CLASS).getMethod("model").invoke(null)).rootCause()
                    .isInstanceOf(WeightFileException.class).hasMessageStartingWith(message);
        } finally {
            if (before == null) {
                System.clearProperty(Variant.PROPERTY);
            } else {
                System.setProperty(Variant.PROPERTY, before);
            }
        }
    }
}
