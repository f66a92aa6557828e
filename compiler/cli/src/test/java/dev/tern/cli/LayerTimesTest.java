package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which layers are measured, and what is told of them; never how long they took. */
class LayerTimesTest {
    private static final String MODEL = """
            model Kws1Bit(x: f32[8]) -> (y: f32[2]) {
                parameters "kws-1bit.safetensors"
                default weights: binary, activations: sign

                y = x |> dense(64) |> batchnorm |> dense(2) |> softmax
            }
            """;

    @TempDir
    private Path folder;

    private Path model() throws IOException {
        return Files.writeString(Files.createDirectories(folder.resolve("kws")).resolve("kws-1bit.tern"), MODEL);
    }

    @Test
    void explainMeasuresEachLayerThatHasKernels() throws IOException {
        Path model = model();
        assertThat(Invocation.of("init", model).exitCode()).isZero();
        for (String target : new String[]{"portable", "edge"}) {
            Invocation told = Invocation.of("explain", model, "--measure", "--target", target);
            assertThat(told.err()).isEmpty();
            assertThat(told.exitCode()).isZero();
            String table = told.out().substring(told.out().lastIndexOf("layer"));
            assertThat(table.lines().map(line -> line.split(" ")[0])).as(target).containsExactly("layer", "y.dense1",
                    "y.dense2", "y.softmax", "together");
        }
    }

    @Test
    void theReferenceNetworksStandBesideTheSuite() throws IOException {
        Path peers = Path.of(System.getProperty("tern.data", "../../../shared/data")).resolve("peers");
        assumeTrue(Files.isRegularFile(peers.resolve("reference_kws_f32.onnx")), "no reference networks at " + peers);
        model();
        Invocation suite = Invocation.of("bench", folder, "--suite", "edge", "--seconds", "0.05", "--portable",
                "--beside", peers, "--json");
        assertThat(suite.exitCode()).isZero();
        assertThat(suite.out()).contains("onnxRuntimeFloatNanos", "onnxRuntimeInt8Nanos");
    }

    @Test
    void theSuiteNeedsNoParameters() throws IOException {
        model();
        Invocation suite = Invocation.of("bench", folder, "--suite", "edge", "--seconds", "0.05", "--portable");
        assertThat(suite.err()).isEmpty();
        assertThat(suite.exitCode()).isZero();
        assertThat(suite.out()).contains("network", "kws-1bit", "640", "parameters are random", "dense");
        Invocation only = Invocation.of("bench", folder, "--suite", "edge", "--only", "kws,quicknet");
        assertThat(only.err()).contains("the suite has no network 'quicknet'; it has kws-1bit");
        Files.writeString(Files.createDirectories(folder.resolve("cnv")).resolve("cnv.tern"), MODEL);
        Invocation classic = Invocation.of("bench", folder, "--suite", "edge", "--only", "cnv", "--seconds", "0.05",
                "--portable");
        assertThat(classic.out().lines().map(line -> line.split(" ")[0])).startsWith("network", "cnv")
                .doesNotContain("kws-1bit");
        assertThat(Invocation.of("bench", folder, "--suite", "cloud").err()).contains("there is no suite 'cloud'");
        assertThat(Invocation.of("bench", folder.resolve("kws"), "--suite", "edge").err()).contains("holds none");
    }
}
