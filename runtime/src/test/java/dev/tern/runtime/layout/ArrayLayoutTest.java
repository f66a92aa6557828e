package dev.tern.runtime.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.runtime.layout.BitPlanes.Planes;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Each layout against its definition, element by element. */
class ArrayLayoutTest {
    private static byte[] codes(int length, boolean ternary) {
        Random random = new Random(length);
        byte[] codes = new byte[length];
        for (int i = 0; i < length; i++) {
            codes[i] = (byte) (ternary ? random.nextInt(3) - 1 : 2 * random.nextInt(2) - 1);
        }
        return codes;
    }

    private static void checkTold(ArrayLayout layout, Object stored, int bytes) {
        assertThat(ArrayLayout.read(layout.kind(), layout.parameters())).isEqualTo(layout);
        assertThat(layout.bytes(stored)).isEqualTo(bytes);
    }

    @Test
    void planes() {
        for (Planes planes : List.of(Planes.BINARY, Planes.SIGNS, Planes.NONZERO)) {
            for (int depth : new int[]{1, 31, 32, 33, 63, 64, 65, 97, 130}) {
                for (int channels : new int[]{1, 5, 16, 37}) {
                    for (int lanes : new int[]{0, 4, 8}) {
                        planes(planes, Long.SIZE, depth, channels, lanes, lanes == 0 ? 0 : 4);
                    }
                    planes(planes, Short.SIZE, depth, channels, 2, 1);
                    planes(planes, Short.SIZE, depth, channels, 4, 1);
                    planes(planes, Integer.SIZE, depth, channels, 0, 0);
                }
            }
        }
    }

    /** The words of a layout, each in the lowest bits of a long. */
    private static long[] words(BitPlanes layout, byte[] codes) {
        if (layout.wordBits() == Short.SIZE) {
            return Arrays.stream(layout.longs(codes)).flatMap(four -> LongStream.of(0, 16, 32, 48)
                    .map(place -> four >>> place & 0xffff)).toArray();
        }
        return layout.of(codes) instanceof int[]
                ? Arrays.stream(layout.ints(codes)).mapToLong(Integer::toUnsignedLong).toArray()
                : layout.longs(codes);
    }

    private static void planes(Planes planes, int width, int depth, int channels, int lanes,
            int panelVectors) {
        WeightLayout words = new WeightLayout(planes == Planes.BINARY ? 1 : 2, (depth + width - 1) / width, channels,
                lanes, panelVectors);
        BitPlanes layout = new BitPlanes(planes, width, words);
        byte[] codes = codes(depth * channels, planes != Planes.BINARY);
        long[] made = words(layout, codes);
        checkTold(layout, codes, width / 8 * made.length);
        int set = 0;
        for (int channel = 0; channel < channels; channel++) {
            for (int k = 0; k < depth; k++) {
                int code = codes[k * channels + channel];
                boolean first = planes == Planes.NONZERO ? code != 0 : code > 0;
                boolean second = planes == Planes.NONZERO ? code > 0 : code < 0;
                assertThat(made[words.index(0, k / width, channel)] >> k % width & 1).isEqualTo(first ? 1 : 0);
                if (planes != Planes.BINARY) {
                    assertThat(made[words.index(1, k / width, channel)] >> k % width & 1).isEqualTo(second ? 1 : 0);
                }
                set += (first ? 1 : 0) + (planes != Planes.BINARY && second ? 1 : 0);
            }
        }
        int all = 0;
        for (long word : made) {
            all += Long.bitCount(word);
        }
        assertThat(all).as("bits past the weights").isEqualTo(set);
    }

    @Test
    void planesOfCodes() {
        planesOfCodes(Long.SIZE, new WeightLayout(3, 2, 5, 4, 4));
        planesOfCodes(Integer.SIZE, new WeightLayout(3, 3, 5, 0, 0));
    }

