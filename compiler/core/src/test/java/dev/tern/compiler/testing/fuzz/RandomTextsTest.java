package dev.tern.compiler.testing.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.tern.compiler.HostTarget;
import dev.tern.compiler.testing.text.Choices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A bounded number of random texts, other ones each time, and the texts that showed faults once. */
class RandomTextsTest {
    private static final Path TEXTS = Path.of("src", "test", "resources", "fuzz");
    /** How often a kept text is tried: with other numbers, schedules and targets each time. */
    private static final int TRIES = 30;
    /** Of a text whose budget few schedules keep. */
    private static final int MOST_TRIES = 4 * TRIES;
    private static final long SHRINKING = 20;

    @Provide
    Arbitrary<Long> seeds() {
        return Arbitraries.longs().between(0, Long.MAX_VALUE - 1).withoutEdgeCases();
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void randomTextsComputeWhatTheyMean(@ForAll("seeds") long seed) {
        Choices choices = Choices.of(seed);
        if (new FuzzCase(choices, HostTarget.verifiable(), new Counts()).run() instanceof Outcome.Found found) {
            fail(Minimal.of(choices, found, HostTarget.verifiable(), SHRINKING));
        }
    }

    static Stream<Path> texts() throws IOException {
        try (Stream<Path> files = Files.list(TEXTS)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("texts")
    void textsThatShowedFaultsOnceComputeWhatTheyMean(Path file) throws IOException {
        String text = Files.readString(file);
        Counts counts = new Counts();
        for (int seed = 0; seed < TRIES || counts.get("classes for portable") == 0 && seed < MOST_TRIES; seed++) {
            if (new FuzzCase(text, Choices.of(seed), HostTarget.verifiable(), counts)
                    .run() instanceof Outcome.Found(String kind, String report)) {
                fail(kind + "\n" + report);
            }
        }
        assertThat(counts.get("classes for portable")).as(counts.text()).isPositive();
    }

    @Test
    void whatIsFoundIsMadeSmall() {
        Choices choices = Stream.iterate(0L, seed -> seed + 1).map(Choices::of)
                .filter(c -> shows(c, "conv1d(")).findFirst().orElseThrow();
        List<Integer> smallest = new Shrinker(choices, c -> shows(c, "conv1d("), SHRINKING).smallest();
        assertThat(new FuzzCase(Choices.again(smallest), List.of(), new Counts()).text())
                .contains("conv1d(").hasLineCount(4);
    }

    private static boolean shows(Choices choices, String part) {
        return new FuzzCase(choices, List.of(), new Counts()).text().contains(part);
    }
}
