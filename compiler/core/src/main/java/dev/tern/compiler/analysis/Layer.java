package dev.tern.compiler.analysis;

import dev.tern.compiler.diagnostics.Position;
import dev.tern.compiler.graph.TensorType;
import java.util.Optional;

/**
 * One op of a model where it is applied, under the path that its nodes in the graph carry as their origin.
 *
 * @param path {@code body.0.pw}
 * @param op its name in the language; {@code add}, {@code subtract} and {@code multiply} for the operators
 * @param weights the weight scheme as it is written, for ops with weights
 * @param activations the scheme of the input as it is written, for ops with weights
 * @param output the type of its result
 * @param documentation the text before the statement that it stands in
 * @param position the call
 */
public record Layer(String path, String op, Optional<String> weights, Optional<String> activations, TensorType output,
        String documentation, Position position) {
}
