package dev.tern.runtime.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PackedCodesTest {
    private static void check(int width, int size, int... values) {
        byte[] codes = new byte[values.length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) values[i];
        }
        PackedCodes packed = PackedCodes.of(codes);
        assertThat(packed.width()).isEqualTo(width);
        assertThat(packed.bytes()).hasSize(size);
        assertThat(packed.codes()).isEqualTo(codes);
    }

    @Test
    void takesTheFewestBits() {
        check(PackedCodes.TERNARY, 0);
        check(PackedCodes.TERNARY, 1, 0);
        check(PackedCodes.TERNARY, 1, 1, 0, -1, 0, 1);
        check(PackedCodes.TERNARY, 2, 1, 0, -1, 0, 1, 1);
        check(1, 1, 1, -1, 1, 1, -1, -1, -1, 1);
        check(1, 2, 1, -1, 1, 1, -1, -1, -1, 1, 1);
        check(2, 1, -2, 1, 0, -1);
        check(3, 1, 2, -1);
        check(3, 1, -3, 3);
        check(3, 1, -4);
        check(4, 1, 4, 4);
        check(5, 2, -9, 15, -16);
        check(6, 1, 31);
        check(7, 1, -64);
        check(8, 2, -65, 0);
        check(8, 2, -128, 127);
    }

    @Test
    void writesTheLowestBitsFirst() {
        assertThat(PackedCodes.of(new byte[]{1, -1, -1, 1}).bytes()).isEqualTo(new byte[]{0b1001});
        assertThat(PackedCodes.of(new byte[]{3, -4, 1, -1}).bytes())
                .isEqualTo(new byte[]{(byte) 0b01_100_011, 0b1110});
        assertThat(PackedCodes.of(new byte[]{1, 0, -1, 1, 1, -1}).bytes())
                .isEqualTo(new byte[]{(byte) (2 + 3 + 0 + 54 + 162), 0});
    }

    @Test
    void givesBackCodesOfEveryWidthAndLength() {
        Random random = new Random(7);
        for (int bits = 1; bits <= 8; bits++) {
            for (int length = 1; length < 70; length++) {
                byte[] codes = new byte[length];
                for (int i = 0; i < length; i++) {
                    codes[i] = (byte) (random.nextInt(1 << bits) - (1 << bits - 1));
                }
                PackedCodes packed = PackedCodes.of(codes);
                assertThat(packed.codes()).isEqualTo(codes);
                assertThat(packed.bytes().length).isLessThanOrEqualTo((length * Math.max(2, bits) + 7) / 8)
                        .isEqualTo(PackedCodes.size(packed.width(), length));
            }
        }
    }

    @Test
    void refusesWhatIsNone() {
        assertThatThrownBy(() -> PackedCodes.size(9, 1)).hasMessage("codes of 9 bits");
        assertThatThrownBy(() -> PackedCodes.size(-1, 1)).hasMessage("codes of -1 bits");
        assertThatThrownBy(() -> new PackedCodes(0, 5, new byte[]{(byte) 243}).codes())
                .hasMessage("a byte of five ternary codes that is 243");
        assertThatThrownBy(() -> new PackedCodes(3, 3, new byte[1]).codes()).hasMessage("3 codes in 1 bytes");
    }
}
