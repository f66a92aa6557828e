package dev.tern.runtime;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a model of a stream: takes a frame at a time and gives what the model gives for the last frames up to it. Before
 * the first frame there were zeros. A stream owns a session and its state and is used by one thread at a time.
 *
 * <p>The compiler turns {@code model Wakeword(frame: f32[40] over 30)} into a model with one input for a frame and
 * others for its state, each of which has an output of the same name with what is to be kept of the new frame; this
 * class keeps them in ring buffers. {@link #push(float[], float[])} allocates nothing.
 *
 * <pre>{@code
 * CompiledModel model = Digits.model();                   // of a model that reads frames
 * Stream stream = model.newStream();
 * float[] scores = new float[3];
 * stream.push(pixels, scores);                            // every 32 milliseconds
 * stream.reset();                                         // another recording
 * }</pre>
 */
public final class Stream {
    private final Session session;
    private final Signature signature;
    private final Object[] inputs;
    private final Object[] outputs;
    private final List<Ring> state = new ArrayList<>();
    private final List<Ring> beginning = new ArrayList<>();
    private final int frame;
    private final int results;

    /**
     * @param model with an input for frames, and others that outputs have the names of
     * @throws IllegalArgumentException if the model is of no stream, or has inputs beside it
     */
    Stream(CompiledModel model) {
        session = model.newSession();
        signature = model.signature();
        inputs = new Object[signature.inputs().size()];
        outputs = new Object[signature.outputs().size()];
        int frames = -1;
        int longest = 1;
        for (int i = 0; i < inputs.length; i++) {
            Signature.Port input = signature.inputs().get(i);
            int output = indexOf(signature.outputs(), input.name());
            if (output < 0 && frames < 0 && input.element() != Element.STEP) {
                frames = i;
            } else if (output < 0) {
                throw new IllegalArgumentException(signature.model() + " has the input " + input.name()
                        + " beside a stream's frames");
            } else {
                Ring ring = new Ring(input.element(), input.elements(), signature.outputs().get(output).elements());
                state.add(ring);
                inputs[i] = ring;
                outputs[output] = ring;
                longest += ring.count();
            }
        }
        if (state.isEmpty() || frames < 0) {
            throw new IllegalArgumentException(signature.model() + " is of no stream: " + signature);
        }
        frame = frames;
        results = outputs.length - state.size();
        Object[] unwanted = session.newOutputs(1);
        inputs[frame] = Array.newInstance(frame().element().componentType(), frame().elements());
        System.arraycopy(unwanted, 0, outputs, 0, results);
        for (int i = 0; i < longest; i++) {
            // After as many frames as all states hold together, nothing is left of what was there before.
            session.run(inputs, outputs);
        }
        state.forEach(ring -> beginning.add(ring.copy()));
    }

    private static int indexOf(List<Signature.Port> ports, String name) {
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** Forgets all frames. */
    public void reset() {
        for (int i = 0; i < state.size(); i++) {
            state.get(i).set(beginning.get(i));
        }
    }

    /**
     * Takes a frame of a model with one f32 output.
     *
     * @return a new array
     * @throws InputException if the frame is wrong; the stream is as it was
     */
    public float[] push(float[] newFrame) {
        float[] result = new float[signature.outputs().get(0).elements()];
        push(newFrame, result);
        return result;
    }

    /**
     * Takes a frame of bytes, u8 or i8, of a model with one f32 output.
     *
     * @return a new array
     * @throws InputException if the frame is wrong; the stream is as it was
     */
    public float[] push(byte[] newFrame) {
        float[] result = new float[signature.outputs().get(0).elements()];
        push(newFrame, result);
        return result;
    }

    /**
     * Takes a frame of a model with one f32 output; allocates nothing.
     *
     * @param result as many elements as the output's shape has; overwritten
     * @throws InputException if an array is wrong; the stream is as it was
     */
    public void push(float[] newFrame, float[] result) {
        pushOne(newFrame, result);
    }

    /**
     * Takes a frame of bytes, u8 or i8, of a model with one f32 output; allocates nothing.
     *
     * @param result as many elements as the output's shape has; overwritten
     * @throws InputException if an array is wrong; the stream is as it was
     */
    public void push(byte[] newFrame, float[] result) {
        pushOne(newFrame, result);
    }

    private void pushOne(Object newFrame, float[] result) {
        if (results != 1) {
            throw new InputException("", -1, "push of a frame and one array is for a model with one output; "
                    + signature.model() + " has " + results);
        }
        outputs[0] = result;
        run(newFrame);
    }

    /**
     * Takes a frame; allocates nothing.
     *
     * @param newFrame an array as the model's input for frames asks for
     * @param wanted an array for each output of the model, without its state; overwritten
     * @throws InputException if an array is wrong; the stream is as it was
     */
    public void push(Object newFrame, Object[] wanted) {
        if (wanted.length != results) {
            throw new InputException("", -1, signature.model() + " gives " + results + " outputs, not "
                    + wanted.length);
        }
        System.arraycopy(wanted, 0, outputs, 0, results);
        run(newFrame);
    }

    private void run(Object newFrame) {
        Object before = inputs[frame];
        inputs[frame] = newFrame;
        try {
            session.run(inputs, outputs);
        } finally {
            inputs[frame] = before;
        }
    }

    /** Bytes of the state. */
    public long stateBytes() {
        return signature.stateBytes();
    }

    /** What a frame is. */
    public Signature.Port frame() {
        return signature.inputs().get(frame);
    }

    /** What a push gives, without what is kept. */
    public List<Signature.Port> results() {
        return signature.outputs().subList(0, results);
    }

    /** What a push takes and gives, and the state: {@code state1: f32[2, 1, 40]}. */
    public Signature signature() {
        return signature;
    }
}
