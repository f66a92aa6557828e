package dev.tern.benchmarks.job;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** A job as a user would have it: a Tern file and its parameters. */
public final class JobFolder {
    private JobFolder() {
    }

    /** The Tern file of a job, written unless it is there. */
    public static Path model(Job job, JobParameters parameters, Path workspace) throws IOException {
        Path folder = workspace.resolve(job.name());
        Path model = folder.resolve("job.tern");
        if (!Files.exists(model)) {
            Files.createDirectories(folder);
            Files.write(folder.resolve("parameters.safetensors"), safetensors(job, parameters));
            Files.writeString(model, job.text());
        }
        return model;
    }

    /** Codes and scales, quantized already, so that nothing is left to a rule of quantizing. */
    private static byte[] safetensors(Job job, JobParameters parameters) {
        Shape shape = job.shape();
        String op = "y." + switch (shape.kind()) {
            case DENSE -> "dense";
            case CONV -> "conv";
            case DEPTHWISE -> "depthwise";
        };
        int n = shape.outputs();
        String codes = shape.kind() == Shape.Kind.DENSE
                ? "[" + n + "," + shape.channels() + "]"
                : "[" + n + "," + shape.kernel() + "," + shape.kernel() + "," + shape.depth() + "]";
        Map<String, ByteBuffer> tensors = new LinkedHashMap<>();
        if (job.weights() == Weights.FLOAT) {
            tensors.put(entry(op + ".weight", "F32", codes), floats(parameters.weights()));
        } else {
            tensors.put(entry(op + ".weight.codes", "I8", codes), ByteBuffer.wrap(parameters.codes()));
            tensors.put(entry(op + ".weight.scale", "F32", "[" + n + "]"), floats(parameters.scales()));
        }
        if (job.signs()) {
            float[] gamma = new float[n];
            float[] mean = new float[n];
            float[] variance = new float[n];
            Arrays.fill(variance, 1);
            for (int i = 0; i < n; i++) {
                gamma[i] = parameters.flipped()[i] ? -1 : 1;
                mean[i] = (parameters.thresholds()[i] + 0.5f) * parameters.scales()[i];
            }
            tensors.put(entry("y.batchnorm.gamma", "F32", "[" + n + "]"), floats(gamma));
            tensors.put(entry("y.batchnorm.beta", "F32", "[" + n + "]"), floats(new float[n]));
            tensors.put(entry("y.batchnorm.mean", "F32", "[" + n + "]"), floats(mean));
            tensors.put(entry("y.batchnorm.variance", "F32", "[" + n + "]"), floats(variance));
        }
        return file(tensors);
    }

    /** A tensor's place in the header, up to its offsets. */
    private static String entry(String name, String type, String shape) {
        return "\"" + name + "\":{\"dtype\":\"" + type + "\",\"shape\":" + shape + ",\"data_offsets\":";
    }

    private static ByteBuffer floats(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes;
    }

    private static byte[] file(Map<String, ByteBuffer> tensors) {
        StringBuilder header = new StringBuilder("{");
        int offset = 0;
        for (Map.Entry<String, ByteBuffer> tensor : tensors.entrySet()) {
            int end = offset + tensor.getValue().remaining();
            header.append(offset == 0 ? "" : ",").append(tensor.getKey()).append("[" + offset + "," + end + "]}");
            offset = end;
        }
        header.append("}");
        while (header.length() % Long.BYTES != 0) {
            header.append(' ');
        }
        byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(Long.BYTES + text.length + offset).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(text.length).put(text);
        tensors.values().forEach(tensor -> file.put(tensor.duplicate()));
        return file.array();
    }
}
