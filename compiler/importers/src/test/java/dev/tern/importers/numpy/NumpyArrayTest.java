package dev.tern.importers.numpy;

import static dev.tern.importers.numpy.NpyBytes.dictionary;
import static dev.tern.importers.numpy.NpyBytes.floats;
import static dev.tern.importers.numpy.NpyBytes.npy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumpyArrayTest {
    @TempDir
    private Path folder;

    private NumpyArray read(byte[] content) throws IOException {
        Diagnostics diagnostics = new Diagnostics();
        Path file = Files.write(folder.resolve("x.npy"), content);
        return NumpyArray.read(file, "x.npy", diagnostics)
                .orElseThrow(() -> new AssertionError(DiagnosticRenderer.render(diagnostics.list())));
    }

    private String diagnose(byte[] content) throws IOException {
        Diagnostics diagnostics = new Diagnostics();
        Path file = Files.write(folder.resolve("x.npy"), content);
        boolean read = NumpyArray.read(file, "x.npy", diagnostics).isPresent();
        assertThat(read).isNotEqualTo(diagnostics.hasErrors());
        return DiagnosticRenderer.render(diagnostics.list());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void readsEveryFormatVersion(int version) throws IOException {
        NumpyArray array = read(npy(version, dictionary("<f4", false, "(2, 3)"), floats(1, 2, 3, 4, 5, -0f)));
        assertThat(array.dimensions()).containsExactly(2L, 3L);
        assertThat(array.descriptor()).isEqualTo("<f4");
        assertThat(array.integer()).isFalse();
        assertThat(array.values()).containsExactly(1, 2, 3, 4, 5, -0.0);
    }

    @ParameterizedTest
    @CsvSource({"<f8,8,false", "<f4,4,false", "<f2,2,false", "<i8,8,true", "<i4,4,true", "<i2,2,true", "|i1,1,true",
        "<u4,4,true", "<u2,2,true", "|u1,1,true", "|b1,1,true"})
    void readsEveryNumberType(String descriptor, int width, boolean integer) throws IOException {
        byte[] data = new byte[width * 2];
        Arrays.fill(data, width, 2 * width, (byte) 0xff);
        data[0] = 1;
        NumpyArray array = read(npy(dictionary(descriptor, false, "(2,)"), data));
        double one = switch (descriptor) {
            case "<f8" -> Double.MIN_VALUE;
            case "<f4" -> Float.MIN_VALUE;
            case "<f2" -> 0x1p-24;
            default -> 1;
        };
        double ones = descriptor.contains("f") ? Double.NaN : descriptor.contains("i") ? -1 : (1L << 8 * width) - 1;
        assertThat(array.values()).containsExactly(one, ones);
        assertThat(array.integer()).isEqualTo(integer);
    }

    @Test
    void readsBigEndianNumbers() throws IOException {
        byte[] data = ByteBuffer.allocate(8).order(ByteOrder.BIG_ENDIAN).putInt(7).putInt(-2).array();
        assertThat(read(npy(dictionary(">i4", false, "(2,)"), data)).values()).containsExactly(7, -2);
    }

    @Test
    void readsScalarsAndTheKeysInAnyOrder() throws IOException {
        byte[] content = npy("{\"shape\":(),\"descr\":\"<f4\",\"fortran_order\":False}", floats(3));
        assertThat(read(content).dimensions()).isEmpty();
        assertThat(read(content).values()).containsExactly(3);
        assertThat(read(npy(dictionary("<f4", false, "(0, 4L)"), floats())).values()).isEmpty();
    }

    @Test
    void bringsFortranOrderIntoRowMajorOrder() throws IOException {
        int[] shape = {3, 1, 4, 2};
        float[] rowMajor = new float[24];
        float[] fortran = new float[24];
        for (int i = 0; i < 24; i++) {
            int a = i / 8;
            int c = i / 2 % 4;
            int d = i % 2;
            rowMajor[i] = i;
            fortran[a + shape[0] * (c + shape[2] * d)] = i;
        }
        assertThat(read(npy(dictionary("<f4", true, "(3, 1, 4, 2)"), floats(fortran))).values())
                .isEqualTo(read(npy(dictionary("<f4", false, "(3, 1, 4, 2)"), floats(rowMajor))).values());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)| '}' is missing here",
        "{'descr': '<f4', 'fortran_order': False}| 'shape' is missing",
        "{'descr': '<f4', 'descr': '<f4'}| 'descr' stands twice",
        "{'descr': '<f4', 'fortran_order': 0}| 'fortran_order' must be True or False",
        "{'descr': [('a', '<f4')]}| arrays of records are not read",
        "{'descr': '<f4\\n'}| escapes are not read",
        "{'descr': '<f4}| a quote is not closed", "{'shape': (-2,)}| a whole number is missing here",
        "{'shape': (99999999999999999999,)}| a dimension is out of range",
        "{'fortran_order': False, 'descr': '<f4', 'shape': (4294967296, 4294967296)}|"
                + " the product of the shape [4294967296, 4294967296] overflows",
        "{'other': '<f4'}| unknown key 'other'", "{descr: 1}| a text in quotes is missing here",
        "{'fortran_order': False, 'descr': '<f4', 'shape': (2,)} {}| something follows the dictionary",
        "import os| '{' is missing here"})
    void saysWhatIsWrongWithAHeader(String header, String problem) throws IOException {
        assertThat(diagnose(npy(header, floats(1, 2))))
                .startsWith("error[T1001]: the .npy header is malformed: " + problem + "\n --> x.npy at byte ");
    }

    @Test
    void saysWhatIsWrongWithAFile() throws IOException {
        byte[] good = npy(dictionary("<f4", false, "(2,)"), floats(1, 2));
        assertThat(diagnose(new byte[0])).isEqualTo("""
                error[T1001]: this is no .npy file
                 --> x.npy at byte 0: it does not begin with \\x93NUMPY and a version
                """);
        byte[] version = good.clone();
        version[6] = 9;
        assertThat(diagnose(version)).isEqualTo("""
                error[T1001]: .npy format version 9 is not known
                 --> x.npy at byte 6
                  = help: versions 1, 2 and 3 are read
                """);
        assertThat(diagnose(Arrays.copyOf(good, good.length - 3))).isEqualTo("""
                error[T1001]: the array does not fit the file
                 --> x.npy at byte 128, elements: <f4[2] takes 8 bytes, 5 follow
                """);
        assertThat(diagnose(Arrays.copyOf(good, 40))).isEqualTo("""
                error[T1001]: the file ends inside the header
                 --> x.npy at byte 8: it says 118 bytes, 30 follow
                """);
        byte[] huge = npy(2, dictionary("<f4", false, "(2,)"), floats(1, 2));
        ByteBuffer.wrap(huge).order(ByteOrder.LITTLE_ENDIAN).putInt(8, -1);
        assertThat(diagnose(huge)).isEqualTo("""
                error[T1001]: the header is too long
                 --> x.npy at byte 8: it says 4294967295 bytes, NumPy's own limit is 10000
                """);
        assertThat(diagnose(npy(dictionary("|O", false, "(2,)"), floats(1, 2)))).isEqualTo("""
                error[T1001]: elements of type '|O' cannot be read
                 --> x.npy at byte 0, header
                  = help: save the array with .astype(numpy.float32)
                """);
        assertThat(diagnose(npy(dictionary("|u1", false, "(16777217,)"), new byte[16_777_217]))).isEqualTo("""
                error[T1001]: the array is too large for an input
                 --> x.npy at byte 128, elements: 16777217 elements, the most is 16777216
                """);
    }

    @Test
    void readsOrRefusesRandomlyAlteredFiles() throws IOException {
        byte[] good = npy(dictionary("<f4", true, "(2, 3)"), floats(1, 2, 3, 4, 5, 6));
        Random random = new Random(11);
        for (int round = 0; round < 3000; round++) {
            byte[] altered = Arrays.copyOf(good, random.nextInt(4) == 0 ? random.nextInt(good.length) : good.length);
            for (int n = random.nextInt(5); n > 0 && altered.length > 0; n--) {
                altered[random.nextInt(altered.length)] = (byte) random.nextInt();
            }
            String said = diagnose(altered);
            assertThat(said.isEmpty() || said.startsWith("error[T1001]: ")).as(said).isTrue();
        }
    }

    @Test
    void readsWhatNumpyWrote() throws IOException {
        Path data = Stream
                .of(System.getProperty("tern.data"), System.getenv("TERN_DATA"),
                        System.getProperty("tern.root", ".") + "/../shared/data")
                .filter(place -> place != null && !place.isEmpty()).map(Path::of).findFirst().orElseThrow()
                .resolve("models/finn_tfc_input.npy");
        assumeTrue(Files.exists(data), data + " is absent; say where the data is with -Dtern.data=DIR");
        NumpyArray array = read(Files.readAllBytes(data));
        assertThat(array.dimensions().stream().reduce(1L, Math::multiplyExact)).isEqualTo(4 * 28 * 28);
        assertThat(Arrays.stream(array.values()).boxed()).allMatch(v -> v >= 0 && v <= 255).contains(255.0);
    }
}
