package dev.tern.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ParallelSessionTest {
    private static final int UNITS = 1000;

    /** Gives for each element of the input its double and counts how often it did so. */
    private static class Doubling extends Session {
        /** Called with each part, by the thread that does it. */
        private volatile Runnable inPart = () -> {
        };

        Doubling(String name) {
            super(CompiledModel.of(weights(name), () -> null));
        }

        static CompiledModel model(String name) {
            return CompiledModel.of(weights(name), () -> new Doubling(name));
        }

        private static Weights weights(String name) {
            ArenaPlan plan = new ArenaPlan(new ArenaPlan.Lengths(2 * UNITS, UNITS, 0, 0), new ArenaPlan.Lengths(0, 1, 0,
                    0), List.of(0), List.of(UNITS));
            return new Weights(new Signature(name, "", List.of(Signature.Port.of("x", Element.F32, UNITS)),
                    List.of(Signature.Port.of("y", Element.F32, UNITS)), List.of(), 0, plan.bytes(), "portable", ""),
                    plan, List.of());
        }

        @Override
        protected void infer() {
            if (!share(7, UNITS)) {
                inferPart(7, 0, UNITS, work);
            }
        }

        @Override
        protected void inferPart(int kernel, int from, int to, WorkArrays arrays) {
            assertThat(kernel).isEqualTo(7);
            inPart.run();
            for (int i = from; i < to; i++) {
                arrays.i32()[0] = i;
                f32[UNITS + i] = 2 * f32[arrays.i32()[0]];
                i32[i]++;
            }
        }
    }

    private static float[] input() {
        float[] input = new float[UNITS];
        for (int i = 0; i < UNITS; i++) {
            input[i] = i - 300;
        }
        return input;
    }

    private static Doubling doubling(String name, int threads) {
        return (Doubling) Doubling.model(name).newSession(Parallelism.threads(threads));
    }

    private static List<Thread> threadsOf(String model) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("tern-" + model + "-")).collect(Collectors.toList());
    }

    private static boolean soon(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 400 && !condition.getAsBoolean(); i++) {
            System.gc();
            Thread.sleep(25);
        }
        return condition.getAsBoolean();
    }

    @Test
    void everyUnitIsDoneOnceByAnyNumberOfThreads() {
        float[] expected = new Doubling("Alone").run(input());
        for (int threads : new int[]{1, 2, 3, 5, 16, 40}) {
            try (Doubling session = doubling("Any", threads)) {
                for (int i = 1; i <= 200; i++) {
                    assertThat(session.run(input())).isEqualTo(expected);
                    int times = i;
                    assertThat(session.i32).containsOnly(times);
                }
            }
        }
    }

    @Test
    void threadsAreNamedAndDaemonsAndNoneForOne() throws Exception {
        try (Session one = doubling("One", 1); Session three = doubling("Three", 3)) {
            assertThat(one.run(input())).isEqualTo(three.run(input()));
            assertThat(threadsOf("One")).isEmpty();
            assertThat(threadsOf("Three")).hasSize(2).allMatch(Thread::isDaemon).extracting(Thread::getName)
                    .containsExactlyInAnyOrder("tern-Three-1", "tern-Three-2");
        }
        assertThat(soon(() -> threadsOf("Three").isEmpty())).isTrue();
        assertThatThrownBy(() -> Parallelism.threads(0)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("0 threads");
    }

    @Test
    void threadsThatSleepAreWoken() throws Exception {
        try (Doubling session = doubling("Sleepy", 2)) {
            for (int i = 0; i < 3; i++) {
                Thread sleeper = threadsOf("Sleepy").get(0);
                assertThat(soon(() -> sleeper.getState() == Thread.State.WAITING)).isTrue();
                awaitHelper(session);
                session.run(input());
            }
            threadsOf("Sleepy").get(0).interrupt();
            awaitHelper(session);
            assertThat(session.run(input())).isEqualTo(new Doubling("Alone").run(input()));
        }
    }

    /** The next inference's first part on the calling thread waits until another thread has one. */
    private static void awaitHelper(Doubling session) {
        Thread caller = Thread.currentThread();
        CountDownLatch helped = new CountDownLatch(1);
        session.inPart = () -> {
            if (Thread.currentThread() != caller) {
                helped.countDown();
            } else {
                await(helped);
            }
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatAThreadThrowsComesToTheCaller() {
        try (Doubling session = doubling("Failing", 2)) {
            Thread caller = Thread.currentThread();
            for (Throwable thrown : List.of(new IllegalArgumentException("from a thread"), new AssertionError("too"))) {
                CountDownLatch helped = new CountDownLatch(1);
                session.inPart = () -> {
                    if (Thread.currentThread() == caller) {
                        await(helped);
                        return;
                    }
                    helped.countDown();
                    ParallelSessionTest.<RuntimeException>raise(thrown);
                };
                assertThatThrownBy(() -> session.run(input())).isSameAs(thrown);
            }
            session.inPart = () -> {
                throw new IllegalStateException("everywhere");
            };
            assertThatThrownBy(() -> session.run(input())).hasMessage("everywhere");
            session.inPart = () -> {
            };
            assertThat(session.run(input())).as("the session still works")
                    .isEqualTo(new Doubling("Alone").run(input()));
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void raise(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void aClosedSessionRunsNoMore() {
        for (int threads : new int[]{1, 2}) {
            Doubling session = doubling("Closed", threads);
            session.inPart = () -> assertThatThrownBy(session::close)
                    .hasMessage("this session of Closed is running already; each thread needs its own");
            session.run(input());
            session.close();
            session.close();
            assertThatThrownBy(() -> session.run(input())).isInstanceOf(IllegalStateException.class)
                    .hasMessage("this session of Closed is closed");
        }
    }

    @Test
    void theThreadsOfASessionThatIsDroppedEnd() throws Exception {
        assertThat(doubling("Dropped", 3).run(input())).hasSize(UNITS);
        assertThat(soon(() -> threadsOf("Dropped").isEmpty())).isTrue();
    }

    @Test
    void allocatesNothingOnAnyThread() {
        com.sun.management.ThreadMXBean bean = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        CompiledModel model = Doubling.model("Frugal");
        Session session = new Doubling("Frugal") {
            @Override
            protected void inferPart(int kernel, int from, int to, WorkArrays arrays) {
                Arrays.fill(f32, UNITS + from, UNITS + to, 1);
            }
        };
        session.hire(1);
        try (session) {
            long[] threads = {Thread.currentThread().getId(), threadsOf("Frugal").get(0).getId()};
            float[] input = input();
            float[] output = new float[UNITS];
            long[] allocated = new long[threads.length];
            for (int round = 0; round < 20; round++) {
                long[] before = bean.getThreadAllocatedBytes(threads);
                for (int i = 0; i < 2_000; i++) {
                    session.run(input, output);
                }
                long[] after = bean.getThreadAllocatedBytes(threads);
                Arrays.setAll(allocated, i -> after[i] - before[i]);
            }
            // The bean's own call costs a few bytes; one object per inference would be 2,000 times 16.
            assertThat(Arrays.stream(allocated).sum()).isLessThan(1000);
        }
    }
}
