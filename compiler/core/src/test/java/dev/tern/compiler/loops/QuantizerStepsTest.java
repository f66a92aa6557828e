package dev.tern.compiler.loops;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class QuantizerStepsTest {
    /** A sample of all floats up to 300, with every tie among them. */
    @Test
    void roundingByAdditionIsRint() {
        float magic = QuantizerSteps.ROUNDING;
        int last = Float.floatToRawIntBits(300f);
        for (int bits = 0; bits <= last; bits += 61) {
            float x = Float.intBitsToFloat(bits);
            if (x + magic - magic != (float) Math.rint(x) || -x + magic - magic != (float) Math.rint(-x)) {
                throw new AssertionError("rint of " + x);
            }
        }
        for (int half = -601; half <= 601; half++) {
            for (float x : new float[]{half / 2f, Math.nextUp(half / 2f), Math.nextDown(half / 2f)}) {
                assertThat(x + magic - magic).isEqualTo((float) Math.rint(x), Offset.offset(0f));
            }
        }
    }
}
