package dev.tern.quantizer.sound;

import java.util.Arrays;
import org.apache.commons.math3.complex.Complex;
import org.apache.commons.math3.transform.DftNormalization;
import org.apache.commons.math3.transform.FastFourierTransformer;
import org.apache.commons.math3.transform.TransformType;

/**
 * Mel frequency cepstral coefficients as MLPerf Tiny's keyword spotting computes them with TensorFlow: the clip over
 * its greatest sample; frames of 30 ms every 20 ms, in a periodic Hann window, zeros up to a power of 2; magnitudes of
 * the Fourier transform; mel bands of 20 to 4000 Hz ({@code linear_to_mel_weight_matrix}); ln(x + 1e-6); the first
 * coefficients of the orthonormal DCT-II ({@code mfccs_from_log_mel_spectrograms}).
 */
final class FrontEnd {
    private static final int BANDS = 40;
    private static final double LOWEST = 20;
    private static final double HIGHEST = 4000;
    private static final double FLOOR = 1e-6;

    private final FastFourierTransformer transformer = new FastFourierTransformer(DftNormalization.STANDARD);
    private final int frames;
    private final int coefficients;
    private final int frame;
    private final int step;
    private final int size;
    private final double[] window;
    private final double[][] bands;

    /**
     * @param rate samples a second, at least 8000
     * @param frames how many frames a clip has; what is missing at its end is silence, what is more is left out
     * @param coefficients how many of each frame, at most 40
     */
    FrontEnd(int rate, int frames, int coefficients) {
        this.frames = frames;
        this.coefficients = coefficients;
        this.frame = rate * 30 / 1000;
        this.step = rate * 20 / 1000;
        this.size = Math.max(2, Integer.highestOneBit(frame - 1) << 1);
        this.window = new double[frame];
        Arrays.setAll(window, i -> 0.5 - 0.5 * Math.cos(2 * Math.PI * i / frame));
        this.bands = bands(rate, size);
    }

    /** The weight of each frequency 0..size/2 in each band: triangles on the mel scale, nothing of frequency 0. */
    private static double[][] bands(int rate, int size) {
        double lowest = mel(LOWEST);
        double width = (mel(HIGHEST) - lowest) / (BANDS + 1);
        double[][] bands = new double[BANDS][size / 2 + 1];
        for (int band = 0; band < BANDS; band++) {
            for (int k = 1; k <= size / 2; k++) {
                double at = (mel((double) k * rate / size) - lowest) / width - band;
                bands[band][k] = Math.max(0, Math.min(at, 2 - at));
            }
        }
        return bands;
    }

    private static double mel(double hertz) {
        return 1127 * Math.log1p(hertz / 700);
    }

    /** The features of a clip: [frames, coefficients]. */
    float[] features(float[] samples) {
        float greatest = 0;
        for (float sample : samples) {
            greatest = Math.max(greatest, sample);
        }
        double factor = greatest > 0 ? 1 / greatest : 1;
        float[] features = new float[frames * coefficients];
        for (int f = 0; f < frames; f++) {
            double[] part = new double[size];
            for (int i = 0; i < frame && f * step + i < samples.length; i++) {
                part[i] = samples[f * step + i] * factor * window[i];
            }
            coefficients(transformer.transform(part, TransformType.FORWARD), features, f * coefficients);
        }
        return features;
    }

    private void coefficients(Complex[] spectrum, float[] features, int offset) {
        double[] logarithms = new double[BANDS];
        for (int band = 0; band < BANDS; band++) {
            double sum = 0;
            for (int k = 0; k <= size / 2; k++) {
                sum += bands[band][k] * spectrum[k].abs();
            }
            logarithms[band] = Math.log(sum + FLOOR);
        }
        for (int c = 0; c < coefficients; c++) {
            double sum = 0;
            for (int band = 0; band < BANDS; band++) {
                sum += logarithms[band] * Math.cos(Math.PI * c * (band + 0.5) / BANDS);
            }
            features[offset + c] = (float) (sum * Math.sqrt(2.0 / BANDS));
        }
    }
}
