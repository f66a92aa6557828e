package dev.tern.quantizer.dataset;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.importers.dataset.DatasetRequest;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a model's inputs, and its first output, want of a data set. */
public final class InputRequest {
    private InputRequest() {
    }

    /** Examples of the only input's shape, or rows for several inputs, one after the other. */
    public static DatasetRequest of(Graph graph, DatasetRequest.Part part) {
        Map<String, Shape> inputs = new LinkedHashMap<>();
        for (ValueId id : graph.inputs()) {
            Node node = graph.definitions().get(id);
            inputs.put(((Operation.Input) node.operation()).name(), node.type().shape());
        }
        TensorType output = graph.definitions().get(graph.outputs().getFirst().value()).type();
        DatasetRequest request = DatasetRequest.of(part)
                .wantingNumbers(output.element() instanceof ElementType.F32 && output.shape().elements() == 1);
        return inputs.size() == 1
                ? request.fitting(inputs.values().iterator().next())
                : request.joining(inputs);
    }
}
