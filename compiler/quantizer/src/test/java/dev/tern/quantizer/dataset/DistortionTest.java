package dev.tern.quantizer.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.Shape;
import dev.tern.importers.dataset.Dataset;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DistortionTest {
    /** A bright square in the middle of the second of two 12x12 images. */
    private static Dataset images() {
        byte[] pixels = new byte[288];
        for (int y = 4; y < 8; y++) {
            for (int x = 4; x < 8; x++) {
                pixels[144 + y * 12 + x] = (byte) 255;
            }
        }
        return new Dataset("square", Shape.of(12, 12, 1), new Dataset.Values.Pixels(pixels),
                new Dataset.Targets.None());
    }

    private static float[] distorted(Distortion distortion, long seed) {
        float[] target = new float[145];
        distortion.copy(images(), 1, target, 1, new SplittableRandom(seed));
        return target;
    }

    @Test
    void noneCopies() {
        float[] copy = distorted(Distortion.NONE, 1);
        assertThat(copy[1 + 4 * 12 + 4]).isEqualTo(1f);
        assertThat(copy[1 + 3 * 12 + 4]).isEqualTo(0f);
    }

    @Test
    void aShiftKeepsTheLight() {
        float[] shifted = distorted(new Distortion(2, 0, 0), 3);
        double sum = 0;
        for (float value : shifted) {
            assertThat(value).isBetween(0f, 1f);
            sum += value;
        }
        assertThat(sum).isBetween(15.9, 16.1);
        assertThat(shifted).isNotEqualTo(distorted(Distortion.NONE, 3));
    }

    @Test
    void theSameSeedGivesTheSameImage() {
        Distortion distortion = new Distortion(2, 10, 0.1);
        assertThat(distorted(distortion, 5)).isEqualTo(distorted(distortion, 5))
                .isNotEqualTo(distorted(distortion, 6));
    }
}
