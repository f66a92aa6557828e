package dev.tern.importers.onnx;

import dev.tern.importers.network.ElementKind;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ImportProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Operators of the domain com.microsoft on codes, which ONNX Runtime's quantizer writes in its QOperator format: the
 * standard operator of reals between quantizers. Source: docs/ContribOperators.md of ONNX Runtime.
 */
final class ContribOperators {
    /** The operator set whose meaning the operators of reals have. */
    private static final int VERSION = 13;

    private ContribOperators() {
    }

    static void addTo(Map<String, OnnxTranslator> operators) {
        for (String name : List.of("Sigmoid", "LeakyRelu", "Softmax", "AveragePool", "GlobalAveragePool")) {
            operators.put("QLinear" + name, (OnnxTranslator.Single) node -> quantized(node, reals(node, name, List.of(
                    operand(node, 0))), 3));
        }
        for (String name : List.of("Add", "Mul")) {
            operators.put("QLinear" + name, (OnnxTranslator.Single) node -> quantized(node, reals(node, name, List.of(
                    operand(node, 0), operand(node, 3))), 6));
        }
        operators.put("QLinearConcat", (OnnxTranslator.Single) ContribOperators::concat);
        operators.put("QGemm", (OnnxTranslator.Single) ContribOperators::gemm);
    }

    /** Codes, their scale and their zero point, from an input on, as reals. */
    private static Optional<ForeignValue> operand(OnnxNode node, int at) {
        return Optional.of(QuantizedOperators.real(node, node.in(at), node.in(at + 1), node.find(at + 2)));
    }

    private static ForeignValue reals(OnnxNode node, String operator, List<Optional<ForeignValue>> operands) {
        if (node.integer("channels_last", 0) != 0) {
            throw new ImportProblemException("channels_last is not supported");
        }
        int version = (int) node.integer("opset", VERSION);
        return OperatorTable.find("", operator).orElseThrow().translate(new OnnxNode(node.origin(), version, operands,
                1, node.attributes(), node.network(), node.tensors())).getFirst();
    }

    /** Reals under the scale and the zero point that an input, and the next, are. */
    private static ForeignValue quantized(OnnxNode node, ForeignValue real, int at) {
        ElementKind kind = node.find(at + 1).map(ForeignValue::kind).orElse(ElementKind.U8);
        return QuantizedOperators.quantized(node, real, node.in(at), node.find(at + 1), kind);
    }

    private static ForeignValue concat(OnnxNode node) {
        List<Optional<ForeignValue>> parts = new ArrayList<>();
        for (int at = 2; at < node.inputCount(); at += 3) {
            parts.add(operand(node, at));
        }
        return quantized(node, reals(node, "Concat", parts), 0);
    }

    /** As Gemm, with a bias on the scale of the products; without a scale of the result it stays real. */
    private static ForeignValue gemm(OnnxNode node) {
        int outputs = node.integer("transB", 0) != 0 ? 0 : 1;
        ForeignValue weights = QuantizedOperators.weights(node, node.in(3), node.in(4), node.find(5), outputs);
        List<Optional<ForeignValue>> operands = new ArrayList<>(List.of(operand(node, 0), Optional.of(weights)));
        node.find(6).ifPresent(bias -> operands.add(Optional.of(node.constant(QuantizedOperators.scaled(bias,
                QuantizedOperators.product(node.in(1), node.in(4)))))));
        ForeignValue sum = reals(node, "Gemm", operands);
        return node.find(7).isPresent() ? quantized(node, sum, 7) : sum;
    }
}
