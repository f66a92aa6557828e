package dev.tern.quantizer.sound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.compiler.graph.Shape;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.importers.dataset.DatasetRequest.Part;
import dev.tern.importers.dataset.Datasets;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoundFormatTest {
    @TempDir
    private Path folder;

    private static byte[] wav(int rate, int bits, int channels, byte... samples) throws IOException {
        AudioFormat format = new AudioFormat(rate, bits, channels, bits > 8, false);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AudioSystem.write(new AudioInputStream(new ByteArrayInputStream(samples), format,
                samples.length / format.getFrameSize()), AudioFileFormat.Type.WAVE, out);
        return out.toByteArray();
    }

    private void put(String name, byte[] bytes) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    private static byte[] noise(int seed) {
        byte[] bytes = new byte[1000];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private Dataset read(Part part) {
        return Datasets.read(folder, DatasetRequest.of(part).fitting(Shape.of(4, 5, 1)));
    }

    @Test
    void samplesOfEachWidth() throws IOException {
        assertThat(WavFile.read(wav(8000, 8, 1, (byte) 0x80, (byte) 0xc0, (byte) 0)).samples())
                .containsExactly(0, 0.5f, -1);
        assertThat(WavFile.read(wav(8000, 16, 1, (byte) 0, (byte) 0x40, (byte) 0, (byte) 0x80)).samples())
                .containsExactly(0.5f, -1);
        assertThat(WavFile.read(wav(16000, 16, 2, (byte) 0, (byte) 0x40, (byte) 0, (byte) 0)).samples())
                .as("channels are averaged").containsExactly(0.25f);
        assertThat(WavFile.read(wav(16000, 16, 2, (byte) 0, (byte) 0x40, (byte) 0, (byte) 0)).rate())
                .isEqualTo(16000);
    }

    @Test
    void numberedNamesTellClassesAndParts() throws IOException {
        for (int i = 0; i < 7; i++) {
            put("recordings/one_ann_" + i + ".wav", wav(8000, 16, 1, noise(i)));
            put("recordings/two_ann_" + i + ".wav", wav(16000, 16, 1, noise(10 + i)));
        }
        Dataset training = read(Part.TRAINING);
        assertThat(training.count()).isEqualTo(4);
        assertThat(training.targets()).isEqualTo(
                new Dataset.Targets.Classes(((Dataset.Targets.Classes) training.targets()).labels(),
                        List.of("one", "two")));
        assertThat(((Dataset.Targets.Classes) training.targets()).labels()).containsExactly(0, 0, 1, 1);
        assertThat(read(Part.TEST).count()).isEqualTo(10);
        float[] second = new float[20];
        training.copy(1, second, 0);
        assertThat(second).isEqualTo(new FrontEnd(8000, 4, 5)
                .features(WavFile.read(wav(8000, 16, 1, noise(6))).samples()));
    }

    @Test
    void foldersTellClassesAndAnArchiveIsReadAsItIs() throws IOException {
        put("train/no/a.wav", wav(8000, 16, 1, noise(1)));
        put("train/yes/b.wav", wav(8000, 16, 1, noise(2)));
        put("test/yes/c.wav", wav(8000, 16, 1, noise(3)));
        assertThat(read(Part.TRAINING).count()).isEqualTo(2);
        assertThat(read(Part.TEST).count()).isEqualTo(1);
        Path zip = folder.resolve("sounds.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (String name : List.of("no/a.wav", "yes/b.wav")) {
                out.putNextEntry(new ZipEntry(name));
                out.write(wav(8000, 16, 1, noise(name.length())));
            }
        }
        Dataset archived = Datasets.read(zip, DatasetRequest.of(Part.TRAINING));
        assertThat(archived.shape()).isEqualTo(Shape.of(49, 10, 1));
        assertThat(archived.count()).isEqualTo(2);
    }

    @Test
    void damagedRecordingsAreNamed() throws IOException {
        byte[] whole = wav(8000, 16, 1, noise(1));
        put("yes/good.wav", whole);
        put("yes/short.wav", Arrays.copyOf(whole, whole.length - 100));
        assertThatThrownBy(() -> read(Part.TRAINING))
                .hasMessageContaining("holds yes/short.wav, which ends after 450 of 500 samples");
        put("yes/short.wav", "hello".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> read(Part.TRAINING)).hasMessageContaining("holds yes/short.wav, which is no wav file");
        put("yes/short.wav", wav(4000, 16, 1, noise(1)));
        assertThatThrownBy(() -> read(Part.TRAINING)).hasMessageContaining("has 4000 samples a second");
        put("yes/short.wav", wav(8000, 16, 1));
        assertThatThrownBy(() -> read(Part.TRAINING)).hasMessageContaining("holds no sample");
    }

    @Test
    void aModelOfAnotherShapeIsToldWhatIsMade() throws IOException {
        put("yes/good.wav", wav(8000, 16, 1, noise(1)));
        assertThatThrownBy(() -> Datasets.read(folder, DatasetRequest.of(Part.TEST).fitting(Shape.of(490))))
                .hasMessageContaining("recordings become [frames, coefficients, 1]");
    }
}
