package dev.tern.importers.tflite;

import dev.tern.importers.network.ElementKind;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.NetworkOp.Binary;
import dev.tern.importers.network.NetworkOp.Unary;
import dev.tern.importers.network.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Functions of real elements. */
final class FloatElements {
    private FloatElements() {
    }

    static void addTo(Map<String, Operator> operators) {
        function(operators, "RELU", Unary.Function.RELU);
        function(operators, "LOGISTIC", Unary.Function.SIGMOID);
        function(operators, "TANH", Unary.Function.TANH);
        function(operators, "EXP", Unary.Function.EXP);
        function(operators, "LOG", Unary.Function.LOG);
        function(operators, "SQRT", Unary.Function.SQRT);
        function(operators, "ABS", Unary.Function.ABSOLUTE);
        function(operators, "NEG", Unary.Function.NEGATE);
        function(operators, "FLOOR", Unary.Function.FLOOR);
        function(operators, "CEIL", Unary.Function.CEIL);
        function(operators, "ROUND", Unary.Function.ROUND);
        function(operators, "SIN", Unary.Function.SIN);
        function(operators, "COS", Unary.Function.COS);
        function(operators, "HARD_SWISH", Unary.Function.HARD_SWISH);
        operators.put("RELU6", (Operator.Single) node -> node.clip(node.in(0), 0, 6));
        operators.put("RELU_N1_TO_1", (Operator.Single) node -> node.clip(node.in(0), -1, 1));
        operators.put("RELU_0_TO_1", (Operator.Single) node -> node.clip(node.in(0), 0, 1));
        operators.put("ELU", (Operator.Single) node -> node.add(new Unary(Unary.Function.ELU, 1, 0), node.in(0)));
        operators.put("LEAKY_RELU", (Operator.Single) node -> node.add(new Unary(Unary.Function.LEAKY_RELU,
                node.f32(0, 0), 0), node.in(0)));
        operators.put("GELU", (Operator.Single) node -> node.unary(
                node.truth(0) ? Unary.Function.GELU_TANH : Unary.Function.GELU_ERF, node.in(0)));
        operators.put("RSQRT", (Operator.Single) node -> node.unary(Unary.Function.RECIPROCAL,
                node.unary(Unary.Function.SQRT, node.in(0))));
        operators.put("SQUARE", (Operator.Single) node -> node.binary(Binary.Function.MULTIPLY, node.in(0),
                node.in(0)));
        operators.put("PRELU", (Operator.Single) FloatElements::prelu);
        function(operators, "ADD", Binary.Function.ADD);
        function(operators, "SUB", Binary.Function.SUBTRACT);
        function(operators, "MUL", Binary.Function.MULTIPLY);
        function(operators, "DIV", Binary.Function.DIVIDE);
        function(operators, "MINIMUM", Binary.Function.MINIMUM);
        function(operators, "MAXIMUM", Binary.Function.MAXIMUM);
        operators.put("SQUARED_DIFFERENCE", (Operator.Single) node -> {
            Value difference = node.binary(Binary.Function.SUBTRACT, node.in(0), node.in(1));
            return node.binary(Binary.Function.MULTIPLY, difference, difference);
        });
        operators.put("POW", (Operator.Single) node -> node.binary(Binary.Function.POWER, node.in(0), node.in(1)));
        operators.put("ADD_N", (Operator.Single) FloatElements::sum);
        operators.put("CAST", (Operator.Single) FloatElements::cast);
    }

    private static void function(Map<String, Operator> operators, String name, Unary.Function function) {
        operators.put(name, (Operator.Single) node -> node.unary(function, node.in(0)));
    }

    private static void function(Map<String, Operator> operators, String name, Binary.Function function) {
        operators.put(name, (Operator.Single) node -> node.activated(
                node.binary(function, node.in(0), node.in(1)), node.activation(0)));
    }

    private static Value prelu(TfliteNode node) {
        return node.add(new NetworkOp.PRelu(), node.in(0), node.in(1));
    }

    private static Value sum(TfliteNode node) {
        List<Value> all = new ArrayList<>(node.all());
        Value sum = all.removeFirst();
        for (Value next : all) {
            sum = node.binary(Binary.Function.ADD, sum, next);
        }
        return sum;
    }

    private static Value cast(TfliteNode node) {
        Value x = node.in(0);
        ElementKind kind = TensorType.of(node.result().type()).flatMap(TensorType::kind).orElseThrow(
                () -> new ImportProblemException("a cast to elements of type " + node.result().type()));
        return x.kind() == kind ? x : node.add(new NetworkOp.Cast(kind), x);
    }
}
