package dev.tern.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions change from one form of a model's code to another, by forms that are written by hand. */
class WarmUpTest {
    private static final int UNITS = 8;
    private static final String BEFORE = "until vector code of 512 bits is compiled and measured faster";

    /** Negates; takes as long as it is told. */
    private static class Form extends Session {
        private final int slowness;
        private float waste;

        Form(CompiledModel model, int slowness) {
            super(model);
            this.slowness = slowness;
        }

        @Override
        protected void infer() {
            for (int i = 0; i < slowness; i++) {
                waste = waste * 0.5f + i;
            }
            if (!share(0, UNITS)) {
                inferPart(0, 0, UNITS, work);
            }
        }

        @Override
        protected void inferPart(int kernel, int from, int to, WorkArrays arrays) {
            for (int i = from; i < to; i++) {
                arrays.i32()[0] = i;
                f32[UNITS + i] = -f32[arrays.i32()[0]];
            }
        }
    }

    private final AtomicInteger vectorModels = new AtomicInteger();

    private static Weights weights(String variant) {
        ArenaPlan plan = new ArenaPlan(new ArenaPlan.Lengths(2 * UNITS, 0, 0, 0), new ArenaPlan.Lengths(0, 1, 0, 0),
                List.of(0), List.of(UNITS));
        return new Weights(new Signature("Change", "", List.of(Signature.Port.of("x", Element.F32, UNITS)),
                List.of(Signature.Port.of("y", Element.F32, UNITS)), List.of(), 0, plan.bytes(), variant, ""),
                plan, List.of());
    }

    private static CompiledModel form(String variant, int slowness) {
        Weights weights = weights(variant);
        CompiledModel alone = CompiledModel.of(weights, () -> null);
        return CompiledModel.of(weights, () -> new Form(alone, slowness));
    }

    private CompiledModel model(int plainSlowness, Supplier<CompiledModel> vector) {
        return form("portable", plainSlowness).changingTo(512, () -> {
            vectorModels.incrementAndGet();
            return vector.get();
        });
    }

    /** One that changes over. */
    private CompiledModel model() {
        return model(20_000, () -> form("vector 512", 0));
    }

    private static float[] input() {
        float[] input = new float[UNITS];
        for (int i = 0; i < UNITS; i++) {
            input[i] = i - 3;
        }
        return input;
    }

    private static final float[] EXPECTED = {3, 2, 1, -0f, -1, -2, -3, -4};

