package dev.tern.quantizer.posttraining;

import dev.tern.compiler.graph.Tensor;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * What post-training quantization gives.
 *
 * @param parameters to be bound to the graph that was quantized
 * @param layers how well each layer does whose codes were chosen, in the order of the graph
 * @param outputs of the quantized model on the samples: for each output, in the order of the signature, one value for
 *     each sample; of a softmax what goes into it
 * @param wanted the same of the float model
 */
public record QuantizedModel(QuantizedParameters parameters, List<LayerFit> layers, List<Tensor[]> outputs,
        List<Tensor[]> wanted) {
    public QuantizedModel {
        layers = List.copyOf(layers);
        outputs = List.copyOf(outputs);
        wanted = List.copyOf(wanted);
    }

    /**
     * On what part of the samples the first output, a vector, has its greatest entry where the float model has it;
     * empty for other outputs.
     */
    public OptionalDouble agreement() {
        Tensor[] first = outputs.getFirst();
        if (!(first[0] instanceof Tensor.Floats) || first[0].shape().rank() != 1 || first[0].shape().elements() < 2) {
            return OptionalDouble.empty();
        }
        return IntStream.range(0, first.length)
                .mapToDouble(sample -> greatest(first[sample]) == greatest(wanted.getFirst()[sample]) ? 1 : 0)
                .average();
    }

    private static int greatest(Tensor value) {
        float[] x = ((Tensor.Floats) value).values();
        int best = 0;
        for (int i = 1; i < x.length; i++) {
            best = x[i] > x[best] ? i : best;
        }
        return best;
    }

    /**
     * The mean squared error of the f32 outputs as a part of their variance over the samples; 0 for what is as the
     * float model has it.
     */
    public double outputError() {
        double error = 0;
        double signal = 0;
        for (int output = 0; output < outputs.size(); output++) {
            if (!(wanted.get(output)[0] instanceof Tensor.Floats)) {
                continue;
            }
            float[] mean = new float[wanted.get(output)[0].shape().elements()];
            for (Tensor value : wanted.get(output)) {
                float[] x = ((Tensor.Floats) value).values();
                for (int i = 0; i < x.length; i++) {
                    mean[i] += x[i] / wanted.get(output).length;
                }
            }
            for (int sample = 0; sample < outputs.get(output).length; sample++) {
                float[] x = ((Tensor.Floats) outputs.get(output)[sample]).values();
                float[] y = ((Tensor.Floats) wanted.get(output)[sample]).values();
                for (int i = 0; i < x.length; i++) {
                    error += Math.pow(x[i] - (double) y[i], 2);
                    signal += Math.pow(y[i] - (double) mean[i], 2);
                }
            }
        }
        return error == 0 ? 0 : error / Math.max(signal, Float.MIN_NORMAL);
    }
}