    private static void planesOfCodes(int width, WeightLayout words) {
        BitPlanes layout = new BitPlanes(Planes.BITS, width, words);
        byte[] codes = new byte[70 * 5];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) (i * 5 % 8 - 4);
        }
        long[] made = words(layout, codes);
        checkTold(layout, codes, width / 8 * made.length);
        for (int channel = 0; channel < 5; channel++) {
            for (int k = 0; k < 70; k++) {
                int code = 0;
                for (int plane = 0; plane < 3; plane++) {
                    long bit = made[words.index(plane, k / width, channel)] >> k % width & 1;
                    code += (int) bit * (plane == 2 ? -4 : 1 << plane);
                }
                assertThat(code).isEqualTo(codes[k * 5 + channel]);
            }
        }
    }

    @Test
    void indices() {
        for (WeightIndex index : WeightIndex.values()) {
            for (int lanes : new int[]{32, 64}) {
                indices(new LookUpIndices(index, 3, 7, 5, lanes));
                indices(new LookUpIndices(index, 1, 30, 70, lanes));
            }
        }
    }

    private static void indices(LookUpIndices layout) {
        WeightIndex index = layout.index();
        byte[] codes = codes(layout.taps() * layout.depth() * layout.channels(), index == WeightIndex.TERNARY);
        byte[] made = layout.of(codes);
        int groups = index.groups(layout.depth());
        checkTold(layout, codes, made.length);
        for (int channel = 0; channel < layout.channels(); channel++) {
            for (int tap = 0; tap < layout.taps(); tap++) {
                for (int k = 0; k < layout.depth(); k++) {
                    int group = k / index.weights();
                    int at = LookUpIndices.lane(channel, tap * groups + group, layout.taps() * groups, layout.lanes());
                    int number = made[at] - LookUpIndices.inVector(group, layout.lanes()) * LookUpIndices.TABLE;
                    int digit = number / (int) Math.pow(index.base(), k % index.weights()) % index.base();
                    assertThat(index.weightOf(digit))
                            .isEqualTo(codes[(tap * layout.depth() + k) * layout.channels() + channel]);
                }
            }
        }
    }

    @Test
    void sums() {
        // [k][channel] of 4, 3 channels.
        byte[] codes = {1, 0, -1, 1, 0, 1, -1, -1, -1, 0, 0, -1};
        CodeSums all = new CodeSums(3, 10, 100, 5);
        assertThat(all.of(codes)).containsExactly(10 + 300 + 5, -10 + 100 + 5, -20 + 400 + 5);
        checkTold(all, codes, 12);
    }

    @Test
    void sumsOfTheBorder() {
        // [tap][k][channel] of 1 x 3 taps, 2 each, 2 channels; three columns of padding about seven, strides of two.
        byte[] codes = {1, 2, 0, 1, 1, -1, 1, -1, 0, -1, -1, -1};
        BorderLines columns = new BorderLines(3, 7, 2, 2, 3, 4);
        BorderSums sums = new BorderSums(new BorderLines(1, 1, 1, 1, 0, 1), columns, 2);
        // Windows at -3, -1, 1 and 3: the taps outside are the first two, the first, none and the last.
        assertThat(columns.firstWhole()).isEqualTo(1 + 1);
        assertThat(columns.kinds()).isEqualTo(4);
        assertThat(sums.of(codes)).containsExactly(3, 1, 1, 3, 0, 0, -1, -2);
        checkTold(sums, codes, 32);
        // All whole; whole ones in the middle, of one kind; none whole.
        assertThat(new BorderLines(3, 9, 1, 1, 0, 7).kinds()).isEqualTo(1);
        assertThat(new BorderLines(3, 9, 1, 1, 1, 9).kinds()).isEqualTo(3);
        assertThat(new BorderLines(5, 3, 1, 1, 2, 3).kinds()).isEqualTo(3);
    }

    @Test
    void interleaved() {
        Interleaved layout = new Interleaved(2);
        assertThat(layout.of(new int[]{1, 2, 3, 4, 5, 6})).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(layout.of(new float[]{1, 2, 3, 4})).containsExactly(1, 3, 2, 4);
        checkTold(layout, new float[6], 24);
        float[] stored = {1};
        assertThat(new AsStored().of(stored)).isSameAs(stored);
        checkTold(new AsStored(), new short[3], 6);
        checkTold(new AsStored(), new long[3], 24);
    }

    @Test
    void refusesWhatDoesNotGoTogether() {
        assertRefused(5, new byte[4]);
        assertRefused(0, new byte[4], 1);
        assertRefused(1, new int[5], 2);
        assertRefused(1, new byte[4], 2);
        assertRefused(1, new int[4], 0);
        assertRefused(2, new byte[4], 4, 1, 1, 2, 0, 0);
        assertRefused(2, new byte[4], 3, 9, 1, 2, 0, 0);
        assertRefused(2, new byte[4], 1, 1, 1, 2, 0, 0);
        assertRefused(2, new byte[4], 0, 1, 2, 2, 0, 0);
        assertRefused(2, new byte[4], 0, 1, 1, 3, 0, 0);
        assertRefused(2, new byte[4], 0, 1, 1, 0, 0, 0);
        assertRefused(2, new byte[4], 0, 1, 1, 2, -1, 2);
        assertRefused(2, new byte[4], 0, 1, 1, 2, 8, 3);
        assertRefused(2, new byte[4], 0, 1, 1, 2, 8, 1 << 30);
        assertRefused(2, new float[4], 0, 1, 1, 2, 0, 0);
        assertRefused(3, new byte[4], 1, 1, 2, 3, 32);
        assertRefused(3, new byte[4], 1, 1, 2, 2, 31);
        assertRefused(3, new byte[4], 1, 65536, 65536, 1, 32);
        assertRefused(3, new byte[4], 2, 1, 2, 2, 32);
        assertRefused(4, new byte[4], 3, 1, 0, 0);
        assertRefused(4, new byte[4], 0, 1, 0, 0);
        assertRefused(6, new byte[4], 0, 1, 1, 2, 2, 3);
        assertRefused(7, new byte[4], 1, 1, 1, 1, 0, 1, 2, 3, 1, 1, 1, 3, 3);
        assertRefused(7, new byte[4], 1, 1, 1, 1, 0, 1, 3, 3, 1, 1, 1, 3, 2);
        assertRefused(7, new byte[4], 1, 1, 0, 1, 0, 1, 2, 3, 1, 1, 1, 3, 2);
        assertRefused(7, new byte[4], 1, 1, 1, 1, 0, 1 << 30, 2, 3, 1, 1, 1, 1 << 30, 2);
    }

    private static void assertRefused(int kind, Object stored, int... parameters) {
        assertThatThrownBy(() -> ArrayLayout.read(kind, parameters).bytes(stored))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
