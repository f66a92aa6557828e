package dev.tern.quantizer.sound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Beside values of a program of its own: a discrete Fourier transform by its definition, in another language. */
class FrontEndTest {
    private static float[] tones() {
        float[] samples = new float[2000];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (Math.sin(2 * Math.PI * 440 * i / 8000) * (1 - i / 2000.0)
                    + 0.3 * Math.sin(2 * Math.PI * 1500 * i / 8000));
        }
        return samples;
    }

    @Test
    void coefficientsAreThoseOfTheDefinition() {
        float[] features = new FrontEnd(8000, 12, 10).features(tones());
        assertThat(features).hasSize(120);
        assertThat(Arrays.copyOfRange(features, 0, 10)).containsExactly(new float[]{-34.7861f, 13.7792f, -7.7224f,
            1.7365f, -6.6971f, -11.0104f, 1.3789f, 6.3089f, -0.5068f, 0.1516f}, within(2e-3f));
        assertThat(Arrays.copyOfRange(features, 50, 60)).containsExactly(new float[]{-37.4094f, 12.4808f, -7.9802f,
            2.3798f, -6.6120f, -11.3517f, 1.2638f, 6.5149f, -0.3571f, 0.0082f}, within(2e-3f));
    }

    @Test
    void loudnessMakesNoDifference() {
        float[] quiet = tones();
        for (int i = 0; i < quiet.length; i++) {
            quiet[i] /= 16;
        }
        assertThat(new FrontEnd(8000, 12, 10).features(quiet))
                .containsExactly(new FrontEnd(8000, 12, 10).features(tones()), within(1e-4f));
    }

    @Test
    void whatIsMissingAtTheEndIsSilence() {
        float[] features = new FrontEnd(8000, 14, 3).features(tones());
        // 40 bands of ln(1e-6), times the root of 2 / 40.
        assertThat(Arrays.copyOfRange(features, 39, 42)).containsExactly(
                new float[]{(float) (40 * Math.log(1e-6) * Math.sqrt(0.05)), 0, 0}, within(1e-4f));
        assertThat(new FrontEnd(16000, 2, 1).features(new float[1])).doesNotContain(Float.NaN);
    }
}
