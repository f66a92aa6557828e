package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From measuring to a compilation by what was measured. */
class TuneCommandTest {
    @TempDir
    private Path folder;

    private Path model;
    private Path tuning;

    @BeforeEach
    void writeModel() throws IOException {
        model = Fixture.model(folder);
        tuning = folder.resolve("brightest.tuning");
    }

    @Test
    void measuresAndIsUsedByEveryCommand() throws IOException {
        Invocation tune = Invocation.of("tune", model);
        assertThat(tune.exitCode()).isZero();
        assertThat(tune.err()).isEmpty();
        assertThat(tune.out()).startsWith("Brightest on ").contains("portable code\n", "  1/1 place.dense: multiply, 4",
                "  together ").endsWith("written to " + tuning + "\n");
        assertThat(Files.readString(tuning)).contains("\"layer\" : \"place.dense\"", "\"portable\" : [");
        Invocation explain = Invocation.of("explain", model);
        assertThat(explain.err()).isEmpty();
        assertThat(explain.out()).contains(" measured by tern tune\n");
        Invocation run = Invocation.of("run", model, "--input", Fixture.input(folder));
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        // Once more: what was measured is measured anew, not in addition.
        assertThat(Invocation.of("tune", model, "--target", "portable").exitCode()).isZero();
        assertThat(Files.readString(tuning)).containsOnlyOnce("place.dense");
    }

    @Test
    void inJson() {
        Invocation tune = Invocation.of("tune", model, "--json");
        assertThat(tune.exitCode()).isZero();
        assertThat(tune.out()).startsWith("{\n  \"model\" : \"Brightest\",\n  \"file\" : \"" + tuning + "\",\n")
                .contains("\"target\" : \"portable\"", "\"fastest\" : \"multiply, 4 at a time\"",
                        "\"measuredNanos\" : ",
                        "\"predictedNanos\" : ", "\"diagnostics\" : [ ]");
        assertThat(tune.err()).contains("portable code", "place.dense");
    }

    @Test
    void whatWasMeasuredElsewhereIsAWarning() throws IOException {
        assertThat(Invocation.of("tune", model).exitCode()).isZero();
        String text = Files.readString(tuning);
        Files.writeString(tuning, text.replaceFirst("\"cpu\" : \"[^\"]*\"", "\"cpu\" : \"An abacus\""));
        Invocation run = Invocation.of("run", model, "--input", Fixture.input(folder));
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).startsWith(
                "warning[T0602]: the tuning was measured on another processor and is not used\n")
                .contains("on An abacus, this is ", "= help: `tern tune " + model + "` measures here");
        Files.writeString(tuning, text.replace("place.dense", "plaice.dense"));
        assertThat(Invocation.of("explain", model).err())
                .startsWith("warning[T0602]: the tuning of a layer that has changed since is not used\n");
    }

    @Test
    void aDamagedFileIsAWarningUntilItIsMeasuredAnew() throws IOException {
        Files.writeString(tuning, "{ \"format\" : \"tern tun");
        Invocation run = Invocation.of("explain", model);
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).startsWith("warning[T0601]: the tuning is not used, for it cannot be read\n --> " + tuning
                + " at byte ");
        assertThat(Invocation.of("tune", model).err()).isEmpty();
        assertThat(Invocation.of("explain", model).err()).isEmpty();
    }

    @Test
    void theClassForSmallJvmsHasATuningOfItsOwn() throws IOException {
        assertThat(Invocation.of("tune", model, "--portable").exitCode()).isZero();
        assertThat(Invocation.of("explain", model, "--target", "edge").err())
                .contains("this compiles for edge\n", "`tern tune " + model + " --target edge` measures here");
        assertThat(Invocation.of("tune", model, "--target", "edge").out()).contains("edge code\n");
        assertThat(Files.readString(tuning)).contains("\"edge\" : [", "\"portable\" : [");
        for (String integers : new String[]{"--target=edge", "--integers"}) {
            Invocation explain = Invocation.of("explain", model, "--target", "edge", integers);
            assertThat(explain.err()).isEmpty();
            assertThat(explain.out()).contains(" measured by tern tune\n");
        }
    }

    @Test
    void wrongUsage() {
        Invocation wrong = Invocation.of("tune", model, "--target", "fast");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).startsWith("tern: --target takes portable, 128, 256, 512 or edge, not 'fast'\n");
        Invocation vector = Invocation.of("tune", model, "--target", "512");
        assertThat(vector.exitCode()).isEqualTo(2);
        assertThat(vector.err()).contains("no vector code can be measured: the JVM was started without --add-modules");
    }
}
