package dev.tern.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.tern.runtime.layout.ArrayLayout;
import dev.tern.runtime.layout.AsStored;
import dev.tern.runtime.layout.BitPlanes;
import dev.tern.runtime.layout.BorderLines;
import dev.tern.runtime.layout.BorderSums;
import dev.tern.runtime.layout.BitPlanes.Planes;
import dev.tern.runtime.layout.CodeSums;
import dev.tern.runtime.layout.Interleaved;
import dev.tern.runtime.layout.LookUpIndices;
import dev.tern.runtime.layout.PackedCodes;
import dev.tern.runtime.layout.WeightIndex;
import dev.tern.runtime.layout.WeightLayout;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WeightFileTest {
    /** [tap][k][channel] of 2 taps, 3 each, 5 channels. */
    private static final byte[] CODES = {1, -1, 0, 0, 1, 1, 1, 1, 1, 1, -1, 0, -1, 0, -1, 0, 0, 0, 1, -1, 0, 1, 0, -1,
        1,
        1, 0, 0, 0, 0};
    private static final List<ArrayLayout> LAYOUTS = List.of(new AsStored(),
            new BitPlanes(Planes.SIGNS, Long.SIZE, new WeightLayout(2, 1, 5, 0, 0)),
            new BitPlanes(Planes.NONZERO, Long.SIZE, new WeightLayout(2, 1, 5, 2, 2)),
            new LookUpIndices(WeightIndex.TERNARY, 2, 3, 5, 32), new CodeSums(5, 3, -1, 7),
            new BorderSums(new BorderLines(1, 4, 1, 1, 0, 4), new BorderLines(2, 4, 2, 1, 1, 2), 5));

    private static final byte[] FILE = WeightFile.write(twoForms());

    /** Arrays of every kind, stored as they are, and a form with codes in every layout. */
    private static StoredWeights twoForms() {
        StoredWeights own = StoredWeights.of(everyKind());
        List<Object> arrays = new ArrayList<>(own.arrays());
        arrays.add(PackedCodes.of(CODES));
        List<StoredWeights.Made> made = new ArrayList<>(
                LAYOUTS.stream().map(layout -> new StoredWeights.Made(5, layout)).collect(Collectors.toList()));
        made.add(new StoredWeights.Made(4, new Interleaved(2)));
        long bytes = 30 + 8 * 10 + 8 * 16 + 2 * 2 * 32 + 4 * 5 + 4 * 10 + 8;
        Signature first = own.forms().get(0).signature();
        Signature signature = new Signature("M", "", first.inputs(), first.outputs(), List.of(), bytes,
                first.arenaBytes(), "vector 256", "because");
        return new StoredWeights(arrays,
                List.of(own.forms().get(0), new StoredWeights.Form(signature, everyKind().arena(), made)));
    }

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
        return read(file, 0);
    }

    private static Weights read(byte[] file, int form) {
        return WeightFile.read(new ByteArrayInputStream(file), "M.weights",
                file.length < Integer.BYTES ? 0 : WeightFile.checksum(file), form);
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
        Weights read = read(FILE);
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
        assertThat(WeightFile.write(twoForms())).isEqualTo(FILE);
        ByteBuffer buffer = ByteBuffer.wrap(FILE).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(Arrays.copyOf(FILE, 8)).isEqualTo(new byte[]{(byte) 0x89, 'T', 'E', 'R', 'N', 13, 10, 26});
        assertThat(buffer.getInt(8)).isEqualTo(4);
        assertThat(buffer.getLong(12)).isEqualTo(FILE.length);
        assertThat(buffer.getInt(20)).as("stored arrays").isEqualTo(6);
        assertThat(Arrays.copyOfRange(FILE, 24, 31)).as("one code, -1, in one bit")
                .isEqualTo(new byte[]{0, 1, 0, 0, 0, 1, 0});
        int codes = 31 + (5 + 4) + (5 + 4) + (5 + 16) + (5 + 8);
        assertThat(Arrays.copyOfRange(FILE, codes, codes + 12)).as("30 ternary codes in 6 bytes")
                .isEqualTo(new byte[]{0, 30, 0, 0, 0, 0, (byte) 200, (byte) 242, 30, 67, (byte) 178, 122});
        assertThat(buffer.getInt(codes + 12)).as("forms").isEqualTo(2);
        assertThat(buffer.getInt(codes + 16)).as("length of the first form").isGreaterThan(100);
        assertThat(buffer.getInt(codes + 20)).as("length of the model's name").isEqualTo(1);
        assertThat(FILE[codes + 24]).isEqualTo((byte) 'M');
        assertThat(buffer.getInt(FILE.length - 8)).as("last parameter of a layout").isEqualTo(2);
        // Pins the format: a change of it must come with another version.
        assertThat(WeightFile.checksum(FILE)).isEqualTo(909429742);
    }

    @Test
    void laysOutTheFormThatIsWanted() {
        Weights second = read(FILE, 1);
        assertThat(second.signature().variant()).isEqualTo("vector 256");
        assertThat(second.size()).isEqualTo(7);
        for (int i = 0; i < 6; i++) {
            assertThat(second.array(i)).as("array %d", i).isEqualTo(LAYOUTS.get(i).of(CODES));
        }
        assertThat(second.array(6)).isEqualTo(new float[]{-0f, Float.NaN});
        assertThatThrownBy(() -> read(FILE, 2)).isInstanceOf(WeightFileException.class)
                .hasMessageContaining("form 2 of 2");
    }

    @Test
    void growsBeyondItsFirstBuffer() {
        long[] many = new Random(1).longs(10_000).toArray();
        Signature signature = new Signature("M", "", List.of(), List.of(), List.of(), 80_000, 0, "portable", "");
        byte[] file = WeightFile.write(StoredWeights
                .of(new Weights(signature, new ArenaPlan(0, 0, 0, 0, List.of(), List.of()), List.of(many))));
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
            assertThat(read(file, 0).signature()).isNotNull();
            assertThat(read(file, 1).signature()).isNotNull();
        } catch (WeightFileException e) {
            assertThat(e.resource()).isEqualTo("M.weights");
            assertThat(e.getMessage()).doesNotContain("null;");
        } catch (RuntimeException | OutOfMemoryError e) {
            fail("not a WeightFileException", e);
        }
    }

    @Test
    void namesWhatIsMissing() {
        assertThatThrownBy(() -> WeightFile.read(null, "M.weights", 1, 0)).isInstanceOf(WeightFileException.class)
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
        newer[8] = 5;
        assertThatThrownBy(() -> read(sealed(newer))).isInstanceOf(WeightFileException.class)
                .hasMessageContaining("it has format version 5, this runtime reads 4; use the tern-runtime of the");
    }

    @Test
    void namesAFileThatGoesOn() {
        byte[] longer = Arrays.copyOf(FILE, FILE.length + 1);
        assertThatThrownBy(() -> read(longer)).isInstanceOf(WeightFileException.class)
                .hasMessageContaining("it goes on after its " + FILE.length + " bytes");
    }

    @Test
    void namesAChecksumOfAnotherCompilation() {
        assertThatThrownBy(() -> WeightFile.read(new ByteArrayInputStream(FILE), "M.weights", 0x1234, 0))
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
        assertThatThrownBy(() -> WeightFile.read(failing, "M.weights", 1, 0)).isInstanceOf(WeightFileException.class)
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
