package dev.tern.benchmarks.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.tern.benchmarks.contender.Call;
import dev.tern.benchmarks.job.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Set;

/**
 * A session with its tensors.
 *
 * @param output the memory of the output tensor
 * @param quantized whether input and output are bytes
 */
record OnnxCall(Shape shape, OrtSession session, Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs,
        ByteBuffer output, boolean quantized) implements Call {
    private static final Set<String> NONE = Set.of();
    private static final int ZERO = 128;

    /** A session on one thread, and its tensors over memory outside the heap. */
    static OnnxCall of(Shape shape, byte[] model, float[] input, boolean quantized) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
        OrtSession session = environment.createSession(model, options);
        ByteBuffer x = memory(input.length, quantized);
        for (int i = 0; i < input.length; i++) {
            int at = place(shape, shape.channels(), i);
            if (quantized) {
                x.put(at, (byte) Math.min(255, Math.rint(input[i] / OnnxModels.INPUT_STEP) + ZERO));
            } else {
                x.asFloatBuffer().put(at, input[i]);
            }
        }
        ByteBuffer y = memory(shape.pixels() * shape.outputs(), quantized);
        return new OnnxCall(shape, session,
                Map.of("x", tensor(environment, x, OnnxModels.dimensions(shape, shape.channels()), quantized)),
                Map.of("y", tensor(environment, y, OnnxModels.dimensions(shape, shape.outputs()), quantized)), y,
                quantized);
    }

    private static ByteBuffer memory(int elements, boolean quantized) {
        return ByteBuffer.allocateDirect(quantized ? elements : Float.BYTES * elements).order(ByteOrder.nativeOrder());
    }

    private static OnnxTensor tensor(OrtEnvironment environment, ByteBuffer memory, long[] dimensions,
            boolean quantized) throws OrtException {
        return quantized
                ? OnnxTensor.createTensor(environment, memory, dimensions, OnnxJavaType.UINT8)
                : OnnxTensor.createTensor(environment, memory.asFloatBuffer(), dimensions);
    }

    /** Where an element of [row][column][channel] is; ONNX has the channels of images first. */
    private static int place(Shape shape, int channels, int index) {
        return shape.kind() == Shape.Kind.DENSE
                ? index
                : index % channels * shape.pixels() + index / channels;
    }

    @Override
    public void run() {
        try {
            session.run(inputs, NONE, outputs).close();
        } catch (OrtException e) {
            throw new IllegalStateException("a model that ran once runs", e);
        }
    }

    @Override
    public float[] result() {
        float[] result = new float[shape.pixels() * shape.outputs()];
        for (int i = 0; i < result.length; i++) {
            int at = place(shape, shape.outputs(), i);
            result[i] = quantized
                    ? ((output.get(at) & 255) - ZERO) * OnnxModels.outputStep(shape)
                    : output.asFloatBuffer().get(at);
        }
        return result;
    }

    @Override
    public void close() {
        try {
            inputs.get("x").close();
            outputs.get("y").close();
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("closing a session", e);
        }
    }
}