    private static void call(Session session, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(session.run(input())).isEqualTo(EXPECTED);
        }
    }

    private static List<Thread> warmers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(WarmingThread.NAME)).toList();
    }

    private static boolean soon(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 3000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        return condition.getAsBoolean();
    }

    private static boolean soon(CompiledModel model) throws InterruptedException {
        return soon(() -> model.warming().state().settled());
    }

    @BeforeEach
    void withASecondProcessor() {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "no thread is started on one processor");
    }

    @AfterEach
    void noThreadIsLeft() throws InterruptedException {
        System.clearProperty(WarmUp.PROPERTY);
        assertThat(soon(() -> {
            System.gc();
            return warmers().isEmpty();
        })).isTrue();
    }

    @Test
    void everySessionOfAModelChangesOverToTheSameBits() throws Exception {
        CompiledModel model = model();
        Session first = model.newSession();
        assertThat(warmers()).as("nobody has called yet").isEmpty();
        assertThat(model.warming()).isEqualTo(new Warming(Warming.State.WAITING, 0, 0, 0, 0));
        assertThat(first.signature()).isEqualTo(model.signature()).extracting(Signature::variant,
                Signature::variantReason).containsExactly("portable", BEFORE);
        Session second = model.newSession();
        Session uncalled = model.newSession();
        call(second, 1);
        assertThat(warmers()).hasSize(1).allMatch(Thread::isDaemon)
                .allMatch(thread -> thread.getPriority() == Thread.MIN_PRIORITY);
        assertThat(vectorModels.get()).as("a session has its first calls for itself").isZero();
        call(first, WarmUp.CALLS_ALONE);
        assertThat(vectorModels.get()).as("the hundredth, too").isZero();
        call(first, 1);
        assertThat(soon(model)).isTrue();
        assertThat(model.warming().state()).isEqualTo(Warming.State.CHANGED);
        assertThat(model.warming().vectorNanos()).isPositive().isLessThan(model.warming().plainNanos());
        assertThat(model.warming().nanos()).isPositive();
        assertThat(model.warming().allocatedBytes()).isPositive();
        assertThat(model.signature().variant()).isEqualTo("vector 512");
        assertThat(model.signature().variantReason())
                .matches("the Vector API with vectors of 512 bits, measured .* times as fast as plain loops");
        for (Session session : List.of(first, second, uncalled, model.newSession())) {
            call(session, 3);
            assertThat(session.signature().variant()).isEqualTo("vector 512");
            assertThat(session.f32 == null || session.getClass() == Form.class && ((Form) session).slowness == 0)
                    .as("plain loops' memory is gone").isTrue();
        }
        assertThat(vectorModels.get()).isEqualTo(1);
    }

    @Test
    void aModelThatIsCalledSeldomIsWarmedToo() throws Exception {
        CompiledModel model = model();
        call(model.newSession(), 1);
        assertThat(soon(model)).isTrue();
        assertThat(model.warming().state()).isEqualTo(Warming.State.CHANGED);
        assertThat(model.warming().nanos()).isGreaterThanOrEqualTo(WarmUp.NANOS_ALONE);
    }

    @Test
    void sessionsOfSeveralThreadsKeepTheirThreads() {
        CompiledModel model = model();
        try (Session before = model.newSession(Parallelism.threads(3))) {
            call(before, 5);
            assertThat(model.warm().state()).isEqualTo(Warming.State.CHANGED);
            call(before, 200);
            try (Session after = model.newSession(Parallelism.threads(2))) {
                call(after, 200);
            }
        }
    }

    @Test
    void batchesAndErrorsAreThoseOfAnySession() {
        CompiledModel model = model();
        Session session = model.newSession();
        for (int round = 0; round < 2; round++) {
            Object[] outputs = session.newOutputs(2);
            session.run(2, new Object[]{new float[]{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}}, outputs);
            assertThat((float[]) outputs[0]).containsExactly(-1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -11, -12, -13,
                    -14, -15, -16);
            assertThatThrownBy(() -> session.run(new float[3]))
                    .hasMessage("input x: f32[8] needs 8 elements, given 3");
            float[] bad = input();
            bad[2] = Float.NaN;
            assertThatThrownBy(() -> session.run(bad))
                    .hasMessage("input x: f32[8] must be finite, element 2 is NaN");
            model.warm();
        }
        session.close();
        assertThatThrownBy(() -> session.run(input())).hasMessage("this session of Change is closed");
    }

    @Test
    void theSlowerFormIsNotTaken() {
        CompiledModel model = model(0, () -> form("vector 512", 20_000));
        Session session = model.newSession();
        assertThat(model.warm().state()).isEqualTo(Warming.State.KEPT);
        assertThat(model.signature().variant()).isEqualTo("portable");
        assertThat(model.signature().variantReason())
                .matches("vector code measured 0\\.\\d+ times as fast as plain loops");
        call(session, 3);
        assertThat(session.f32).isNotNull();
    }

    @Test
    void aFormWithOtherResultsIsNotTaken() {
        CompiledModel alone = CompiledModel.of(weights("vector 512"), () -> null);
        CompiledModel model = model(20_000, () -> CompiledModel.of(weights("vector 512"), () -> new Form(alone, 0) {
            @Override
            protected void inferPart(int kernel, int from, int to, WorkArrays arrays) {
                super.inferPart(kernel, from, to, arrays);
                f32[UNITS] = 0;
            }
        }));
        assertThat(model.warm().state()).isEqualTo(Warming.State.KEPT);
        assertThat(model.signature().variantReason())
                .isEqualTo("vector code gave other results, which is a fault of the compiler: please report it");
        call(model.newSession(), 3);
    }

    /** Whoever runs beside it: what counts is that the JIT compiler has done what it could. */
    @Test
    void aFormThatAllocatesForEverIsGivenUp() {
        CompiledModel alone = form("vector 512", 0);
        List<Object> kept = new ArrayList<>();
        Session wasteful = new Form(alone, 0) {
            @Override
            protected void infer() {
                super.infer();
                kept.clear();
                kept.add(new float[UNITS]);
            }
        };
        Trial trial = new Trial(new Form(form("portable", 20_000), 20_000), wasteful, AllocatedBytes.ofThisThread(),
                new Trial.Patience(10_000_000, 20_000_000, 50_000_000, Long.MAX_VALUE));
        while (trial.step()) {
            assertThat(trial.faster()).isFalse();
        }
        assertThat(trial.faster()).isFalse();
        assertThat(trial.reason())
                .isEqualTo("vector code was not compiled: it still allocated when the JIT compiler had no more to do");
    }

    @Test
    void aTrialEndsWhateverIsCompiledBesideIt() {
        Trial trial = new Trial(new Form(form("portable", 20_000), 20_000), new Form(form("vector 512", 0), 0),
                AllocatedBytes.ofThisThread(), new Trial.Patience(Long.MAX_VALUE / 2, 0, Long.MAX_VALUE, 0));
        while (trial.step()) {
            assertThat(trial.reason()).isEmpty();
        }
        assertThat(trial.reason()).isNotEmpty();
    }

    @Test
    void aFormThatFailsIsNotTaken() {
        CompiledModel model = model(0, () -> {
            throw new IllegalStateException("refused");
        });
        call(model.newSession(), 1);
        assertThat(model.warm().state()).isEqualTo(Warming.State.KEPT);
        assertThat(model.signature().variantReason())
                .isEqualTo("vector code failed: java.lang.IllegalStateException: refused");
        call(model.newSession(), 3);
    }

    @Test
    void withoutTheThreadTheCallerWarms() {
        System.setProperty(WarmUp.PROPERTY, "OFF");
        CompiledModel model = model();
        Session session = model.newSession();
        call(session, 2 * WarmUp.CALLS_ALONE);
        assertThat(warmers()).isEmpty();
        assertThat(model.signature().variantReason())
                .isEqualTo("-Dtern.warm=off: vector code of 512 bits runs when model.warm() has been called");
        assertThat(model.warm().state()).isEqualTo(Warming.State.CHANGED);
        assertThat(model.warm()).isSameAs(model.warming());
        call(session, 3);
        assertThat(session.f32).isNull();
    }

    @Test
    void theSwitchIsChecked() {
        System.setProperty(WarmUp.PROPERTY, "no");
        assertThatThrownBy(this::model).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("-Dtern.warm=no: expected on or off");
    }

    @Test
    void aModelOfOneFormHasNothingToWarm() {
        CompiledModel model = form("portable", 0);
        call(model.newSession(), 200);
        assertThat(warmers()).isEmpty();
        assertThat(model.warm()).isSameAs(model.warming()).isEqualTo(new Warming(Warming.State.ONE_FORM, 0, 0, 0, 0));
    }

    @Test
    void aModelThatIsDroppedWhileItIsWarmedGoes() throws Exception {
        WeakReference<Session> dropped = warmAndDrop();
        assertThat(soon(() -> {
            System.gc();
            return dropped.refersTo(null) && warmers().isEmpty();
        })).isTrue();
    }

    /** Plain loops that never settle, as far as this test goes. */
    private WeakReference<Session> warmAndDrop() throws InterruptedException {
        CompiledModel model = model(0, () -> form("vector 512", 100_000_000));
        Session session = model.newSession();
        call(session, WarmUp.CALLS_ALONE + 1);
        assertThat(soon(() -> model.warming().state() == Warming.State.WARMING)).isTrue();
        return new WeakReference<>(session);
    }

    @Test
    void theCallingThreadAllocatesNextToNothing() throws Exception {
        ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        float[] input = input();
        float[] output = new float[UNITS];
        long ofPlainLoops = allocated(bean, form("portable", 0).newSession(), input, output, 5_000);
        CompiledModel model = model();
        Session session = model.newSession();
        long firstHundred = allocated(bean, session, input, output, WarmUp.CALLS_ALONE);
        assertThat(firstHundred - ofPlainLoops).as("a thread, and a place for the session in a set").isLessThan(8_000);
        session.run(input, output);
        assertThat(soon(model)).isTrue();
        assertThat(allocated(bean, session, input, output, 5_000) - ofPlainLoops).as("the change").isLessThan(500);
    }

    private static long allocated(ThreadMXBean bean, Session session, float[] input, float[] output, int calls) {
        bean.getCurrentThreadAllocatedBytes();
        long before = bean.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < calls; i++) {
            session.run(input, output);
        }
        return bean.getCurrentThreadAllocatedBytes() - before;
    }
}
