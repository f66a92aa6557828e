package dev.tern.importers.dataset.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.files.OutsideFile;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The platform's own writer is the oracle for what is stored. */
class PngReaderTest {
    @TempDir
    private Path folder;

    private static Stream<Arguments> pictures() {
        Random random = new Random(7);
        return Stream.of(1, 2, 3, 7, 8, 9, 33).flatMap(width -> Stream.of(1, 5, 8, 17).flatMap(height -> Stream.of(
                Arguments.of(noise(random, new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY)), 255),
                Arguments.of(noise(random, new BufferedImage(width, height, BufferedImage.TYPE_USHORT_GRAY)), 65535),
                Arguments.of(noise(random, new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR)), 255),
                Arguments.of(noise(random, new BufferedImage(width, height, BufferedImage.TYPE_4BYTE_ABGR)), 255),
                Arguments.of(noise(random, deep(width, height)), 65535),
                Arguments.of(noise(random, palette(width, height, 1)), 255),
                Arguments.of(noise(random, palette(width, height, 2)), 255),
                Arguments.of(noise(random, palette(width, height, 4)), 255),
                Arguments.of(noise(random, palette(width, height, 8)), 255))));
    }

    private static BufferedImage deep(int width, int height) {
        return ImageTypeSpecifier
                .createInterleaved(java.awt.color.ColorSpace.getInstance(java.awt.color.ColorSpace.CS_sRGB),
                        new int[]{0, 1, 2}, java.awt.image.DataBuffer.TYPE_USHORT, false, false)
                .createBufferedImage(width, height);
    }

    private static BufferedImage palette(int width, int height, int bits) {
        byte[] ramp = new byte[1 << bits];
        byte[] reverse = new byte[1 << bits];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = (byte) (i * 255 / (ramp.length - 1));
            reverse[i] = (byte) (255 - i * 37);
        }
        IndexColorModel model = new IndexColorModel(bits, ramp.length, ramp, reverse, ramp);
        return new BufferedImage(width, height,
                bits == 8 ? BufferedImage.TYPE_BYTE_INDEXED : BufferedImage.TYPE_BYTE_BINARY, model);
    }

    private static BufferedImage noise(Random random, BufferedImage image) {
        WritableRaster raster = image.getRaster();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                for (int band = 0; band < raster.getNumBands(); band++) {
                    // Smooth with some noise, so that the writer uses every filter.
                    int highest = (1 << raster.getSampleModel().getSampleSize(band)) - 1;
                    raster.setSample(x, y, band, (x * 9 + y * 5 + random.nextInt(4)) * (highest / 255 + 1) & highest);
                }
            }
        }
        return image;
    }

    private Path write(BufferedImage image, boolean interlaced) throws IOException {
        Path file = folder.resolve("picture.png");
        Files.deleteIfExists(file);
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setProgressiveMode(interlaced ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), parameters);
        }
        writer.dispose();
        return file;
    }

    private static Image read(Path file) throws IOException {
        try (PngReader reader = new PngReader(OutsideFile.of(file))) {
            return reader.read();
        }
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void readsWhatThePlatformWrites(BufferedImage expected, int highest) throws IOException {
        for (boolean interlaced : new boolean[]{false, true}) {
            Image image = read(write(expected, interlaced));
            assertThat(image.highest()).isEqualTo(highest);
            assertThat(image.samples()).isEqualTo(samples(expected, image.channels()));
        }
    }

    private static char[] samples(BufferedImage image, int channels) {
        char[] samples = new char[image.getWidth() * image.getHeight() * channels];
        ColorModel colors = image.getColorModel();
        int next = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int[] stored = colors instanceof IndexColorModel
                        ? color(colors.getRGB(image.getRaster().getSample(x, y, 0)))
                        : image.getRaster().getPixel(x, y, (int[]) null);
                for (int channel = 0; channel < channels; channel++) {
                    samples[next++] = (char) stored[channel];
                }
            }
        }
        return samples;
    }

    private static int[] color(int rgb) {
        return new int[]{rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255};
    }

    @Test
    void everyTruncationIsReported() throws IOException {
        byte[] whole = Files.readAllBytes(write(noise(new Random(1), palette(9, 9, 4)), true));
        Path file = folder.resolve("cut.png");
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> read(file)).isInstanceOf(CompilationFailedException.class)
                    .hasMessageContaining("T1001").hasMessageContaining("cut.png");
        }
    }

    @Test
    void everyFlippedByteIsReported() throws IOException {
        byte[] whole = Files.readAllBytes(write(noise(new Random(2), palette(9, 9, 2)), false));
        Path file = folder.resolve("flipped.png");
        for (int index = 0; index < whole.length; index++) {
            byte[] damaged = whole.clone();
            damaged[index] ^= 0x55;
            Files.write(file, damaged);
            assertThatThrownBy(() -> read(file)).as("byte %d", index).isInstanceOf(CompilationFailedException.class);
        }
    }

    @Test
    void aHugeClaimIsRefusedBeforeAnythingIsDecoded() throws IOException {
        Path file = folder.resolve("bomb.png");
        Files.write(file, png(60_000, 60_000, 8, 0, new byte[]{0x78, (byte) 0x9c, 3, 0, 0, 0, 0, 1}));
        assertThatThrownBy(() -> read(file)).isInstanceOf(CompilationFailedException.class)
                .hasMessageContaining("too large to read: 60000x60000 pixels");
    }

    @Test
    void pixelsThatAreMissingAreReported() throws IOException {
        Path file = folder.resolve("empty.png");
        Files.write(file, png(100, 100, 8, 0, new byte[]{0x78, (byte) 0x9c, 3, 0, 0, 0, 0, 1}));
        assertThatThrownBy(() -> read(file)).hasMessageContaining("ends in the middle");
    }

    @Test
    void anotherFormatUnderThisNameIsReported() throws IOException {
        Path file = Files.writeString(folder.resolve("really.png"), "GIF89a, not a PNG");
        assertThatThrownBy(() -> read(file)).hasMessageContaining("this is not a PNG file");
    }

    private static byte[] png(int width, int height, int depth, int color, byte[] pixels) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(0x89504e470d0a1a0aL);
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        DataOutputStream fields = new DataOutputStream(header);
        fields.writeInt(width);
        fields.writeInt(height);
        fields.write(new byte[]{(byte) depth, (byte) color, 0, 0, 0});
        chunk(out, "IHDR", header.toByteArray());
        chunk(out, "IDAT", pixels);
        chunk(out, "IEND", new byte[0]);
        return bytes.toByteArray();
    }

    private static void chunk(DataOutputStream out, String type, byte[] data) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(type.getBytes(StandardCharsets.US_ASCII));
        checksum.update(data);
        out.writeInt(data.length);
        out.writeBytes(type);
        out.write(data);
        out.writeInt((int) checksum.getValue());
    }
}
