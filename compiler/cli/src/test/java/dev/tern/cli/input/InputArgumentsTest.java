package dev.tern.cli.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.importers.dataset.picture.Image;
import dev.tern.runtime.Element;
import dev.tern.runtime.Signature;
import dev.tern.runtime.Signature.Port;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputArgumentsTest {
    @TempDir
    private Path folder;

    private static Signature signature(Port... inputs) {
        return new Signature("M", "", List.of(inputs), List.of(Port.of("y", Element.F32, 2)), List.of(), 0, 0,
                "portable", "test");
    }

    private static Object one(Port port, String argument, boolean resize) {
        return InputArguments.read(signature(port), List.of(argument), resize)[0];
    }

    private Path picture(int width, int height, int... rgb) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, width, height, rgb, 0, width);
        Path file = folder.resolve("picture.png");
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    private static void assertFails(Port port, Path file, String... parts) {
        assertThatThrownBy(() -> one(port, file.toString(), false)).isInstanceOf(CompilationFailedException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void aColorPictureIsScaledForF32() throws IOException {
        Path file = picture(2, 1, 0xff8000, 0x000033);
        assertThat(one(Port.of("x", Element.F32, 1, 2, 3), file.toString(), false))
                .isEqualTo(new float[]{1, 128 / 255f, 0, 0, 0, 0.2f});
    }

    @Test
    void greyIsLumaAndU8IsAsStored() throws IOException {
        Path file = picture(2, 1, 0xff8000, 0x336699);
        int first = (255 * 19595 + 128 * 38470 + 0x8000) >> 16;
        int second = (0x33 * 19595 + 0x66 * 38470 + 0x99 * 7471 + 0x8000) >> 16;
        byte[] grey = {(byte) first, (byte) second};
        assertThat(one(Port.of("x", Element.U8, 1, 2, 1), file.toString(), false)).isEqualTo(grey);
        assertThat(one(Port.of("x", Element.U8, 1, 2), file.toString(), false)).isEqualTo(grey);
        assertThat(one(Port.of("x", Element.F32, 2), file.toString(), false))
                .isEqualTo(new float[]{first / 255f, second / 255f});
    }

    @Test
    void anotherSizeNeedsTheFlag() throws IOException {
        Path file = picture(4, 2, 0x000000, 0x000000, 0xffffff, 0xffffff, 0x000000, 0x000000, 0xffffff, 0xffffff);
        Port port = Port.of("x", Element.F32, 1, 2, 1);
        assertFails(port, file, "T1002", "the picture is 4x2 pixels where the model takes 2x1 pixels",
                "--resize makes it fit");
        float[] resized = (float[]) one(port, file.toString(), true);
        assertThat(resized).hasSize(2);
        assertThat(resized[0]).isBetween(0f, 0.3f);
        assertThat(resized[1]).isEqualTo(1 - resized[0]);
    }

    @Test
    void aVectorTakesASquarePicture() throws IOException {
        int[] white = new int[16];
        java.util.Arrays.fill(white, 0xffffff);
        Path file = picture(4, 4, white);
        assertThat(one(Port.of("x", Element.F32, 4), file.toString(), true)).isEqualTo(new float[]{1, 1, 1, 1});
        assertThat(one(Port.of("x", Element.F32, 16), file.toString(), false)).isEqualTo(one(
                Port.of("x", Element.F32, 4, 4), file.toString(), false));
        assertThatThrownBy(() -> one(Port.of("x", Element.F32, 5), file.toString(), true))
                .hasMessageContaining("no picture can be resized for x: f32[5]: 5 is not a square");
        assertFails(Port.of("x", Element.F32, 2, 2, 4), file, "a picture cannot be read into x: f32[2, 2, 4]");
        assertFails(Port.of("x", Element.I8, 4, 4), file, "a picture cannot be read into x: i8[4, 4]");
    }

    @Test
    void resizingKeepsAConstantPicture() {
        char[] samples = new char[7 * 5];
        java.util.Arrays.fill(samples, (char) 77);
        for (int size : new int[]{1, 3, 5, 28}) {
            Image resized = new Image(7, 5, 1, 255, samples).resized(size, size + 1);
            assertThat(resized.samples()).hasSize(size * (size + 1)).containsOnly((char) 77);
        }
    }

    @Test
    void csvGivesNumbersAfterAHeading() throws IOException {
        Path file = Files.writeString(folder.resolve("a.csv"), "first,second\r\n1,-2.5e0\r\n");
        assertThat(one(Port.of("x", Element.F32, 2), file.toString(), false)).isEqualTo(new float[]{1, -2.5f});
    }

    /** A table as eval reads it: what is not known to be asked, the class, is left out. */
    @Test
    void aColumnOfLabelsIsLeftOut() throws IOException {
        Path last = Files.writeString(folder.resolve("last.csv"), "5.1,3.5,Iris-setosa\n4.9,3.0,Iris-virginica\n");
        Path named = Files.writeString(folder.resolve("named.csv"), "class,a,b\n1,5.1,3.5\n0,4.9,3\n");
        for (Path file : List.of(last, named)) {
            List<Object> examples = InputFile.read(Port.of("x", Element.F32, 2), file, false);
            assertThat(examples).hasSize(2);
            assertThat((float[]) examples.get(0)).containsExactly(5.1f, 3.5f);
            assertThat((float[]) examples.get(1)).containsExactly(4.9f, 3);
        }
    }

    @Test
    void csvProblemsHaveAPosition() throws IOException {
        Path file = Files.writeString(folder.resolve("a.csv"), "1,2\n3,four\n");
        assertFails(Port.of("x", Element.F32, 4), file, "T1001", "this is not a number", "a.csv:2:3", "3,four");
        Files.writeString(file, "1,NaN\n");
        assertFails(Port.of("x", Element.F32, 2), file, "T1003", "must be finite", "a.csv:1:3");
        Files.writeString(file, "1 2 3");
        assertFails(Port.of("x", Element.F32, 2), file, "T1002", "3 numbers where the model takes 2");
        Files.writeString(file, "1e39 0");
        assertFails(Port.of("x", Element.F32, 2), file, "T1003", "element 0 is 1.0E39");
        Files.writeString(file, "1 256");
        assertFails(Port.of("x", Element.U8, 2), file, "T1001", "whole numbers 0..255", "element 1 is 256");
        Files.write(file, new byte[]{(byte) 0xff, (byte) 0xfe, 0});
        assertFails(Port.of("x", Element.U8, 2), file, "not UTF-8");
    }

    @Test
    void rawBytesAreLittleEndian() throws IOException {
        Path file = folder.resolve("a.bin");
        Files.write(file, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(1.5f).putFloat(-0f).array());
        assertThat(one(Port.of("x", Element.F32, 2), file.toString(), false)).isEqualTo(new float[]{1.5f, -0f});
        assertThat(one(Port.of("x", Element.I8, 8), file.toString(), false))
                .isEqualTo(new byte[]{0, 0, (byte) 0xc0, 0x3f, 0, 0, 0, (byte) 0x80});
        assertFails(Port.of("x", Element.F32, 3), file, "T1002", "8 bytes where the model takes 12");
        Files.write(file, ByteBuffer.allocate(4).putInt(0x0000c07f).array());
        assertFails(Port.of("x", Element.F32, 1), file, "T1003", "element 0 is NaN");
    }

    @Test
    void numpyArraysOfAnyNumberType() throws IOException {
        Path file = folder.resolve("a.npy");
        Files.write(file, npy("<f8", "(1, 2)", ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putDouble(0.5)
                .putDouble(-2).array()));
        assertThat(one(Port.of("x", Element.F32, 2), file.toString(), false)).isEqualTo(new float[]{0.5f, -2});
        assertFails(Port.of("x", Element.I8, 2), file, "T1001", "whole numbers -128..127", "element 0 is 0.5");
        assertFails(Port.of("x", Element.F32, 2, 2), file, "T1002", "the array is <f8[1, 2] where the model takes x");
        Files.write(file, npy("<i8", "()", ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(7).array()));
        assertThat(one(Port.step("t", 8), file.toString(), false)).isEqualTo(new int[]{7});
        Files.write(file, "no array".getBytes());
        assertFails(Port.of("x", Element.F32, 2), file, "T1001", "this is no .npy file", "a.npy at byte 0");
    }

    private static byte[] npy(String type, String shape, byte[] data) {
        byte[] header = ("{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }\n").getBytes();
        return ByteBuffer.allocate(10 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[]{(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) header.length)
                .put(header).put(data).array();
    }

    @Test
    void inputsGoByName() throws IOException {
        Path file = Files.writeString(folder.resolve("a=b.csv"), "1 2");
        Signature signature = signature(Port.of("x", Element.F32, 2), Port.step("t", 10));
        assertThat(InputArguments.read(signature, List.of("t=5", "x=" + file), false))
                .isEqualTo(new Object[]{new float[]{1, 2}, new int[]{5}});
        assertThat(InputArguments.read(signature, List.of(file.toString(), "t=9"), false))
                .isEqualTo(new Object[]{new float[]{1, 2}, new int[]{9}});
    }

    @Test
    void severalExamplesShareWhatIsGivenOnce() throws IOException {
        Path table = Files.writeString(folder.resolve("a.csv"), "1 2\n3 4\n5 6\n");
        Signature signature = signature(Port.of("x", Element.F32, 2), Port.step("t", 10));
        List<Object[]> examples = InputArguments.batch(signature, List.of("t=5", "x=" + table), false);
        assertThat(examples).hasSize(3);
        assertThat(examples.get(2)).isEqualTo(new Object[]{new float[]{5, 6}, new int[]{5}});
        Path steps = folder.resolve("t.npy");
        Files.write(steps, npy("|u1", "(3,)", new byte[]{7, 8, 9}));
        assertThat(InputArguments.batch(signature, List.of("t=" + steps, "x=" + table), false).get(1))
                .isEqualTo(new Object[]{new float[]{3, 4}, new int[]{8}});
        Files.write(steps, npy("|u1", "(2,)", new byte[]{7, 8}));
        assertThatThrownBy(() -> InputArguments.batch(signature, List.of("t=" + steps, "x=" + table), false))
                .hasMessageContaining("the inputs have 2 and 3 examples");
        assertRefused(signature, List.of("t=5", "x=" + table), "T1002", "there are 3 examples where one is needed");
    }

    @Test
    void anArchiveGivesInputsByTheirNames() throws IOException {
        Path archive = folder.resolve("a.npz");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            zip.putNextEntry(new ZipEntry("x.npy"));
            zip.write(npy("|i1", "(2, 2)", new byte[]{1, 2, 3, 4}));
            zip.putNextEntry(new ZipEntry("other.npy"));
            zip.write(npy("|i1", "(1,)", new byte[]{1}));
        }
        Signature signature = signature(Port.of("x", Element.F32, 2), Port.step("t", 10));
        assertThat(InputArguments.batch(signature, List.of("t=5", archive.toString()), false).get(1))
                .isEqualTo(new Object[]{new float[]{3, 4}, new int[]{5}});
        // As data sets call it, where there is one input; names that Tern cannot write have _ in it.
        assertThat(InputArguments.batch(signature(Port.of("y", Element.F32, 2)), List.of(archive.toString()), false)
                .get(1)).isEqualTo(new Object[]{new float[]{3, 4}});
        assertRefused(signature(Port.of("a", Element.F32, 2), Port.of("b", Element.F32, 2)), List.of(archive
                .toString()), "T1004", "the archive holds x, other");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            zip.putNextEntry(new ZipEntry("a b.npy"));
            zip.write(npy("|i1", "(1,)", new byte[]{1}));
            zip.closeEntry();
            zip.putNextEntry(new ZipEntry("c:0.npy"));
            zip.write(npy("|i1", "(1,)", new byte[]{2}));
        }
        assertThat(InputArguments.read(signature(Port.of("a_b", Element.F32, 1), Port.of("c_0", Element.F32, 1)),
                List.of(archive.toString()), false)).isEqualTo(new Object[]{new float[]{1}, new float[]{2}});
    }

    @Test
    void numbersMayStandInThePlaceOfAFile() {
        Signature signature = signature(Port.of("x", Element.F32, 3));
        assertThat(InputArguments.read(signature, List.of("x=1.5,-2,3e1"), false))
                .isEqualTo(new Object[]{new float[]{1.5f, -2, 30}});
        assertRefused(signature, List.of("1,2"), "T1002",
                "these are 2 numbers, and no file, where the model takes x: f32[3]");
        assertRefused(signature, List.of("7"), "T1002", "this is one number");
        assertRefused(signature(Port.of("x", Element.U8, 2)), List.of("1,256"), "T1001", "0..255");
    }

    @Test
    void aJpegIsAPicture() throws IOException {
        BufferedImage white = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY);
        white.getRaster().setSamples(0, 0, 2, 2, 0, new int[]{255, 255, 255, 255});
        Path file = folder.resolve("a.JPG");
        ImageIO.write(white, "jpg", file.toFile());
        assertThat(InputArguments.read(signature(Port.of("x", Element.F32, 2, 2, 1)), List.of(file.toString()),
                false)).isEqualTo(new Object[]{new float[]{1, 1, 1, 1}});
        assertRefused(signature(Port.of("x", Element.F32, 3, 2, 1)), List.of(file.toString()), "T1002",
                "the picture is 2x2 pixels", "--resize");
    }

    @Test
    void wrongArgumentsAreExplained() throws IOException {
        String file = Files.writeString(folder.resolve("a.csv"), "1 2").toString();
        Signature signature = signature(Port.of("x", Element.F32, 2), Port.step("t", 10));
        assertRefused(signature, List.of("t=10", file), "T1001", "step 10 is outside 0..9");
        assertRefused(signature, List.of("t=99999999999999999", file), "is outside 0..9");
        assertRefused(signature, List.of("t=2.5", file), "T1001",
                "a step is a whole number from 0 to 9, and 2.5 is none");
        assertRefused(signature, List.of("t=1"), "T1005", "no value is given for x: f32[2]");
        assertRefused(signature, List.of("t=1", "t=2"), "T1004", "input 't' is given twice");
        assertRefused(signature, List.of("t=1", file, file), "T1004", "every input of the model is given already");
        assertRefused(signature, List.of(file), "T1004", "it is not clear which input this is for");
        assertRefused(signature, List.of("z=" + file), "T1004", "the model has no input 'z'",
                "write --input x=FILE --input t=NUMBER");
        assertRefused(signature, List.of("t=1", "nowhere.png"), "T1001", "the file does not exist", "nowhere.png");
        assertRefused(signature, List.of("t=1", folder.toString()), "T1007", "is no data set of a known kind");
        assertRefused(signature, List.of("t=1", Files.createFile(folder.resolve("a.gif")).toString()), "T1001",
                "extension", ".png or .jpg (a picture)");
    }

    private static void assertRefused(Signature signature, List<String> arguments, String... parts) {
        assertThatThrownBy(() -> InputArguments.read(signature, arguments, false))
                .isInstanceOf(CompilationFailedException.class).hasMessageContainingAll(parts);
    }
}
