package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.Tern;
import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.Session;
import dev.tern.runtime.SessionPool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * One model in many threads gives the bits that it gives in one. {@code -Dthreads.inferences=2000000} goes on for half
 * a minute or more.
 */
class ManyThreadsTest {
    private static final int THREADS = 8;
    private static final int INFERENCES = Integer.getInteger("threads.inferences", 20_000);
    private static final int INPUTS = 64;

    private final CompiledModel model = Tern
            .compile(Path.of(System.getProperty("tern.root"), "models", "digits", "digits.tern"));
    private final float[][] inputs = new float[INPUTS][784];
    private final float[][] expected = new float[INPUTS][];

    ManyThreadsTest() {
        Random random = new Random(5);
        Session session = model.newSession();
        for (int i = 0; i < INPUTS; i++) {
            for (int k = 0; k < 784; k++) {
                inputs[i][k] = random.nextInt(3) == 0 ? random.nextFloat() : 0;
            }
            expected[i] = session.run(inputs[i]);
        }
    }

    /** One thread's share of the work; each begins elsewhere. */
    private interface Inference {
        float[] run(float[] input);
    }

    private int differences(int thread, Inference inference) {
        int differences = 0;
        for (int n = 0; n < INFERENCES / THREADS; n++) {
            int i = (n + 7 * thread) % INPUTS;
            if (!Arrays.equals(inference.run(inputs[i]), expected[i])) {
                differences++;
            }
        }
        return differences;
    }

    private List<Integer> inThreads(ExecutorService threads, Supplier<Inference> inferences)
            throws Exception {
        List<Future<Integer>> running = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int thread = t;
            running.add(threads.submit(() -> differences(thread, inferences.get())));
        }
        List<Integer> differences = new ArrayList<>();
        for (Future<Integer> future : running) {
            differences.add(future.get());
        }
        return differences;
    }

    @Test
    void sessionsOfTheirOwn() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            assertThat(inThreads(threads, () -> model.newSession()::run)).containsOnly(0).hasSize(THREADS);
        }
    }

    @Test
    void aPoolSharedByVirtualThreads() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                SessionPool pool = model.pool(3)) {
            assertThat(inThreads(threads, () -> pool::run)).containsOnly(0).hasSize(THREADS);
        }
    }
}
