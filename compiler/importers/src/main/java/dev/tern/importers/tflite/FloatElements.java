package dev.tern.importers.tflite;

import dev.tern.importers.network.ElementKind;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.NetworkOp.Binary;
import dev.tern.importers.network.NetworkOp.Unary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Functions of real elements. */
final class FloatElements {
    private FloatElements() {
    }

    static void addTo(Map<String, TfliteTranslator> operators) {
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
        operators.put("RELU6", (TfliteTranslator.Single) node -> node.clip(node.in(0), 0, 6));
        operators.put("RELU_N1_TO_1", (TfliteTranslator.Single) node -> node.clip(node.in(0), -1, 1));
        operators.put("RELU_0_TO_1", (TfliteTranslator.Single) node -> node.clip(node.in(0), 0, 1));
        operators.put("ELU", (TfliteTranslator.Single) node -> node.add(new Unary(Unary.Function.ELU, 1, 0), node.in(
                0)));
        operators.put("LEAKY_RELU", (TfliteTranslator.Single) node -> node.add(new Unary(Unary.Function.LEAKY_RELU,
                node.f32(0, 0), 0), node.in(0)));
        operators.put("GELU", (TfliteTranslator.Single) node -> node.unary(
                node.truth(0) ? Unary.Function.GELU_TANH : Unary.Function.GELU_ERF, node.in(0)));
        operators.put("RSQRT", (TfliteTranslator.Single) node -> node.unary(Unary.Function.RECIPROCAL,
                node.unary(Unary.Function.SQRT, node.in(0))));
        operators.put("SQUARE", (TfliteTranslator.Single) node -> node.binary(Binary.Function.MULTIPLY, node.in(0),
                node.in(0)));
        operators.put("PRELU", (TfliteTranslator.Single) FloatElements::prelu);
        function(operators, "ADD", Binary.Function.ADD);
        function(operators, "SUB", Binary.Function.SUBTRACT);
        function(operators, "MUL", Binary.Function.MULTIPLY);
        function(operators, "DIV", Binary.Function.DIVIDE);
        function(operators, "MINIMUM", Binary.Function.MINIMUM);
        function(operators, "MAXIMUM", Binary.Function.MAXIMUM);
        operators.put("SQUARED_DIFFERENCE", (TfliteTranslator.Single) node -> {
            ForeignValue difference = node.binary(Binary.Function.SUBTRACT, node.in(0), node.in(1));
            return node.binary(Binary.Function.MULTIPLY, difference, difference);
        });
        operators.put("POW", (TfliteTranslator.Single) node -> node.binary(Binary.Function.POWER, node.in(0), node.in(
                1)));
        operators.put("ADD_N", (TfliteTranslator.Single) FloatElements::sum);
        operators.put("CAST", (TfliteTranslator.Single) FloatElements::cast);
    }

    private static void function(Map<String, TfliteTranslator> operators, String name, Unary.Function function) {
        operators.put(name, (TfliteTranslator.Single) node -> node.unary(function, node.in(0)));
    }

    private static void function(Map<String, TfliteTranslator> operators, String name, Binary.Function function) {
        operators.put(name, (TfliteTranslator.Single) node -> node.activated(
                node.binary(function, node.in(0), node.in(1)), node.activation(0)));
    }

    private static ForeignValue prelu(TfliteNode node) {
        return node.add(new NetworkOp.PRelu(), node.in(0), node.in(1));
    }

    private static ForeignValue sum(TfliteNode node) {
        List<ForeignValue> all = new ArrayList<>(node.all());
        ForeignValue sum = all.removeFirst();
        for (ForeignValue next : all) {
            sum = node.binary(Binary.Function.ADD, sum, next);
        }
        return sum;
    }

    private static ForeignValue cast(TfliteNode node) {
        ForeignValue x = node.in(0);
        ElementKind kind = TfliteType.of(node.result().type()).flatMap(TfliteType::kind).orElseThrow(
                () -> new ImportProblemException("a cast to elements of type " + node.result().type()));
        return x.kind() == kind ? x : node.add(new NetworkOp.Cast(kind), x);
    }
}
