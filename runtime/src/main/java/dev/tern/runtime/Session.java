package dev.tern.runtime;

import java.lang.ref.Cleaner;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs a compiled model. A session owns the model's working memory and is used by one thread at a time: as many
 * threads as run a model each take a session of their own ({@link CompiledModel#newSession()}).
 *
 * <p><b>Values.</b> Arrays are row-major in the order of the {@link Signature}'s shapes, channels last; for what they
 * hold see {@link Element}. A batch of {@code n} inferences takes arrays of exactly {@code n} times
 * {@link Signature.Port#elements()}, one inference after the other. Outputs are the same bits whatever the batch, the
 * JVM and the machine.
 *
 * <p><b>Errors.</b> {@link InputException}, an {@link IllegalArgumentException}, names the array that is wrong. Number,
 * types and lengths of all arrays are checked before anything runs. Values (a NaN, an infinity, a step out of range)
 * are checked as each inference of the batch takes its inputs: those before it have then given their outputs, the
 * others none. After an error the session is as good as before. A second thread that enters a session while it runs
 * gets an {@link IllegalStateException}, and the first one its results.
 *
 * <p><b>Arrays.</b> While a method runs, the arrays that it was given are the session's: what another thread writes to
 * an input meanwhile may or may not be seen, and outputs hold nothing of use. An array may be input and output at once.
 *
 * <p><b>Cost.</b> Methods that are given their output arrays allocate nothing on the calling thread, but for the first
 * batch of more than one, and the first inference of a model that has vector code, which starts a thread. That thread
 * allocates some megabytes to gigabytes in its time, for the JIT compiler is long in coming to vector code; it makes
 * this session's second set of working memory as well, before the session changes to vector code and drops its first.
 * See {@link CompiledModel#warm()}.
 *
 * <p><b>Threads.</b> A session of several threads ({@link CompiledModel#newSession(Parallelism)}) is called by one like
 * any other; its own threads end when it is closed, and some time after it is no longer used anywhere. Other sessions
 * need not be closed. What a session's own thread throws comes to the caller.
 *
 * <pre>{@code
 * Session session = Digits.model().newSession();
 * float[] scores = session.run(pixels);                   // 784 pixels in, 10 scores out
 *
 * float[] reused = new float[10];
 * session.run(pixels, reused);                            // allocates nothing
 *
 * Object[] outputs = session.newOutputs(2);               // two pictures, one after the other
 * session.run(2, new Object[]{twoPictures}, outputs);
 * float[] twentyScores = (float[]) outputs[0];
 * }</pre>
 */
public abstract class Session implements AutoCloseable {
    /** Working memory of 32-bit reals. */
    protected float[] f32;
    /** Working memory of accumulators, steps and indices. */
    protected int[] i32;
    /** Working memory of packed bits. */
    protected long[] i64;
    /** Working memory of 8-bit codes. */
    protected byte[] i8;
    /** What kernels on the calling thread use in passing. */
    protected WorkArrays work;

    /** The arrays of the f32 inputs and outputs that lie outside of working memory, inputs first, while inferring. */
    final float[][] outside;

    private final Signature signature;
    private final Transfer[] inputs;
    private final Transfer[] outputs;
    private final Object[] oneInput;
    private final Object[] oneOutput;
    private final ArenaPlan plan;
    private Team team;
    /** The work arrays of the team's threads, the calling one's first. */
    private WorkArrays[] teamWork;
    /** Whether the calling thread takes shared kernels by parts. */
    private boolean divided;
    /** The model's way to vector code; null where there is none. */
    private WarmUp warmUp;
    /** A session in vector code that does this one's work; null as long as this one does it itself. */
    private volatile Session form;
    /** Inferences, counted until the thread that warms may begin. */
    private int calls;
    private Cleaner.Cleanable threads;
    /** 1 while a call runs, and from the end on. Not a handle on a field: a JVM needs milliseconds for its first. */
    private final AtomicInteger running = new AtomicInteger();
    private boolean closed;

    /**
     * @param model the model that the generated class initialised itself with; null while it does so, for a session
     *        that gives others and does nothing else
     */
    protected Session(CompiledModel model) {
        if (model == null) {
            signature = null;
            inputs = null;
            outputs = null;
            outside = null;
            oneInput = null;
            oneOutput = null;
            plan = null;
            return;
        }
        Weights weights = model.weights();
        plan = weights.arena();
        signature = weights.signature();
        join(model.warmUp());
        if (form == null) {
            f32 = new float[plan.shared().f32()];
            i32 = new int[plan.shared().i32()];
            i64 = new long[plan.shared().i64()];
            i8 = new byte[plan.shared().i8()];
            work = new WorkArrays(plan.work());
        }
        int outsideInputs = Transfer.outside(plan.inputs());
        inputs = Transfer.of(signature.inputs(), plan.inputs(), 0);
        outputs = Transfer.of(signature.outputs(), plan.outputs(), outsideInputs);
        outside = new float[outsideInputs + Transfer.outside(plan.outputs())][];
        oneInput = new Object[1];
        oneOutput = new Object[1];
    }

    /** A new session of the same class and model. Written by the compiler, for classes that load their model. */
    protected Session another() {
        throw new UnsupportedOperationException("no session of " + getClass().getName() + " gives others");
    }

    /**
     * Computes one inference: reads the inputs where the {@link ArenaPlan} says, leaves the outputs where it says.
     * Written by the compiler; touches the working arrays and the weights only, and keeps no state from one call to
     * the next.
     */
    protected abstract void infer();

    /**
     * Computes part of a kernel, on any thread and beside other parts of the same kernel. Written by the compiler for
     * classes whose {@link #infer} calls {@link #share}.
     *
     * @param kernel which
     * @param from the first unit of its work
     * @param to behind the last
     * @param arrays the thread's own
     */
    protected void inferPart(int kernel, int from, int to, WorkArrays arrays) {
        throw new UnsupportedOperationException("no kernel of " + signature.model() + " has parts");
    }

    /**
     * Runs a kernel by parts on several threads, to its end, if the session has several.
     *
     * @param kernel as {@link #inferPart} is to be told
     * @param units how many units of work it has, 1 or more
     * @return false if the session has one thread, which is to run the kernel
     */
    protected final boolean share(int kernel, int units) {
        if (team != null) {
            team.share(this, kernel, units);
            return true;
        }
        if (divided && units > 1) {
            inferPart(kernel, 0, units / 2, work);
            inferPart(kernel, units / 2, units, work);
            return true;
        }
        return false;
    }

    /** Lets the calling thread take shared kernels by parts, as the threads of a team do. */
    final void divide(boolean byParts) {
        divided = byParts;
    }

    /** Gives the session threads of its own, once, before it is used. */
    final void hire(int helpers) {
        Team hired = new Team(helpers + 1, signature.model());
        // The threads know the team, and it must not know the session.
        threads = Cleaning.CLEANER.register(this, hired::close);
        Session vector = form;
        if (vector != null) {
            vector.work(hired);
        } else {
            work(hired);
        }
    }

    /** Works with these threads from now on, or alone. */
    private void work(Team threads) {
        if (threads != null) {
            teamWork = new WorkArrays[threads.size()];
            teamWork[0] = work;
            for (int i = 1; i < teamWork.length; i++) {
                teamWork[i] = new WorkArrays(plan.work());
            }
        }
        team = threads;
    }

    /** The arrays that a thread of the team uses in passing. @param thread its number, 0 for the caller */
    final WorkArrays work(int thread) {
        return teamWork[thread];
    }

    /** The session has a model whose other form it may change to; before it is used. */
    final void join(WarmUp model) {
        warmUp = model;
        form = model == null || model.vector() == null ? null : model.vector().newSession();
    }

    /** From the next call on that session does the work. Called by any thread. */
    final void changeTo(Session vector) {
        vector.work(team);
        form = vector;
    }

    /** Which session is to do the work of this call. */
    private Session form() {
        Session running = form;
        if (running == null && warmUp != null) {
            count();
            running = form;
        }
        if (running == null) {
            return this;
        }
        if (f32 != null) {
            // Its arrays are of no more use.
            f32 = null;
            i32 = null;
            i64 = null;
            i8 = null;
            work = null;
            teamWork = null;
        }
        return running;
    }

    private void count() {
        if (calls == 0) {
            warmUp.begin(this);
        }
        if (calls <= WarmUp.CALLS_ALONE && calls++ == WarmUp.CALLS_ALONE) {
            warmUp.due();
        }
    }

    /** The one thread that ends the threads of sessions that were not closed; started when the first is made. */
    private static final class Cleaning {
        private static final Cleaner CLEANER = Cleaner.create();
    }

    /**
     * Ends the session's own threads, if it has any; it runs no more. A session that is closed already is left as it
     * is.
     *
     * @throws IllegalStateException if the session is running
     */
    @Override
    public final void close() {
        if (!closed) {
            enter();
            closed = true;
            if (threads != null) {
                threads.clean();
            }
        }
    }

    /** What the model takes and gives. */
    public final Signature signature() {
        return warmUp == null ? signature : warmUp.signature();
    }

    /**
     * One inference of a model with one f32 input and one f32 output.
     *
     * @param input as many elements as the input's shape has
     * @return a new array
     * @throws InputException if the model has other inputs or outputs, or the input is wrong
     */
    public final float[] run(float[] input) {
        checkSingle("run(float[])");
        float[] output = new float[outputs[0].elements()];
        runOne(input, output);
        return output;
    }

    /**
     * One inference of a model with one f32 input and one f32 output; allocates nothing.
     *
     * @param input as many elements as the input's shape has
     * @param output as many elements as the output's shape has; overwritten
     * @throws InputException if the model has other inputs or outputs, or an array is wrong
     */
    public final void run(float[] input, float[] output) {
        runOne(input, output);
    }

    /**
     * One inference of a model with one u8 or i8 input and one f32 output.
     *
     * @param input as many elements as the input's shape has
     * @return a new array
     * @throws InputException if the model has other inputs or outputs, or the input is wrong
     */
    public final float[] run(byte[] input) {
        checkSingle("run(byte[])");
        float[] output = new float[outputs[0].elements()];
        runOne(input, output);
        return output;
    }

    /**
     * One inference of a model with one u8 or i8 input and one f32 output; allocates nothing.
     *
     * @param input as many elements as the input's shape has
     * @param output as many elements as the output's shape has; overwritten
     * @throws InputException if the model has other inputs or outputs, or an array is wrong
     */
    public final void run(byte[] input, float[] output) {
        runOne(input, output);
    }

    /**
     * One inference; allocates nothing.
     *
     * @param inputs an array for each input of the signature, in its order
     * @param outputs an array for each output of the signature, in its order; overwritten
     * @throws InputException if an array or a value is wrong
     */
    public final void run(Object[] inputs, Object[] outputs) {
        run(1, inputs, outputs);
    }

    /**
     * A batch of inferences, one after the other; allocates nothing.
     *
     * @param batch how many, 0 or more
     * @param inputs for each input of the signature an array of {@code batch} times its elements
     * @param outputs for each output of the signature an array of {@code batch} times its elements; overwritten
     * @throws InputException if an array or a value is wrong
     * @throws IllegalArgumentException if the batch is negative
     */
    public final void run(int batch, Object[] inputs, Object[] outputs) {
        if (batch < 0) {
            throw new IllegalArgumentException("a batch of " + batch);
        }
        enter();
        try {
            form().execute(batch, inputs, outputs);
        } finally {
            leave();
        }
    }

    /**
     * Arrays that fit the model's outputs.
     *
     * @param batch of how many inferences
     * @return for each output a new array of {@code batch} times its elements
     * @throws IllegalArgumentException if the batch is negative, or so large that an array cannot hold it
     */
    public final Object[] newOutputs(int batch) {
        Object[] arrays = new Object[outputs.length];
        for (int i = 0; i < arrays.length; i++) {
            arrays[i] = outputs[i].newArray(batch);
        }
        return arrays;
    }

    private void runOne(Object input, Object output) {
        checkSingle(input instanceof byte[] ? "run(byte[], float[])" : "run(float[], float[])");
        enter();
        oneInput[0] = input;
        oneOutput[0] = output;
        try {
            form().execute(1, oneInput, oneOutput);
        } finally {
            oneInput[0] = null;
            oneOutput[0] = null;
            leave();
        }
    }

    private void execute(int batch, Object[] given, Object[] wanted) {
        Transfer.check("input", signature, inputs, given, batch);
        Transfer.check("output", signature, outputs, wanted, batch);
        boolean direct = batch == 1 && !shared(given, wanted);
        for (int i = 0; i < batch; i++) {
            for (int p = 0; p < given.length; p++) {
                inputs[p].take(this, given[p], i, direct);
            }
            for (int p = 0; p < wanted.length; p++) {
                outputs[p].prepare(this, wanted[p], direct);
            }
            infer();
            for (int p = 0; p < wanted.length; p++) {
                outputs[p].give(this, wanted[p], i, direct);
            }
        }
        Arrays.fill(outside, null);
    }

    /** The array in which elements of inputs and outputs lie. */
    final Object arena(Element element) {
        Class<?> component = element.componentType();
        return component == float.class ? f32 : component == byte.class ? i8 : i32;
    }

    /** Whether an array that is written is also read or written as something else. A ring is not the class's. */
    private static boolean shared(Object[] given, Object[] wanted) {
        for (int i = 0; i < wanted.length; i++) {
            for (Object input : given) {
                if (input == wanted[i] && !(input instanceof Ring)) {
                    return true;
                }
            }
            for (int k = 0; k < i; k++) {
                if (wanted[k] == wanted[i]) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The array of an f32 input or output that lies outside of working memory; for the class. */
    protected final float[] outside(int index) {
        return outside[index];
    }

    /**
     * Whether no value of a range is a NaN or an infinity; classes may have a quicker way to find out.
     *
     * @param to after the last
     */
    protected boolean finite(float[] values, int from, int to) {
        return finiteOneByOne(values, from, to);
    }

    /** The same without vectors; for the class. */
    protected static boolean finiteOneByOne(float[] values, int from, int to) {
        // 0 times a finite value is 0, otherwise NaN. Eight products, so that none waits for the one before.
        float p0 = 0;
        float p1 = 0;
        float p2 = 0;
        float p3 = 0;
        float p4 = 0;
        float p5 = 0;
        float p6 = 0;
        float p7 = 0;
        int i = from;
        for (; i < to - 7; i += 8) {
            p0 *= values[i];
            p1 *= values[i + 1];
            p2 *= values[i + 2];
            p3 *= values[i + 3];
            p4 *= values[i + 4];
            p5 *= values[i + 5];
            p6 *= values[i + 6];
            p7 *= values[i + 7];
        }
        for (; i < to; i++) {
            p0 *= values[i];
        }
        return p0 + p1 + p2 + p3 + p4 + p5 + p6 + p7 == 0;
    }

    private void checkSingle(String method) {
        if (inputs.length != 1 || outputs.length != 1) {
            throw new InputException("", -1,
                    method + " is for models of one input and one output; this is " + signature);
        }
    }

    /** One atomic step, so that of several threads that come at once one enters. */
    private void enter() {
        if (!running.compareAndSet(0, 1)) {
            // A closed session stays entered.
            throw new IllegalStateException("this session of " + signature.model()
                    + (closed ? " is closed" : " is running already; each thread needs its own"));
        }
    }

    /** Lets the next call in, with all that this one wrote. */
    private void leave() {
        running.setRelease(0);
    }
}
