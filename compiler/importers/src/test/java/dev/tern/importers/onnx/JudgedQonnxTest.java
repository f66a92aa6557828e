package dev.tern.importers.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.foreign.ImportFormat;
import dev.tern.compiler.foreign.ImportOptions;
import dev.tern.runtime.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Public QONNX models, which ONNX Runtime cannot run, beside a naive evaluation of their nodes on 1,000 inputs. */
class JudgedQonnxTest {
    private static final int INPUTS = 1000;

    private static Path file(String name) {
        Path file = Stream.of(System.getProperty("tern.data"), System.getenv("TERN_DATA"),
                System.getProperty("tern.root") + "/../shared/data")
                .filter(folder -> folder != null && !folder.isEmpty()).map(Path::of).findFirst().orElseThrow()
                .resolve(name);
        assumeTrue(Files.exists(file), file + " is absent; say where the data is with -Dtern.data=DIR");
        return file;
    }

    private static Session session(Path file) {
        return Compilation.of(ImportFormat.read(file, ImportOptions.DEFAULT, new Diagnostics())).model().newSession();
    }

    /** Intrusion detection, weights and activations of two bits: attack or not of 593 bits and 7 of padding. */
    @Test
    void intrusions() throws IOException {
        Path file = file("models/unsw_nb15-mlp-w2a2.onnx");
        NaiveQonnx judge = new NaiveQonnx(OnnxFormat.parse(Files.readAllBytes(file)));
        Session session = session(file);
        Random random = new Random(11);
        int alarms = 0;
        for (int n = 0; n < INPUTS; n++) {
            float[] x = new float[600];
            int often = 1 + random.nextInt(9);
            for (int i = 0; i < x.length; i++) {
                x[i] = random.nextInt(10) < often ? 1 : -1;
            }
            double[] wanted = judge.run(x);
            assertThat((double) session.run(x)[0]).as("input " + n).isEqualTo(wanted[0]);
            alarms += wanted[0] > 0 ? 1 : 0;
        }
        // Both answers occur.
        assertThat(alarms).isBetween(INPUTS / 100, INPUTS - INPUTS / 100);
    }

    /** Five kinds of jets by six-bit weights and activations. */
    @Test
    void jets() throws IOException {
        Path file = file("models/qkeras_jettagging.onnx");
        NaiveQonnx judge = new NaiveQonnx(OnnxFormat.parse(Files.readAllBytes(file)));
        Session session = session(file);
        Random random = new Random(11);
        int[] kinds = new int[5];
        for (int n = 0; n < INPUTS; n++) {
            float[] x = new float[16];
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) random.nextGaussian();
            }
            double[] wanted = judge.run(x);
            float[] found = session.run(x);
            int best = 0;
            for (int i = 0; i < found.length; i++) {
                assertThat((double) found[i]).as("input " + n).isCloseTo(wanted[i],
                        within(1e-5));
                best = wanted[i] > wanted[best] ? i : best;
            }
            kinds[best]++;
        }
        assertThat(kinds).doesNotContain(0);
    }
}
