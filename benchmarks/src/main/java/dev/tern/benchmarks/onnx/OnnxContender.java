package dev.tern.benchmarks.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.tern.benchmarks.contender.Call;
import dev.tern.benchmarks.contender.Contender;
import dev.tern.benchmarks.job.Job;
import dev.tern.benchmarks.job.JobParameters;
import dev.tern.benchmarks.job.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** ONNX Runtime through its Java API: one thread, its tensors made once over memory outside the heap. */
public record OnnxContender(Form form) implements Contender {
    private static final int BLOCK = 128;
    private static final int EIGHT_BIT_PRODUCTS = 4;

    /** How the layer is put to ONNX Runtime. */
    public enum Form {
        /** MatMul or Conv. */
        F32("onnxruntime-f32", "MatMul or Conv in f32"),
        /** Dense layers only: ConvInteger is slow there and would be no fair peer. */
        DYNAMIC_INT8("onnxruntime-dynamic-int8",
                "DynamicQuantizeLinear, MatMulInteger u8 x s8, Cast, Mul; the whole job"),
        /** Convolutions only. */
        QLINEAR_CONV("onnxruntime-qlinearconv",
                "QuantizeLinear, QLinearConv u8 x s8, DequantizeLinear; static 8 bits, the whole job"),
        /** Dense layers only. */
        TWO_BITS("onnxruntime-2bit",
                "com.microsoft MatMulNBits, weights of 2 bits in blocks of " + BLOCK + ", accuracy level "
                        + EIGHT_BIT_PRODUCTS);

        private final String id;
        private final String text;

        Form(String id, String text) {
            this.id = id;
            this.text = text;
        }

        /** The contender's name. */
        public String id() {
            return id;
        }
    }

    @Override
    public String name() {
        return form.id;
    }

    @Override
    public String description() {
        return "ONNX Runtime " + OrtEnvironment.getEnvironment().getVersion() + ", Java API, one thread: " + form.text;
    }

    @Override
    public boolean takes(Job job) {
        boolean dense = job.shape().kind() == Shape.Kind.DENSE;
        return job.reference() && switch (form) {
            case F32 -> true;
            case DYNAMIC_INT8, TWO_BITS -> dense;
            case QLINEAR_CONV -> !dense;
        };
    }

    @Override
    public Agreement agreement() {
        return Agreement.CORRELATED;
    }

    @Override
    public boolean compiledByJvm() {
        return false;
    }

    @Override
    public Call prepare(Job job, JobParameters parameters, Path workspace) throws OrtException {
        Shape shape = job.shape();
        byte[] model = switch (form) {
            case F32 -> OnnxModels.f32(shape, parameters);
            case DYNAMIC_INT8 -> OnnxModels.dynamicInt8(shape, parameters);
            case QLINEAR_CONV -> OnnxModels.qlinearConv(shape, parameters);
            case TWO_BITS -> OnnxModels.twoBits(shape, parameters, BLOCK, EIGHT_BIT_PRODUCTS);
        };
        return OnnxCall.of(shape, model, parameters.input());
    }

    /** A session with its tensors. */
    private record OnnxCall(Shape shape, OrtSession session, Map<String, OnnxTensor> inputs, Set<String> none,
            Map<String, OnnxTensor> outputs, FloatBuffer output) implements Call {
        static OnnxCall of(Shape shape, byte[] model, float[] input) throws OrtException {
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            OrtSession.SessionOptions options = new OrtSession.SessionOptions();
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            OrtSession session = environment.createSession(model, options);
            FloatBuffer x = direct(input.length);
            int c = shape.channels();
            for (int i = 0; i < input.length; i++) {
                boolean dense = shape.kind() == Shape.Kind.DENSE;
                x.put(dense ? i : i % c * shape.pixels() + i / c, input[i]);
            }
            FloatBuffer y = direct(shape.pixels() * shape.outputs());
            OnnxTensor in = OnnxTensor.createTensor(environment, x, OnnxModels.dimensions(shape, c));
            OnnxTensor out = OnnxTensor.createTensor(environment, y, OnnxModels.dimensions(shape, shape.outputs()));
            return new OnnxCall(shape, session, Map.of("x", in), Set.of(), Map.of("y", out), y);
        }

        private static FloatBuffer direct(int length) {
            return ByteBuffer.allocateDirect(Float.BYTES * length).order(ByteOrder.nativeOrder()).asFloatBuffer();
        }

        @Override
        public void run() {
            try {
                session.run(inputs, none, outputs).close();
            } catch (OrtException e) {
                throw new IllegalStateException("a model that ran once runs", e);
            }
        }

        @Override
        public float[] result() {
            float[] result = new float[output.capacity()];
            int n = shape.outputs();
            for (int i = 0; i < result.length; i++) {
                boolean dense = shape.kind() == Shape.Kind.DENSE;
                result[i] = output.get(dense ? i : i % n * shape.pixels() + i / n);
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
}
