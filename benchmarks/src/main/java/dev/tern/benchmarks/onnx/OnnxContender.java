package dev.tern.benchmarks.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.tern.benchmarks.contender.Call;
import dev.tern.benchmarks.contender.Contender;
import dev.tern.benchmarks.job.Job;
import dev.tern.benchmarks.job.JobParameters;
import dev.tern.benchmarks.job.Shape;
import java.nio.file.Path;

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
        /** Convolutions only; less than the whole job. */
        QLINEAR_CONV_ALONE("onnxruntime-qlinearconv-alone",
                "QLinearConv u8 x s8 by itself: the input is quantized already, the output stays so"),
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
        return "ONNX Runtime " + version() + ", Java API, one thread: " + form.text;
    }

    private static String version() {
        try {
            return OrtEnvironment.getEnvironment().getVersion();
        } catch (LinkageError e) {
            return "(not for this machine)";
        }
    }

    @Override
    public boolean takes(Job job) {
        boolean dense = job.shape().kind() == Shape.Kind.DENSE;
        return job.reference() && switch (form) {
            case F32 -> true;
            case DYNAMIC_INT8, TWO_BITS -> dense;
            case QLINEAR_CONV, QLINEAR_CONV_ALONE -> !dense;
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
            case QLINEAR_CONV -> OnnxModels.qlinearConv(shape, parameters, true);
            case QLINEAR_CONV_ALONE -> OnnxModels.qlinearConv(shape, parameters, false);
            case TWO_BITS -> OnnxModels.twoBits(shape, parameters, BLOCK, EIGHT_BIT_PRODUCTS);
        };
        return OnnxCall.of(shape, model, parameters.input(), form == Form.QLINEAR_CONV_ALONE);
    }
}
