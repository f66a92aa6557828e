package dev.tern.quantizer;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import dev.tern.importers.dataset.Dataset;
import dev.tern.quantizer.network.Network;
import dev.tern.quantizer.network.NetworkBuilder;
import dev.tern.quantizer.network.TrainedLayer.Mode;
import dev.tern.quantizer.network.TrainedParameter;
import java.util.Arrays;
import java.util.Map;

/** What the network that is trained answers once its parameters stand still: what the compiled class must answer. */
public final class TrainedAnswers {
    private static final int BATCH = 50;

    private TrainedAnswers() {
    }

    /** Whoever is told of an answer. */
    public interface Consumer {
        /** @param output the model's first, as numbers; an index for argmax is told as its scores */
        void accept(int example, float[] output);
    }

    /**
     * Tells of the answer to every example, in order.
     *
     * @param graph its parameters not bound
     * @param tensors its parameters by path
     * @param data that suits the model
     */
    public static void of(Graph graph, Map<String, Tensor.Floats> tensors, Dataset data, Consumer consumer) {
        Network network = NetworkBuilder.build(graph, BATCH, 0);
        for (TrainedParameter parameter : network.parameters()) {
            float[] values = tensors.get(parameter.path()).values();
            System.arraycopy(values, 0, parameter.signal().value(), 0, values.length);
        }
        Examples examples = new Examples(graph, network.scores(), data, TrainingSettings.Course.of(1, 1, 0, 0));
        int size = network.output().shape().elements();
        for (int first = 0; first < data.count(); first += BATCH) {
            int count = Math.min(BATCH, data.count() - first);
            float[] rows = new float[count * examples.inputSize()];
            for (int i = 0; i < count; i++) {
                examples.input(first + i, rows, i * examples.inputSize());
            }
            network.load(rows, count);
            network.forward(Mode.EVALUATION);
            for (int i = 0; i < count; i++) {
                consumer.accept(first + i, Arrays.copyOfRange(network.output().value(), i * size, (i + 1) * size));
            }
        }
    }
}
