package dev.tern.quantizer.sound;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;

/**
 * The samples of a wav file, several channels averaged.
 *
 * @param rate samples a second
 * @param samples -1..1
 */
record WavFile(int rate, float[] samples) {
    private static final int BYTE = 8;

    /** @throws IOException saying what is wrong, as the end of a sentence that begins with the file's name */
    static WavFile read(byte[] bytes) throws IOException {
        try (AudioInputStream in = AudioSystem.getAudioInputStream(new ByteArrayInputStream(bytes))) {
            AudioFormat format = in.getFormat();
            int width = format.getSampleSizeInBits();
            boolean signed = format.getEncoding().equals(AudioFormat.Encoding.PCM_SIGNED);
            boolean known = signed && (width == 16 || width == 24 || width == 32)
                    || format.getEncoding().equals(AudioFormat.Encoding.PCM_UNSIGNED) && width == BYTE;
            if (!known) {
                throw new IOException("is a recording of " + format + "; integer samples of 8 to 32 bits are read");
            }
            byte[] data = in.readAllBytes();
            long frames = in.getFrameLength();
            if (frames < 1) {
                throw new IOException("holds no sample");
            }
            if (data.length < frames * format.getFrameSize()) {
                throw new IOException("ends after " + data.length / format.getFrameSize() + " of " + frames
                        + " samples");
            }
            return new WavFile((int) format.getSampleRate(), samples(data, format, (int) frames));
        } catch (UnsupportedAudioFileException e) {
            throw new IOException("is no wav file of integer samples", e);
        }
    }

    private static float[] samples(byte[] data, AudioFormat format, int frames) {
        int width = format.getSampleSizeInBits() / BYTE;
        int channels = format.getChannels();
        double whole = Math.pow(2, format.getSampleSizeInBits() - 1.0);
        float[] samples = new float[frames];
        for (int frame = 0; frame < frames; frame++) {
            double sum = 0;
            for (int channel = 0; channel < channels; channel++) {
                int at = (frame * channels + channel) * width;
                sum += width == 1 ? (data[at] & 0xff) - whole : integer(data, at, width, format.isBigEndian());
            }
            samples[frame] = (float) (sum / channels / whole);
        }
        return samples;
    }

    private static int integer(byte[] data, int at, int width, boolean bigEndian) {
        int value = data[bigEndian ? at : at + width - 1];
        for (int i = 1; i < width; i++) {
            value = value << BYTE | data[bigEndian ? at + i : at + width - 1 - i] & 0xff;
        }
        return value;
    }
}
