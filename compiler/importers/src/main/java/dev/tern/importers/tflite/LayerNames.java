package dev.tern.importers.tflite;

import java.util.Set;

/**
 * What a person calls the layer that computes a tensor. Converters call tensors by all operations that were fused into
 * one, {@code model/dense_3/BiasAdd;model/dense_3/MatMul;...}, innermost last.
 */
final class LayerNames {
    /** Components that say what is done, or which framework's function it is done in, and not where. */
    private static final Set<String> GENERAL = Set.of("BiasAdd", "Relu", "Relu6", "Conv2D", "MatMul", "depthwise",
            "separable_conv2d", "ReadVariableOp", "resource", "FusedBatchNormV3", "FusedBatchNorm", "Tensordot",
            "StatefulPartitionedCall", "PartitionedCall", "Add", "AddV2", "add", "Mul", "mul", "Softmax", "Reshape",
            "AvgPool", "MaxPool", "Mean", "Sigmoid", "Tanh", "concat", "conv2d_transpose", "convolution", "Pad");

    private LayerNames() {
    }

    /** The name of the first layer that a tensor's name names; the name itself where it names none. */
    static String of(String tensor) {
        for (String part : tensor.split(";")) {
            String[] path = part.replaceAll(":\\d+$", "").split("/");
            for (int i = path.length - 1; i >= 0; i--) {
                boolean layer = !path[i].isEmpty() && !GENERAL.contains(path[i].replaceAll("_\\d+$", ""))
                        && !path[i].startsWith("StatefulPartitionedCall");
                if (layer && (i > 0 || path.length == 1)) {
                    return path[i];
                }
            }
        }
        String first = tensor.split(";", 2)[0];
        return first.isBlank() ? "layer" : first;
    }
}
