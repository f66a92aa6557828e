package dev.tern.cli.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LatencyTest {
    private int calls;

    @Test
    void inferencesOfNanosecondsAreTimedToTheMostThatAreKept() {
        Latency latency = Latency.measure(() -> calls++, 1);
        assertThat(latency.inferences()).isEqualTo(1_000_000);
        assertThat(calls).isGreaterThan(latency.inferences());
        assertThat(latency.medianNanos()).isLessThanOrEqualTo(latency.p99Nanos());
        assertThat(latency.allocatedBytes()).isLessThan(1);
    }

    @Test
    void thoseBesideEachOtherAreTimedEachAtLeastOnce() {
        Runnable slow = () -> {
            calls++;
            for (long end = System.nanoTime() + 20_000_000; System.nanoTime() < end;) {
                Thread.onSpinWait();
            }
        };
        List<Latency> both = Latency.measure(List.of(slow, () -> {
        }), 0.05);
        assertThat(both.getFirst().inferences()).isBetween(1, 10);
        assertThat(both.getFirst().medianNanos()).isGreaterThanOrEqualTo(20e6);
        assertThat(both.getLast().inferences()).isGreaterThan(both.getFirst().inferences());
    }
}
