package dev.tern.cli.measure;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.foreign.ImportedModel;
import dev.tern.compiler.foreign.ImportedModel.Edge;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What ONNX Runtime makes of a model's inputs: a library that the command uses {@link OnnxLibrary where it is}. */
public final class OnnxRuntime {
    /** Of the thread that makes the environment; only what is used of it takes memory. */
    private static final long STACK = 1L << 28;

    private OnnxRuntime() {
    }

    /**
     * The library's environment. Version 1.29 matches the JVM's command line with regular expressions that recurse for
     * each of its characters, which overflows a usual stack where a class path is long, and ends the process without a
     * word: it is made on a thread that has room for that.
     */
    public static OrtEnvironment environment() {
        Thread thread = new Thread(null, OrtEnvironment::getEnvironment, "onnxruntime", STACK);
        thread.start();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return OrtEnvironment.getEnvironment();
    }

    /**
     * The outputs of all examples, in the original's order of axes and of outputs.
     *
     * @param inputs of all examples, in the original's order of axes
     */
    static List<float[]> run(Path original, ImportedModel imported, List<float[]> inputs, int examples) {
        List<float[]> outputs = new ArrayList<>();
        for (Edge edge : imported.outputs()) {
            outputs.add(new float[examples * elements(edge)]);
        }
        OrtEnvironment environment = environment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            // As the file has it: fused kernels round elsewhere.
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
            try (OrtSession session = environment.createSession(original.toString(), options)) {
                for (int example = 0; example < examples; example++) {
                    one(environment, session, imported, inputs, example, outputs);
                }
            }
        } catch (OrtException e) {
            throw new CompilationFailedException(Diagnostic.error(DiagnosticCode.FOREIGN_UNSUPPORTED,
                    "ONNX Runtime does not run the model: " + e.getMessage().lines().findFirst().orElse(""),
                    new FilePosition(original.toString(), -1, ""), "").help("give the outputs in the file, too"));
        }
        return outputs;
    }

    private static int elements(Edge edge) {
        return edge.sourceShape().stream().reduce(1, (a, b) -> a * b);
    }

    private static void one(OrtEnvironment environment, OrtSession session, ImportedModel imported,
            List<float[]> inputs, int example, List<float[]> outputs) throws OrtException {
        Map<String, OnnxTensor> tensors = new HashMap<>();
        try {
            for (int i = 0; i < inputs.size(); i++) {
                Edge edge = imported.inputs().get(i);
                OnnxJavaType type = ((TensorInfo) session.getInputInfo().get(edge.sourceName()).getInfo()).type;
                tensors.put(edge.sourceName(),
                        tensor(environment, type, edge, inputs.get(i), example * elements(edge)));
            }
            try (OrtSession.Result result = session.run(tensors)) {
                for (int i = 0; i < outputs.size(); i++) {
                    Edge edge = imported.outputs().get(i);
                    copy((OnnxTensor) result.get(edge.sourceName()).orElseThrow(), outputs.get(i),
                            example * elements(edge));
                }
            }
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    private static OnnxTensor tensor(OrtEnvironment environment, OnnxJavaType type, Edge edge, float[] values, int from)
            throws OrtException {
        long[] shape = edge.sourceShape().stream().mapToLong(Integer::longValue).toArray();
        int size = elements(edge);
        return switch (type) {
            case UINT8, INT8 -> {
                ByteBuffer bytes = ByteBuffer.allocateDirect(size);
                for (int i = 0; i < size; i++) {
                    bytes.put(i, (byte) (int) values[from + i]);
                }
                yield OnnxTensor.createTensor(environment, bytes, shape, type);
            }
            case INT64 -> {
                LongBuffer longs = LongBuffer.allocate(size);
                for (int i = 0; i < size; i++) {
                    longs.put(i, (long) values[from + i]);
                }
                yield OnnxTensor.createTensor(environment, longs, shape);
            }
            case FLOAT, DOUBLE, INT16, INT32, BOOL, STRING, FLOAT16, BFLOAT16, UNKNOWN ->
                OnnxTensor.createTensor(environment, FloatBuffer.wrap(values, from, size), shape);
        };
    }

    private static void copy(OnnxTensor tensor, float[] target, int from) {
        if (tensor.getInfo().type == OnnxJavaType.INT64) {
            LongBuffer longs = tensor.getLongBuffer();
            for (int i = 0; i < longs.remaining(); i++) {
                target[from + i] = longs.get(i);
            }
        } else {
            FloatBuffer floats = tensor.getFloatBuffer();
            floats.get(target, from, floats.remaining());
        }
    }
}
