package dev.tern.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SessionTest {
    private final Session scaler = new Scaler();

    private static Object[] scalerOutputs() {
        return new Object[]{new float[3], new int[1]};
    }

    @Test
    void runsOneInference() {
        Object[] outputs = scalerOutputs();
        scaler.run(new Object[]{new float[]{1, -1, 1}, new int[]{4}}, outputs);
        assertThat((float[]) outputs[0]).containsExactly(5, 2, 7);
        assertThat((int[]) outputs[1]).containsExactly(2);
    }

    @Test
    void takesAStepAsANumber() {
        Object[] outputs = scaler.newOutputs(1);
        scaler.run(new Object[]{new float[3], 3}, outputs);
        assertThat((float[]) outputs[0]).containsExactly(3, 3, 3);
    }

    @Test
    void runsABatchLikeSingleInferences() {
        int batch = 5;
        float[] images = new float[batch * 3];
        int[] steps = new int[batch];
        Random random = new Random(7);
        for (int i = 0; i < images.length; i++) {
            images[i] = random.nextFloat();
        }
        for (int i = 0; i < batch; i++) {
            steps[i] = random.nextInt(5);
        }
        Object[] together = scaler.newOutputs(batch);
        scaler.run(batch, new Object[]{images, steps}, together);
        for (int i = 0; i < batch; i++) {
            Object[] alone = scalerOutputs();
            new Scaler().run(new Object[]{java.util.Arrays.copyOfRange(images, i * 3, i * 3 + 3), steps[i]}, alone);
            assertThat(java.util.Arrays.copyOfRange((float[]) together[0], i * 3, i * 3 + 3))
                    .isEqualTo(alone[0]);
            assertThat(((int[]) together[1])[i]).isEqualTo(((int[]) alone[1])[0]);
        }
        scaler.run(0, new Object[]{new float[0], new int[0]}, scaler.newOutputs(0));
    }

    @Test
    void runsModelsOfOneInputOnBareArrays() throws Exception {
        Session floats = CompiledModelTest.negative(Element.F32, 3).newSession();
        float[] output = new float[3];
        floats.run(new float[]{1, Float.MAX_VALUE, Float.MIN_VALUE}, output);
        assertThat(output).containsExactly(-1, -Float.MAX_VALUE, -Float.MIN_VALUE);
        Session bytes = CompiledModelTest.negative(Element.I8, 2).newSession();
        assertThat(bytes.run(new byte[]{-128, 127})).containsExactly(128, -127);
    }

    @Test
    void namesAValueThatIsNotFinite() throws Exception {
        Session session = CompiledModelTest.negative(Element.F32, 67).newSession();
        for (float bad : new float[]{Float.NaN, Float.intBitsToFloat(0xffffffff), Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY}) {
            for (int at = 0; at < 67; at++) {
                float[] input = new float[67];
                input[at] = bad;
                int index = at;
                assertThatThrownBy(() -> session.run(input))
                        .isInstanceOfSatisfying(InputException.class, e -> {
                            assertThat(e.port()).isEqualTo("x");
                            assertThat(e.index()).isEqualTo(index);
                        }).hasMessage("input x: f32[67] must be finite, element " + index + " is " + bad);
            }
        }
        assertThat(session.run(new float[67])).as("the session still works").containsOnly(-0f);
    }

    @Test
    void namesTheElementOfABatchAndLeavesTheEarlierOutputs() {
        float[] images = {1, 1, 1, 2, Float.NaN, 2};
        float[] scores = new float[6];
        assertThatThrownBy(
                () -> scaler.run(2, new Object[]{images, new int[2]}, new Object[]{scores, new int[2]}))
                .hasMessage("input image: f32[1, 3] must be finite, element 4 is NaN");
        assertThat(scores).containsExactly(1, 2, 3, 0, 0, 0);
    }

    @Test
    void namesAStepOutOfRange() {
        for (int step : new int[]{-1, 5, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> scaler.run(new Object[]{new float[3], step}, scalerOutputs()))
                    .isInstanceOf(InputException.class)
                    .hasMessage("input t: step[5] takes 0..4, element 0 is " + step);
        }
    }

    @Test
    void namesTheArrayThatIsWrong() {
        Object[] good = {new float[3], new int[1]};
        assertThatThrownBy(() -> scaler.run(new Object[]{new float[4], 0}, scalerOutputs()))
                .isInstanceOfSatisfying(InputException.class, e -> assertThat(e.port()).isEqualTo("image"))
                .hasMessage("input image: f32[1, 3] needs 3 elements, given 4");
        assertThatThrownBy(() -> scaler.run(2, new Object[]{new float[6], 0}, scaler.newOutputs(2)))
                .hasMessage("input t: step[5] needs 2 elements for a batch of 2, given 1");
        assertThatThrownBy(() -> scaler.run(new Object[]{new double[3], 0}, scalerOutputs()))
                .hasMessage("input image: f32[1, 3] is passed as float[], given double[]");
        assertThatThrownBy(() -> scaler.run(new Object[]{null, 0}, scalerOutputs()))
                .hasMessage("input image: f32[1, 3] is passed as float[], given null");
        assertThatThrownBy(() -> scaler.run(good, new Object[]{new float[3], new float[1]}))
                .hasMessage("output best: i32[] is passed as int[], given float[]");
        assertThatThrownBy(() -> scaler.run(good, new Object[]{new float[2], new int[1]}))
                .hasMessage("output scores: f32[3] needs 3 elements, given 2");
        assertThatThrownBy(() -> scaler.run(new Object[1], scalerOutputs()))
                .hasMessage("1 input array for the 2 of " + scaler.signature());
        assertThatThrownBy(() -> scaler.run(good, null)).isInstanceOf(InputException.class)
                .hasMessage("no output arrays for the 2 of " + scaler.signature());
        assertThatThrownBy(() -> scaler.run(new float[3])).isInstanceOf(InputException.class)
                .hasMessage("run(float[]) is for models of one input and one output; this is " + scaler.signature());
        assertThatThrownBy(() -> scaler.run(-1, good, scalerOutputs())).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a batch of -1");
        assertThatThrownBy(() -> scaler.newOutputs(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> scaler.newOutputs(Integer.MAX_VALUE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesToBeEnteredWhileItRuns() {
        Signature signature = new Signature("Self", "", List.of(), List.of(), List.of(), 0, 0, "portable", "");
        Weights weights = new Weights(signature, new ArenaPlan(0, 0, 0, 0, List.of(), List.of()), List.of());
        Session session = new Session(CompiledModel.of(weights, () -> null)) {
            @Override
            protected void infer() {
                run(new Object[0], new Object[0]);
            }
        };
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> session.run(new Object[0], new Object[0]))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("this session of Self is running already; each thread needs its own");
        }
    }

    /** Each call of each thread gives the right numbers, or says that the session was running. */
    @Test
    void ofThreadsThatComeAtOnceOneEnters() throws Exception {
        Session session = CompiledModelTest.negative(Element.F32, 4).newSession();
        AtomicInteger right = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int t = 1; t <= 3; t++) {
            float own = t;
            threads.add(new Thread(() -> {
                float[] output = new float[4];
                for (int i = 1; i <= 20_000; i++) {
                    try {
                        start.await();
                        float[] input = {own, i, own, i};
                        session.run(input, output);
                        assertThat(output).containsExactly(-own, -i, -own, -i);
                        right.incrementAndGet();
                    } catch (IllegalStateException e) {
                        refused.incrementAndGet();
                    } catch (InterruptedException | RuntimeException | AssertionError e) {
                        wrong.add(e);
                        return;
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(wrong).isEmpty();
        assertThat(right.get()).isPositive();
        assertThat(right.get() + refused.get()).isEqualTo(60_000);
    }

    @Test
    void allocatesNothing() throws Exception {
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        Session floats = CompiledModelTest.negative(Element.F32, 100).newSession();
        float[] input = new float[100];
        float[] output = new float[100];
        Object[] inputs = {new float[6], new int[2]};
        Object[] outputs = scaler.newOutputs(2);
        Object[] one = {new float[3], 3};
        Object[] oneOut = scaler.newOutputs(1);
        long thread = Thread.currentThread().getId();
        long allocated = 0;
        for (int round = 0; round < 20; round++) {
            long before = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < 5_000; i++) {
                floats.run(input, output);
                scaler.run(2, inputs, outputs);
                scaler.run(one, oneOut);
            }
            allocated = threads.getThreadAllocatedBytes(thread) - before;
        }
        // The bean's own call may cost a few bytes; one byte array per inference would be 5,000 times 16.
        assertThat(allocated).isLessThan(1000);
    }
}
