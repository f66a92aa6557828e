package dev.tern.compiler.kernel.pass;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Places among what is taken at four moments, in multiples of 16. */
class OccupancyTest {
    private final Occupancy taken = new Occupancy(4, 16);

    private void take(int first, int last, int length, int expected) {
        assertThat(taken.take(first, last, length)).isEqualTo(expected);
    }

    @Test
    void whatLivesAtOtherTimesSharesAPlace() {
        take(0, 1, 20, 0);
        take(2, 3, 30, 0);
        take(1, 2, 5, 32);
        take(0, 0, 5, 32);
        take(3, 3, 5, 32);
    }

    /** From 16 to 32 free at the last two moments. */
    private void leaveAGap() {
        take(0, 3, 16, 0);
        take(0, 1, 16, 16);
        take(0, 3, 16, 32);
    }

    @Test
    void aGapThatIsJustLongEnoughIsTaken() {
        leaveAGap();
        take(2, 3, 16, 16);
        take(2, 3, 16, 48);
    }

    @Test
    void aGapThatIsTooShortIsNot() {
        leaveAGap();
        take(2, 3, 17, 48);
        take(1, 1, 16, 48);
    }

    @Test
    void ofEqualGapsTheLowest() {
        leaveAGap();
        take(0, 1, 16, 48);
        take(0, 3, 16, 64);
        take(2, 3, 16, 16);
    }

    @Test
    void ofGapsTheSmallest() {
        take(0, 3, 16, 0);
        take(0, 1, 32, 16);
        take(0, 3, 16, 48);
        take(0, 1, 16, 64);
        take(0, 3, 16, 80);
        take(2, 3, 10, 64);
        take(2, 3, 10, 16);
        take(3, 3, 10, 32);
    }
}
