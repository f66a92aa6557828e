package dev.tern.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WeightFileTest {
    private static final byte[] FILE = WeightFile.write(everyKind());

    private static Weights everyKind() {
        Signature signature = new Signature("M", "says \u20ac",
                List.of(Signature.Port.of("x", Element.U8, 2, 1), Signature.Port.step("t", 9)),
                List.of(Signature.Port.of("y", Element.F32, 2)),
                List.of(new Signature.LayerSummary("y.dense", "dense", "binary", "sign", List.of(2), 8)), 1 + 4 + 4 + 16
                        + 8,
                8 + 4 + 2 + 4 + 8 + 24 + 4, "portable", "because");
        return new Weights(signature, plan(2, List.of(0, 0)),
                List.of(new byte[]{-1}, new short[]{1, -2}, new int[]{0x01020304},
                        new long[]{Long.MIN_VALUE, 0x0102030405060708L}, new float[]{-0f, Float.NaN}));
    }

    private static ArenaPlan plan(int bytes, List<Integer> inputs) {
        return new ArenaPlan(new ArenaPlan.Lengths(2, 1, 0, bytes), new ArenaPlan.Lengths(1, 2, 3, 4), inputs,
                List.of(0));
    }

    private static Weights read(byte[] file) {
        return WeightFile.read(new ByteArrayInputStream(file), "M.weights");
    }

    /** The file with another checksum at its end, that of its bytes. */
    private static byte[] sealed(byte[] file) {
        byte[] copy = file.clone();
        ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).putInt(copy.length - 4,
                WeightFile.crc(copy, copy.length - 4));
        return copy;
    }

    @Test
    void messagesControlNoTerminal() {
        assertThat(new WeightFileException("a\u001b[2J", "an output 'x\n\u202ey' is none", "help"))
                .hasMessage("weight file a\\u001b[2J: an output 'x\\u000a\\u202ey' is none; help");
    }

    @Test
    void givesBackWhatWasWritten() {
        Weights expected = everyKind();
        Weights read = WeightFile.read(new ByteArrayInputStream(FILE), "M.weights", WeightFile.checksum(FILE));
        assertThat(read.signature()).isEqualTo(expected.signature());
        assertThat(read.arena()).isEqualTo(expected.arena());
        assertThat(read.size()).isEqualTo(5);
        assertThat(read.bytes(0)).isEqualTo(expected.bytes(0));
        assertThat(read.shorts(1)).isEqualTo(expected.shorts(1));
        assertThat(read.ints(2)).isEqualTo(expected.ints(2));
        assertThat(read.longs(3)).isEqualTo(expected.longs(3));
        assertThat(read.floats(4)).isEqualTo(expected.floats(4));
    }

    @Test
    void writesTheSameBytesEveryTimeAndInTheDocumentedPlaces() {
        assertThat(WeightFile.write(everyKind())).isEqualTo(FILE);
        ByteBuffer buffer = ByteBuffer.wrap(FILE).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(Arrays.copyOf(FILE, 8)).isEqualTo(new byte[]{(byte) 0x89, 'T', 'E', 'R', 'N', 13, 10, 26});
        assertThat(buffer.getInt(8)).isEqualTo(2);
        assertThat(buffer.getLong(12)).isEqualTo(FILE.length);
        assertThat(buffer.getInt(20)).as("length of the model's name").isEqualTo(1);
        assertThat(FILE[24]).isEqualTo((byte) 'M');
        assertThat(buffer.getInt(FILE.length - 8)).as("last float").isEqualTo(0x7fc00000);
        assertThat(buffer.getLong(FILE.length - 12 - 5 - 8)).as("last long").isEqualTo(0x0102030405060708L);
        // Pins the format: a change of it must come with another version.
        assertThat(WeightFile.checksum(FILE)).isEqualTo(-1003797238);
    }

    @Test
    void growsBeyondItsFirstBuffer() {
        long[] many = new Random(1).longs(10_000).toArray();
        Signature signature = new Signature("M", "", List.of(), List.of(), List.of(), 80_000, 0, "portable", "");
        byte[] file = WeightFile.write(
                new Weights(signature, new ArenaPlan(0, 0, 0, 0, List.of(), List.of()), List.of(many)));
        assertThat(read(file).longs(0)).isEqualTo(many);
    }

    @Test
    void refusesEveryTruncation() {
        for (int length = 0; length < FILE.length; length++) {
            byte[] cut = Arrays.copyOf(FILE, length);
            assertThatThrownBy(() -> read(cut)).as("%d bytes", length).isInstanceOf(WeightFileException.class)
                    .hasMessageStartingWith("weight file M.weights: it ends after " + length)
                    .hasMessageContaining("compile the model again");
        }
    }

    @Test
    void refusesEveryFlippedBit() {
        for (int bit = 0; bit < FILE.length * 8; bit++) {
            byte[] flipped = FILE.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> read(flipped)).as("bit %d", bit).isInstanceOf(WeightFileException.class);
        }
    }

    @Test
    void refusesHostileNumbersUnderARightChecksumWithoutAllocatingForThem() {
        for (int value : new int[]{-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0x7ffffff0, 1 << 28, 1000}) {
            for (int at = 20; at <= FILE.length - 8; at++) {
                byte[] hostile = FILE.clone();
                ByteBuffer.wrap(hostile).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
                readsOrRefuses(sealed(hostile));
            }
        }
    }

    @Test
    void refusesOrReadsRandomBytesUnderARightChecksum() {
        Random random = new Random(42);
        for (int round = 0; round < 20_000; round++) {
            byte[] hostile = FILE.clone();
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                hostile[20 + random.nextInt(FILE.length - 24)] = (byte) random.nextInt();
            }
            readsOrRefuses(sealed(hostile));
        }
    }

    private static void readsOrRefuses(byte[] file) {
        try {
            assertThat(read(file).signature()).isNotNull();
        } catch (WeightFileException e) {
            assertThat(e.resource()).isEqualTo("M.weights");
            assertThat(e.getMessage()).doesNotContain("null;");
        } catch (RuntimeException | OutOfMemoryError e) {
            fail("not a WeightFileException", e);
        }
    }

    @Test
    void namesWhatIsMissing() {
        assertThatThrownBy(() -> WeightFile.read(null, "M.weights")).isInstanceOf(WeightFileException.class)
                .hasMessage("weight file M.weights: not found beside the class;"
                        + " put class and weight file of one compilation side by side");
    }

    @Test
    void namesAnotherKindOfFile() {
        assertThatThrownBy(() -> read("PK\3\4 and so on, this is a zip file".getBytes()))
                .isInstanceOf(WeightFileException.class).hasMessageContaining("does not begin as a weight file does");
    }

    @Test
    void namesAnotherVersion() {
        byte[] newer = FILE.clone();
        newer[8] = 3;
        assertThatThrownBy(() -> read(sealed(newer))).isInstanceOf(WeightFileException.class)
                .hasMessageContaining("it has format version 3, this runtime reads 2; use the tern-runtime of the");
    }

    @Test
    void namesAFileThatGoesOn() {
        byte[] longer = Arrays.copyOf(FILE, FILE.length + 1);
        assertThatThrownBy(() -> read(longer)).isInstanceOf(WeightFileException.class)
                .hasMessageContaining("it goes on after its " + FILE.length + " bytes");
    }

    @Test
    void namesAChecksumOfAnotherCompilation() {
        assertThatThrownBy(() -> WeightFile.read(new ByteArrayInputStream(FILE), "M.weights", 0x1234))
                .isInstanceOf(WeightFileException.class)
                .hasMessageContaining("its checksum is %08x, the class was compiled with 00001234", WeightFile.checksum(
                        FILE))
                .hasMessageContaining("put class and weight file of one compilation side by side");
    }

    @Test
    void namesALyingLength() {
        for (long length : new long[]{-1, 0, 23, 1L << 60, Integer.MAX_VALUE}) {
            byte[] lying = FILE.clone();
            ByteBuffer.wrap(lying).order(ByteOrder.LITTLE_ENDIAN).putLong(12, length);
            assertThatThrownBy(() -> read(lying)).isInstanceOf(WeightFileException.class)
                    .hasMessageContaining("it says that it is " + length + " bytes long");
        }
        byte[] lying = FILE.clone();
        ByteBuffer.wrap(lying).order(ByteOrder.LITTLE_ENDIAN).putLong(12, 2_000_000_000L);
        assertThatThrownBy(() -> read(lying)).isInstanceOf(WeightFileException.class)
                .hasMessageContaining("it ends after " + FILE.length + " of 2000000000 bytes");
    }

    @Test
    void namesAFailingDisk() {
        InputStream failing = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("bad sector");
            }
        };
        assertThatThrownBy(() -> WeightFile.read(failing, "M.weights")).isInstanceOf(WeightFileException.class)
                .hasMessageContaining("cannot be read: bad sector").hasCauseInstanceOf(IOException.class);
    }

    @Test
    void refusesWeightsThatContradictTheirSignature() {
        Weights good = everyKind();
        Signature signature = good.signature();
        assertThatThrownBy(() -> new Weights(signature, good.arena(), List.of(new byte[1])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the signature tells of 33 bytes of weights, the arrays hold 1");
        assertThatThrownBy(() -> new Weights(signature, plan(3, List.of(0, 0)),
                List.of())).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the signature tells of an arena of 54 bytes, the plan of 55");
        assertThatThrownBy(() -> new Weights(signature, plan(2, List.of(1, 0)),
                List.of())).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("input x: u8[2, 1] at 1 does not lie in an array of 2");
        assertThatThrownBy(() -> Weights.bytesOf(List.of("text"))).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a weight array: java.lang.String");
    }
}
