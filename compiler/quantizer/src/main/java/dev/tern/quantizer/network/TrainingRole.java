package dev.tern.quantizer.network;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.WeightScheme;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What a parameter is for, read off the node that uses it: how it starts, and whether it is learned. */
sealed interface TrainingRole {
    /** Starts as {@code initial} everywhere: batch normalization's gamma and beta, biases. */
    record Learned(float initial) implements TrainingRole {
    }

    /** A running mean or variance. */
    record Measured(float initial) implements TrainingRole {
    }

    /** Starts uniform in -bound..bound and stays within -limit..limit. */
    record Weights(float bound, float limit) implements TrainingRole {
    }

    /** Latent binary weights start small beside their limit of 1, so that signs are still easily changed. */
    float BINARY_BOUND = 0.1f;

    /** Of prelu (He et al. 2015). */
    float SLOPE = 0.25f;

    /** The roles of all parameters of a graph; one that no rule names is a learned addend that starts at 0. */
    static Map<ValueId, TrainingRole> of(Graph graph) {
        Map<ValueId, Node> definitions = graph.definitions();
        Map<ValueId, TrainingRole> roles = new HashMap<>();
        for (Node node : graph.nodes()) {
            switch (node.operation()) {
                case Operation.BatchNorm(_, ValueId gamma, _, ValueId mean, ValueId variance, _) -> {
                    roles.put(gamma, new Learned(1));
                    roles.put(mean, new Measured(0));
                    roles.put(variance, new Measured(1));
                }
                case Operation.Parameter(_, var role) -> byRole(role).ifPresent(r -> roles.put(node.id(), r));
                case Operation.Affine(_, ValueId scale, _) -> roles.put(scale, new Learned(1));
                case Operation.PRelu(_, ValueId slope) -> roles.put(slope, new Learned(SLOPE));
                case Operation.StepTable(_, ValueId table) when definitions.get(table).type().shape().rank() > 1 ->
                    roles.put(table, new Weights(1, Float.MAX_VALUE));
                case Operation.WeightCodes(ValueId weights, WeightScheme scheme, _) -> {
                    Node source = source(weights, definitions);
                    roles.put(source.id(), weights(source, scheme));
                }
                case Operation.Product product -> {
                    Node weights = source(product.weights(), definitions);
                    if (weights.operation() instanceof Operation.Parameter) {
                        roles.put(weights.id(), weights(weights, new WeightScheme.Floating()));
                    }
                }
                default -> {
                    // Other operations have no parameters, or ones that start at 0.
                }
            }
        }
        return roles;
    }

    private static Optional<TrainingRole> byRole(dev.tern.compiler.graph.ParameterRole role) {
        return Optional.ofNullable(switch (role) {
            case GAMMA -> new Learned(1);
            case SLOPE -> new Learned(SLOPE);
            case DENSE, CONV, DEPTHWISE, CONV1D, CONVTRANSPOSE, BETA, MEAN, VARIANCE, OTHER -> null;
        });
    }

    /** What weights that were moved or cut up are made of. */
    private static Node source(ValueId id, Map<ValueId, Node> definitions) {
        Node node = definitions.get(id);
        return switch (node.operation()) {
            case Operation.Reshape(ValueId x) -> source(x, definitions);
            case Operation.Transpose(ValueId x, _) -> source(x, definitions);
            case Operation.Slice(ValueId x, _, _, _) -> source(x, definitions);
            case Operation.Gather(ValueId x, _, _) -> source(x, definitions);
            default -> node;
        };
    }

    /** He et al. 2015 for weights with a magnitude; for binary ones only the sign matters. */
    private static TrainingRole weights(Node node, WeightScheme scheme) {
        if (scheme instanceof WeightScheme.Binary) {
            return new Weights(BINARY_BOUND, 1);
        }
        int fanIn = node.type().shape().elements() / node.type().shape().dimension(0);
        return new Weights((float) Math.sqrt(6.0 / fanIn), Float.MAX_VALUE);
    }

    /** A new parameter in this role with its starting values. */
    default TrainedParameter create(String path, Shape shape, RandomGenerator random) {
        return switch (this) {
            case Learned(float initial) -> filled(path, Signal.differentiable(1, shape), initial);
            case Measured(float initial) -> filled(path, Signal.constant(1, shape), initial);
            case Weights(float bound, float limit) -> {
                Signal signal = Signal.differentiable(1, shape);
                for (int i = 0; i < signal.size; i++) {
                    signal.value[i] = bound * (2 * random.nextFloat() - 1);
                }
                yield new TrainedParameter(path, signal, limit);
            }
        };
    }

    private static TrainedParameter filled(String path, Signal signal, float initial) {
        Arrays.fill(signal.value, initial);
        return new TrainedParameter(path, signal, Float.MAX_VALUE);
    }
}
