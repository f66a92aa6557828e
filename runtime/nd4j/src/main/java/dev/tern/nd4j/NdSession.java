package dev.tern.nd4j;

import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.Element;
import dev.tern.runtime.InputException;
import dev.tern.runtime.Session;
import dev.tern.runtime.Signature;
import dev.tern.runtime.Signature.Port;
import java.lang.ref.Reference;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Runs a compiled model on ND4J's arrays. One session is used by one thread at a time, like {@link Session}.
 *
 * <pre>{@code
 * try (NdSession session = new NdSession(Digits.model())) {
 *     INDArray scores = session.run(images);          // FLOAT [n, 28, 28, 1] to FLOAT [n, 10]
 * }
 * }</pre>
 *
 * <p>An array has the shape of the model's input, channels last, or one more dimension in front, the batch. Its type is
 * FLOAT for {@code f32}, UINT8 for {@code u8}, INT8 for {@code i8} and INT32 for {@code step}; outputs have these types
 * as well, INT32 for {@code i32}. ND4J holds its numbers outside the Java heap, a session inside: each array is copied
 * once, in one piece if it lies in C order without gaps, into arrays that are kept from call to call.
 */
public final class NdSession implements AutoCloseable {
    private final Session session;
    private final Signature signature;
    private Object[] inputs = {};
    private Object[] outputs = {};
    private int room = -1;

    /** A session with one thread. */
    public NdSession(CompiledModel model) {
        this(model.newSession());
    }

    /** Runs a session, which is closed with this. */
    public NdSession(Session session) {
        this.session = session;
        signature = session.signature();
    }

    /** What the model takes and gives. */
    public Signature signature() {
        return session.signature();
    }

    /**
     * One inference, or a batch of them, of a model with one input and one output.
     *
     * @param input of the input's shape, or with a batch in front
     * @return a new array of the output's shape, with a batch in front if the input has one
     * @throws IllegalArgumentException if the model has more inputs or outputs, or the array's type or shape is wrong
     * @throws InputException if a value is no input for the model
     */
    public INDArray run(INDArray input) {
        if (signature.inputs().size() != 1 || signature.outputs().size() != 1) {
            throw new IllegalArgumentException("run(INDArray) is for one input and one output, this model is "
                    + signature.inputs() + " -> " + signature.outputs() + ": use run(Map)");
        }
        return run(Map.of(signature.inputs().get(0).name(), input)).values().iterator().next();
    }

    /**
     * One inference, or a batch of them.
     *
     * @param arrays an array for each input by its name, all of them with a batch in front or none
     * @return a new array for each output by its name, in the signature's order
     * @throws IllegalArgumentException if an input is missing or unknown, or its type or shape is wrong
     * @throws InputException if a value is no input for the model
     */
    public Map<String, INDArray> run(Map<String, INDArray> arrays) {
        List<Port> ports = signature.inputs();
        for (String name : arrays.keySet()) {
            if (ports.stream().noneMatch(port -> port.name().equals(name))) {
                throw new IllegalArgumentException("the model has no input '" + name + "': it takes " + ports);
            }
        }
        long batch = ports.isEmpty() ? 1 : batch(ports.get(0), array(ports.get(0), arrays));
        boolean batched = !ports.isEmpty()
                && array(ports.get(0), arrays).rank() == ports.get(0).shape().size() + 1;
        int count = makeRoom(batch);
        for (int i = 0; i < inputs.length; i++) {
            Port port = ports.get(i);
            INDArray array = array(port, arrays);
            if (batch(port, array) != batch || (array.rank() > port.shape().size()) != batched) {
                throw new IllegalArgumentException("input " + port + " is " + Arrays.toString(array.shape())
                        + ", which is another batch than that of " + ports.get(0));
            }
            read(array, inputs[i]);
        }
        session.run(count, inputs, outputs);
        Map<String, INDArray> results = new LinkedHashMap<>();
        for (int i = 0; i < outputs.length; i++) {
            Port port = signature.outputs().get(i);
            results.put(port.name(), array(port, outputs[i], batched ? count : -1));
        }
        return results;
    }

    /** Closes the session. */
    @Override
    public void close() {
        session.close();
    }

    private static INDArray array(Port port, Map<String, INDArray> arrays) {
        INDArray array = arrays.get(port.name());
        if (array == null) {
            throw new IllegalArgumentException("input " + port + " is missing");
        }
        return array;
    }

    /** How many inferences an array is for. */
    private static long batch(Port port, INDArray array) {
        long[] shape = array.shape();
        int rank = port.shape().size();
        boolean fits = shape.length == rank || shape.length == rank + 1;
        for (int i = 0; fits && i < rank; i++) {
            fits = shape[shape.length - rank + i] == port.shape().get(i);
        }
        if (!fits || array.dataType() != type(port.element())) {
            throw new IllegalArgumentException("input " + port + " takes " + type(port.element()) + " of shape "
                    + port.shape() + " or with a batch in front, not " + array.dataType() + " "
                    + Arrays.toString(shape));
        }
        return shape.length == rank ? 1 : shape[0];
    }

    private int makeRoom(long batch) {
        if (batch != room) {
            int count = Math.toIntExact(batch);
            Object[] made = new Object[signature.inputs().size()];
            for (int i = 0; i < made.length; i++) {
                Port port = signature.inputs().get(i);
                made[i] = Array.newInstance(port.element().componentType(),
                        Math.multiplyExact(port.elements(), count));
            }
            outputs = session.newOutputs(count);
            inputs = made;
            room = count;
        }
        return room;
    }

    private static DataType type(Element element) {
        return switch (element) {
            case F32 -> DataType.FLOAT;
            case U8 -> DataType.UINT8;
            case I8 -> DataType.INT8;
            case STEP, I32 -> DataType.INT32;
        };
    }

    private static void read(INDArray array, Object into) {
        if (Array.getLength(into) == 0) {
            return;
        }
        INDArray plain = array.ordering() == 'c' && Shape.hasDefaultStridesForShape(array) ? array : array.dup('c');
        Pointer numbers = plain.data().addressPointer();
        if (into instanceof float[] floats) {
            new FloatPointer(numbers).get(floats);
        } else if (into instanceof byte[] bytes) {
            new BytePointer(numbers).get(bytes);
        } else {
            new IntPointer(numbers).get((int[]) into);
        }
        // The numbers live as long as the array does.
        Reference.reachabilityFence(plain);
    }

    /** @param batch negative for none */
    private static INDArray array(Port port, Object from, int batch) {
        int front = batch < 0 ? 0 : 1;
        long[] shape = new long[front + port.shape().size()];
        Arrays.fill(shape, 0, front, batch);
        for (int i = front; i < shape.length; i++) {
            shape[i] = port.shape().get(i - front);
        }
        INDArray array = Nd4j.create(type(port.element()), shape);
        if (Array.getLength(from) == 0) {
            return array;
        }
        Pointer numbers = array.data().addressPointer();
        if (from instanceof float[] floats) {
            new FloatPointer(numbers).put(floats);
        } else if (from instanceof byte[] bytes) {
            new BytePointer(numbers).put(bytes);
        } else {
            new IntPointer(numbers).put((int[]) from);
        }
        return array;
    }
}
