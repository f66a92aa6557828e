package dev.tern.compiler.graph.pass;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.Position;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import java.util.HashSet;
import java.util.Set;

/** Reports everything in the model that has no lowering, all at once and where it is written; changes nothing. */
public final class CheckLowerable implements GraphPass {
    private record Found(String name, Position position) {
    }

    @Override
    public String summary() {
        return "report what cannot be compiled, before any work is done";
    }

    @Override
    public Graph apply(Graph graph, Diagnostics diagnostics) {
        Set<Found> reported = new HashSet<>();
        for (Node node : graph.nodes()) {
            if (node.operation() instanceof Operation.NotLowered(String name, var operands)
                    && reported.add(new Found(name, node.origin().position()))) {
                diagnostics.add(Diagnostic
                        .error(DiagnosticCode.NOT_LOWERED, "`" + name + "` can be checked but not compiled",
                                node.origin().position(), "not compiled")
                        .help(help(name)));
            }
        }
        return graph;
    }

    /** What to write instead, in the words of the language. */
    private static String help(String name) {
        return switch (name) {
            case "tdq" -> "`dynamic(bits)` measures a scale at each inference and is compiled";
            case "group" -> "`scale: channel` and `scale: tensor` are compiled";
            case "layernorm", "rmsnorm" ->
                "`batchnorm`, whose statistics are known when the model is compiled, is compiled";
            case "embed" -> "compute the embedding outside the model and give it as an f32 input";
            case "upsample", "convtranspose" -> "planes can be made smaller, by strides and pools, but not larger";
            default -> "compiled are dense, conv, depthwise, conv1d, maxpool, avgpool, batchnorm, bias, relu, prelu, "
                    + "clip, hardtanh, sigmoid, tanh, gelu, silu, softmax, argmax, + - *, concat, slice, flatten, "
                    + "reshape, transpose and quantize";
        };
    }
}
