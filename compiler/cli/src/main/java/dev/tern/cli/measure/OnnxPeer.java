package dev.tern.cli.measure;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** Times a model of another tool with ONNX Runtime, on one thread, where that library is on the class path. */
final class OnnxPeer {
    private static final int MOST = 1_000_000;

    private OnnxPeer() {
    }

    /**
     * The median of an inference, after half as long for warming up.
     *
     * @param model an ONNX file whose inputs are f32 or bytes
     * @return empty where there is no such file, no library, or the library does not run it
     */
    static OptionalDouble medianNanos(Path model, double seconds) {
        if (!Files.isRegularFile(model) || !OnnxRuntime.present()) {
            return OptionalDouble.empty();
        }
        OrtEnvironment environment = OnnxRuntime.environment();
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            try (OrtSession session = environment.createSession(model.toString(), options)) {
                for (var input : session.getInputInfo().entrySet()) {
                    inputs.put(input.getKey(), tensor(environment, (TensorInfo) input.getValue().getInfo()));
                }
                run(session, inputs, seconds / 2);
                return OptionalDouble.of(run(session, inputs, seconds));
            }
        } catch (OrtException e) {
            return OptionalDouble.empty();
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static OnnxTensor tensor(OrtEnvironment environment, TensorInfo info) throws OrtException {
        long[] shape = Arrays.stream(info.getShape()).map(dimension -> Math.max(1, dimension)).toArray();
        int size = Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b));
        if (info.type == OnnxJavaType.FLOAT) {
            return OnnxTensor.createTensor(environment, FloatBuffer.allocate(size), shape);
        }
        return OnnxTensor.createTensor(environment, ByteBuffer.allocateDirect(size), shape, info.type);
    }

    private static double run(OrtSession session, Map<String, OnnxTensor> inputs, double seconds)
            throws OrtException {
        long[] nanos = new long[MOST];
        long end = System.nanoTime() + (long) (seconds * 1e9);
        int count = 0;
        long start = System.nanoTime();
        while (count == 0 || start < end && count < MOST) {
            session.run(inputs).close();
            long now = System.nanoTime();
            nanos[count++] = now - start;
            start = now;
        }
        Arrays.sort(nanos, 0, count);
        return nanos[count / 2];
    }
}
