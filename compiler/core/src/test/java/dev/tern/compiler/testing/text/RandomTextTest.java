package dev.tern.compiler.testing.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.analysis.catalogue.Catalogue;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What users can write occurs in random models, for what does not occur is compared with nothing. */
class RandomTextTest {
    private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9_]*");
    private static final int TEXTS = 4000;

    @Test
    void everyOpOccurs() {
        Set<String> words = new HashSet<>();
        for (long seed = 0; seed < TEXTS; seed++) {
            WORD.matcher(RandomText.of(Choices.of(seed))).results().forEach(word -> words.add(word.group()));
        }
        Set<String> missing = new TreeSet<>(Catalogue.names());
        missing.removeAll(words);
        // Attention is not lowered yet; a table's numbers are codes, which no trained numbers are.
        assertThat(missing).containsExactlyInAnyOrder("attention", "qtable");
    }
}
