package dev.tern.quantizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tern.compiler.Compilation;
import dev.tern.runtime.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/**
 * The keyword spotting network that was quantized without training, beside its reference: what its choice of schemes
 * was made by. No label is read.
 */
class KeywordSpottingTest {
    private static final int FRAMES = 49;
    private static final int COEFFICIENTS = 10;
    private static final int INPUTS = 250;
    private static final int VARIED = 6;
    private static final float SCALE = 0.5847029f;
    private static final float SHIFT = -48.530341f;

    /** On the benchmark's inputs 0 to 249, and on each of them varied in six ways. */
    @Test
    void answersAsTheReferenceDoes() throws IOException {
        Path data = data().resolve("kws");
        assumeTrue(Files.exists(data), "there is no " + data + "; say where the data is with -Dtern.data=DIR");
        List<float[]> inputs = inputs(data.resolve("mlperf_kws_inputs_000-499.zip"));
        Session reference = Compilation.of(data.resolve("kws_ref_model_float32.tflite")).model().newSession();
        Session quantized = Compilation.of(Path.of(System.getProperty("tern.root"), "models", "keyword-spotting",
                "keyword-spotting.tern")).model().newSession();
        assertThat(alike(reference, quantized, inputs)).isEqualTo(246);
        assertThat(alike(reference, quantized, varied(inputs))).isEqualTo(1444);
    }

    private static List<float[]> inputs(Path archive) throws IOException {
        List<float[]> inputs = new ArrayList<>();
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (ZipEntry entry : zip.stream().filter(each -> each.getName().endsWith(".bin"))
                    .sorted(Comparator.comparing(ZipEntry::getName)).limit(INPUTS).toList()) {
                byte[] codes = zip.getInputStream(entry).readAllBytes();
                float[] input = new float[codes.length];
                for (int i = 0; i < input.length; i++) {
                    input[i] = codes[i] * SCALE + SHIFT;
                }
                inputs.add(input);
            }
        }
        return inputs;
    }

    /** Moved by up to four frames, louder or softer, with noise of one to two steps of the features' codes. */
    private static List<float[]> varied(List<float[]> inputs) {
        Random random = new Random(1);
        List<float[]> varied = new ArrayList<>();
        for (float[] input : inputs) {
            for (int n = 0; n < VARIED; n++) {
                int moved = random.nextInt(9) - 4;
                float louder = (float) (3 * random.nextGaussian());
                float deviation = SCALE * (float) (1 + random.nextDouble());
                float[] x = new float[input.length];
                for (int i = 0; i < x.length; i++) {
                    int frame = Math.clamp(i / COEFFICIENTS + moved, 0, FRAMES - 1);
                    int coefficient = i % COEFFICIENTS;
                    x[i] = Math.max(-128 * SCALE + SHIFT, input[frame * COEFFICIENTS + coefficient]
                            + (coefficient == 0 ? louder : 0) + (float) (deviation * random.nextGaussian()));
                }
                varied.add(x);
            }
        }
        return varied;
    }

    private static int alike(Session reference, Session quantized, List<float[]> inputs) {
        Object[] wanted = reference.newOutputs(1);
        Object[] found = quantized.newOutputs(1);
        int alike = 0;
        for (float[] input : inputs) {
            reference.run(new Object[]{input}, wanted);
            quantized.run(new Object[]{input}, found);
            alike += first((float[]) wanted[0]) == first((float[]) found[0]) ? 1 : 0;
        }
        return alike;
    }

    private static int first(float[] scores) {
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            best = scores[i] > scores[best] ? i : best;
        }
        return best;
    }

    private static Path data() {
        String beside = Path.of(System.getProperty("tern.root"), "..", "shared", "data").toString();
        return Stream.of(System.getProperty("tern.data"), System.getenv("TERN_DATA"), beside)
                .filter(Objects::nonNull).filter(folder -> !folder.isEmpty()).findFirst().map(Path::of).orElseThrow();
    }
}
