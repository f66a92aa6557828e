package dev.tern.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.runtime.Scores.Ranked;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScoresTest {
    private final Scores scores = new Scores(new float[]{1, 5, 5, -2}, List.of("a", "b", "c", "d"));

    @Test
    void ofEqualValuesTheFirstWins() {
        assertThat(scores.index()).isEqualTo(1);
        assertThat(scores.label()).isEqualTo("b");
        assertThat(scores.top(2)).containsExactly(new Ranked(1, "b", 5), new Ranked(2, "c", 5));
        assertThat(scores).hasToString("b (5.0)");
    }

    @Test
    void aCountOfMoreThanThereAreGivesAll() {
        assertThat(scores.top(9)).extracting(Ranked::label).containsExactly("b", "c", "a", "d");
        assertThat(scores.top(0)).isEmpty();
        assertThatThrownBy(() -> scores.top(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void eachValueHasALabel() {
        assertThatThrownBy(() -> new Scores(new float[2], List.of("a"))).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("2 values and 1 labels");
    }
}
