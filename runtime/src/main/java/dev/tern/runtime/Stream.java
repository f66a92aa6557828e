package dev.tern.runtime;

import java.util.ArrayList;
import java.util.List;

/**
 * Runs a model of a stream: takes a frame at a time and gives what the model gives for the last frames up to it. Before
 * the first frame there were zeros. A stream owns a session and its state and is used by one thread at a time.
 *
 * <p>The compiler turns {@code model Wakeword(frame: f32[40] over 30)} into a model with one input for a frame and
 * others for its state, each of which has an output of the same name with the state that follows; this class keeps
 * them.
 * {@link #push(float[], float[])} allocates nothing.
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
    private final List<float[]> state = new ArrayList<>();
    private final List<float[]> beginning = new ArrayList<>();
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
            if (output < 0 && frames < 0 && input.element() == Element.F32) {
                frames = i;
            } else if (output < 0) {
                throw new IllegalArgumentException(signature.model() + " has the input " + input.name()
                        + " beside a stream's frames");
            } else {
                float[] values = new float[input.elements()];
                state.add(values);
                inputs[i] = values;
                outputs[output] = values;
                longest += input.shape().get(0);
            }
        }
        if (state.isEmpty() || frames < 0) {
            throw new IllegalArgumentException(signature.model() + " is of no stream: " + signature);
        }
        frame = frames;
        results = outputs.length - state.size();
        Object[] unwanted = session.newOutputs(1);
        inputs[frame] = new float[signature.inputs().get(frame).elements()];
        System.arraycopy(unwanted, 0, outputs, 0, results);
        for (int i = 0; i < longest; i++) {
            // After as many frames as all states hold together, nothing is left of what was there before.
            session.run(inputs, outputs);
        }
        state.forEach(values -> beginning.add(values.clone()));
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
            float[] values = beginning.get(i);
            System.arraycopy(values, 0, state.get(i), 0, values.length);
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
     * Takes a frame of a model with one f32 output; allocates nothing.
     *
     * @param result as many elements as the output's shape has; overwritten
     * @throws InputException if an array is wrong; the stream is as it was
     */
    public void push(float[] newFrame, float[] result) {
        if (results != 1) {
            throw new InputException("", -1, "push(float[], float[]) is for a model with one output; " + signature
                    .model()
                    + " has " + results);
        }
        outputs[0] = result;
        run(newFrame);
    }

    /**
     * Takes a frame; allocates nothing.
     *
     * @param wanted an array for each output of the model, without its state; overwritten
     * @throws InputException if an array is wrong; the stream is as it was
     */
    public void push(float[] newFrame, Object[] wanted) {
        if (wanted.length != results) {
            throw new InputException("", -1, signature.model() + " gives " + results + " outputs, not "
                    + wanted.length);
        }
        System.arraycopy(wanted, 0, outputs, 0, results);
        run(newFrame);
    }

    private void run(float[] newFrame) {
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
        return state.stream().mapToLong(values -> (long) Float.BYTES * values.length).sum();
    }

    /** What a push takes and gives, and the state: {@code state1: f32[2, 1, 40]}. */
    public Signature signature() {
        return signature;
    }
}
