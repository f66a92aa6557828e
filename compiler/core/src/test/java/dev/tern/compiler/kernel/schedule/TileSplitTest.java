package dev.tern.compiler.kernel.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TileSplitTest {
    /** @param time of a line, in rows of tiles of four and more: fewer take as long as four */
    @ParameterizedTest
    @CsvSource({
        // Fourteen rows come out even in tiles of five, and twice fourteen in tiles of four.
        "14, 14, 5, 1, 5 5 4, 14", "14, 14, 4, 2, 4 4 4 4 4 4 4, 14",
        // Of seven lines of seven, two by two, one is left, which takes eight.
        "7, 7, 5, 2, 5 5 4, 7.142857", "7, 8, 4, 4, 4 4 4 4 4 4 4, 7",
        // One line has nothing to go on to.
        "7, 1, 5, 1, 4 3, 8", "3, 1, 4, 1, 3, 4", "1, 1, 4, 1, 1, 4"})
    void takesAsLittleTimeAsCanBe(int width, int lines, int most, int together, String rows, double time) {
        TileSplit split = TileSplit.of(width, lines, most, 4);
        assertThat(split.lines()).isEqualTo(together);
        assertThat(split.rows().stream().map(String::valueOf).collect(Collectors.joining(" "))).isEqualTo(rows);
        assertThat(split.rows().stream().mapToInt(Integer::intValue).sum()).isEqualTo(width * together);
        assertThat(TileSplit.time(width, lines, most, 4)).isCloseTo(time, within(1e-5));
    }
}
