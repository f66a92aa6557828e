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
import java.util.Optional;

/** A model of another tool that ONNX Runtime runs on one thread, {@link OnnxLibrary where that library is}. */
final class OnnxPeer implements AutoCloseable {
    private final OrtSession session;
    private final Map<String, OnnxTensor> inputs = new HashMap<>();

    private OnnxPeer(OrtEnvironment environment, Path model) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            session = environment.createSession(model.toString(), options);
        }
        for (var input : session.getInputInfo().entrySet()) {
            inputs.put(input.getKey(), tensor(environment, (TensorInfo) input.getValue().getInfo()));
        }
        run();
    }

    /**
     * Opens one and runs it once.
     *
     * @param model an ONNX file whose inputs are f32 or bytes
     * @return empty where there is no such file, or the library does not run it
     */
    static Optional<OnnxPeer> open(Path model) {
        if (!Files.isRegularFile(model)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new OnnxPeer(OnnxRuntime.environment(), model));
        } catch (OrtException e) {
            return Optional.empty();
        }
    }

    /** An inference. */
    void inference() {
        try {
            run();
        } catch (OrtException e) {
            throw new IllegalStateException("what ONNX Runtime ran it does not run again", e);
        }
    }

    private void run() throws OrtException {
        session.run(inputs).close();
    }

    @Override
    public void close() {
        inputs.values().forEach(OnnxTensor::close);
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
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
}
