package dev.tern.cli.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DoubtsTest {
    private static final String MIXED = "mixed mode, sharing";

    @Test
    void aQuietMachineAndOptimizedCodeAreNotDoubted() {
        assertThat(Doubts.about(new Latency(1000, 100, 999, 0, true), MIXED, 4)).isEmpty();
    }

    @Test
    void aBusyMachineIs() {
        assertThat(Doubts.about(new Latency(1000, 100, 1240, 0, true), MIXED, 4)).containsExactly(
                "the machine is busy: one inference"
                        + " in a hundred took 12 times the"
                        + " median or longer; measure again when nothing else runs");
    }

    @Test
    void codeThatIsNotOptimizedIs() {
        Latency latency = new Latency(1000, 100, 100, 0, true);
        assertThat(Doubts.about(latency, "interpreted mode, sharing", 4))
                .containsExactly("the code was not optimized: this JVM interprets only (-Xint)");
        assertThat(Doubts.about(latency, MIXED, 1)).containsExactly(
                "the code was not optimized: this JVM compiles up to level 1 only (-XX:TieredStopAtLevel)");
        assertThat(Doubts.about(new Latency(1000, 100, 100, 0, false), MIXED, 4)).singleElement().asString()
                .startsWith("the code may not have been optimized: the JIT compiler was still at work");
    }
}
