package dev.tern.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SessionPoolTest {
    @Test
    void aSessionHasOneThreadAtATimeAndAllThreadsGetTheirResults() throws Exception {
        SessionPool pool = CompiledModelTest.negative(Element.F32, 2).pool(3);
        Set<Session> taken = ConcurrentHashMap.newKeySet();
        Set<Session> seen = ConcurrentHashMap.newKeySet();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<float[]>> results = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            float value = i + 1;
            results.add(threads.submit(() -> pool.apply(session -> {
                assertThat(taken.add(session)).isTrue();
                seen.add(session);
                float[] output = session.run(new float[]{value, 1});
                taken.remove(session);
                return output;
            })));
        }
        for (int i = 0; i < results.size(); i++) {
            assertThat(results.get(i).get()).containsExactly(-(i + 1), -1);
        }
        threads.shutdown();
        assertThat(seen).hasSizeBetween(1, 3);
    }

    @Test
    void aSessionThatThrewGoesOn() throws Exception {
        SessionPool pool = CompiledModelTest.negative(Element.F32, 2).pool(1);

        assertThatThrownBy(() -> pool.run(new float[3])).isInstanceOf(InputException.class);

        assertThat(pool.run(new float[]{1, 2})).containsExactly(-1, -2);
    }

    @Test
    void whoWaitsForAClosingPoolIsToldSo() throws Exception {
        SessionPool pool = CompiledModelTest.negative(Element.F32, 2).pool(1);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger done = new AtomicInteger();
        Thread user = new Thread(() -> pool.use(session -> {
            inside.countDown();
            await(go);
            done.incrementAndGet();
        }));
        user.start();
        inside.await();
        Thread closing = new Thread(pool::close);
        closing.start();
        go.countDown();
        closing.join();
        user.join();

        assertThat(done).hasValue(1);
        assertThatThrownBy(() -> pool.run(new float[2])).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is closed");
    }

    @Test
    void aPoolHasAtLeastOneSession() throws Exception {
        CompiledModel model = CompiledModelTest.negative(Element.F32, 2);

        assertThatThrownBy(() -> model.pool(0)).isInstanceOf(IllegalArgumentException.class);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
