package dev.tern.importers.onnx;

import dev.tern.importers.network.Constant;
import dev.tern.importers.network.ElementKind;
import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ForeignNode;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.NetworkOp.Binary;
import dev.tern.importers.network.NetworkOp.Unary;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Functions of elements. */
final class ElementOperators {
    private static final float SELU_ALPHA = 1.67326319217681884765625f;
    private static final int MOST_HALVES = 32;
    private static final float SELU_GAMMA = 1.05070102214813232421875f;

    private ElementOperators() {
    }

    static void addTo(Map<String, OnnxTranslator> operators) {
        function(operators, "Relu", Unary.Function.RELU);
        function(operators, "Sigmoid", Unary.Function.SIGMOID);
        function(operators, "Tanh", Unary.Function.TANH);
        function(operators, "Exp", Unary.Function.EXP);
        function(operators, "Log", Unary.Function.LOG);
        function(operators, "Sqrt", Unary.Function.SQRT);
        function(operators, "Reciprocal", Unary.Function.RECIPROCAL);
        function(operators, "Abs", Unary.Function.ABSOLUTE);
        function(operators, "Neg", Unary.Function.NEGATE);
        function(operators, "Floor", Unary.Function.FLOOR);
        function(operators, "Ceil", Unary.Function.CEIL);
        function(operators, "Round", Unary.Function.ROUND);
        function(operators, "Erf", Unary.Function.ERF);
        function(operators, "Sign", Unary.Function.SIGN);
        function(operators, "Sin", Unary.Function.SIN);
        function(operators, "Cos", Unary.Function.COS);
        function(operators, "Not", Unary.Function.NOT);
        function(operators, "Softplus", Unary.Function.SOFTPLUS);
        function(operators, "Softsign", Unary.Function.SOFTSIGN);
        function(operators, "Mish", Unary.Function.MISH);
        function(operators, "HardSwish", Unary.Function.HARD_SWISH);
        operators.put("Swish", (OnnxTranslator.Single) ElementOperators::swish);
        operators.put("LeakyRelu", with(Unary.Function.LEAKY_RELU, 0.01f, 0));
        operators.put("Elu", with(Unary.Function.ELU, 1, 0));
        operators.put("Celu", with(Unary.Function.CELU, 1, 0));
        operators.put("HardSigmoid", with(Unary.Function.HARD_SIGMOID, 0.2f, 0.5f));
        operators.put("ThresholdedRelu", with(Unary.Function.THRESHOLDED_RELU, 1, 0));
        operators.put("Selu", (OnnxTranslator.Single) node -> node.add(new Unary(Unary.Function.SELU,
                node.decimal("alpha", SELU_ALPHA), node.decimal("gamma", SELU_GAMMA)), node.in(0)));
        operators.put("Shrink", (OnnxTranslator.Single) node -> node.add(new Unary(Unary.Function.SHRINK,
                node.decimal("lambd", 0.5f), node.decimal("bias", 0)), node.in(0)));
        operators.put("Gelu", (OnnxTranslator.Single) node -> node.unary(
                node.text("approximate", "none").equals("tanh") ? Unary.Function.GELU_TANH : Unary.Function.GELU_ERF,
                node.in(0)));
        operators.put("Clip", (OnnxTranslator.Single) ElementOperators::clip);
        operators.put("PRelu", (OnnxTranslator.Single) node -> node.add(new NetworkOp.PRelu(), node.in(0),
                slopes(node)));
        function(operators, "Add", Binary.Function.ADD);
        operators.put("Sub", (OnnxTranslator.Single) node -> QuantizerPatterns.lessZero(node, node.in(0), node.in(1))
                .orElseGet(() -> node.binary(Binary.Function.SUBTRACT, aligned(node, 0), aligned(node, 1))));
        operators.put("Mul", (OnnxTranslator.Single) node -> CodedProducts.times(node, node.in(0), node.in(1))
                .or(() -> gated(node, node.in(0), node.in(1))).or(() -> gated(node, node.in(1), node.in(0)))
                .or(() -> GeluPattern.of(node, node.in(0), node.in(1)))
                .orElseGet(() -> node.binary(Binary.Function.MULTIPLY, aligned(node, 0), aligned(node, 1))));
        operators.put("Div", (OnnxTranslator.Single) node -> NormOperators.byLength(node, node.in(0), node.in(1))
                .or(() -> NormOperators.byRoot(node, node.in(0), node.in(1)))
                .orElseGet(() -> node.binary(Binary.Function.DIVIDE, aligned(node, 0), aligned(node, 1))));
        operators.put("Pow", (OnnxTranslator.Single) ElementOperators::power);
        function(operators, "Equal", Binary.Function.EQUAL);
        function(operators, "Less", Binary.Function.LESS);
        function(operators, "LessOrEqual", Binary.Function.LESS_EQUAL);
        function(operators, "Greater", Binary.Function.GREATER);
        function(operators, "GreaterOrEqual", Binary.Function.GREATER_EQUAL);
        function(operators, "And", Binary.Function.AND);
        function(operators, "Or", Binary.Function.OR);
        function(operators, "Xor", Binary.Function.XOR);
        operators.put("Mod", (OnnxTranslator.Single) node -> {
            if (node.integer("fmod", 0) != 0) {
                throw new ImportProblemException("a remainder with the sign of the dividend (fmod) is not supported");
            }
            return node.binary(Binary.Function.MODULO, node.in(0), node.in(1));
        });
        many(operators, "Sum", Binary.Function.ADD);
        many(operators, "Min", Binary.Function.MINIMUM);
        many(operators, "Max", Binary.Function.MAXIMUM);
        operators.put("Mean", (OnnxTranslator.Single) node -> node.binary(Binary.Function.DIVIDE,
                joined(node, Binary.Function.ADD), node.network().scalar(node.all().size())));
        operators.put("Where",
                (OnnxTranslator.Single) node -> QuantizerPatterns.chosen(node, node.in(0), node.in(1), node.in(2))
                        .orElseGet(() -> node.add(new NetworkOp.Where(), node.in(0), node.in(1), node.in(2))));
        operators.put("Identity", (OnnxTranslator.Single) node -> node.in(0));
        operators.put("Dropout", (OnnxTranslator.Single) ElementOperators::dropout);
        operators.put("Cast", (OnnxTranslator.Single) ElementOperators::cast);
        operators.put("CastLike", (OnnxTranslator.Single) node -> cast(node, node.in(1).kind()));
    }

    private static void function(Map<String, OnnxTranslator> operators, String name, Unary.Function function) {
        operators.put(name, (OnnxTranslator.Single) node -> node.unary(function, node.in(0)));
    }

    private static void function(Map<String, OnnxTranslator> operators, String name, Binary.Function function) {
        operators.put(name, (OnnxTranslator.Single) node -> node.binary(function, aligned(node, 0), aligned(node, 1)));
    }

    /** Opset 6 and before stretch the second operand along an axis that an attribute names. */
    private static ForeignValue aligned(OnnxNode node, int index) {
        ForeignValue value = node.in(index);
        if (index == 1 && node.version() < 7 && node.integer("broadcast", 0) != 0 && node.has("axis")) {
            int rank = node.in(0).rank();
            int behind = rank - node.axis("axis", 0, rank) - value.rank();
            return node.reshape(value, OnnxNode.changed(value.shape(), shape -> {
                for (int i = 0; i < behind; i++) {
                    shape.add(1);
                }
                return shape;
            }));
        }
        return value;
    }

    /** Opset 6 and before have a slope for each channel, axis 1, whatever follows; later ones align trailing axes. */
    private static ForeignValue slopes(OnnxNode node) {
        ForeignValue x = node.in(0);
        ForeignValue slopes = node.in(1);
        if (node.version() >= 7 || slopes.rank() != 1 || x.rank() < 2 || slopes.size(0) != x.size(1)) {
            return slopes;
        }
        return node.reshape(slopes, Extents.with(Collections.nCopies(x.rank() - 1, 1), 0, slopes.size(0)));
    }

    private static OnnxTranslator.Single with(Unary.Function function, float alpha, float beta) {
        return node -> node.add(new Unary(function, node.decimal("alpha", alpha), node.decimal("beta", beta)),
                node.in(0));
    }

    private static void many(Map<String, OnnxTranslator> operators, String name, Binary.Function function) {
        operators.put(name, (OnnxTranslator.Single) node -> joined(node, function));
    }

    private static ForeignValue joined(OnnxNode node, Binary.Function function) {
        ForeignValue joined = node.in(0);
        for (ForeignValue next : node.all().subList(1, node.all().size())) {
            joined = node.binary(function, joined, next);
        }
        return joined;
    }

    /** x times its sigmoid. */
    private static Optional<ForeignValue> gated(OnnxNode node, ForeignValue x, ForeignValue gate) {
        boolean own = node.network().producer(gate).filter(made -> made.op() instanceof Unary unary
                && unary.function() == Unary.Function.SIGMOID && made.x().id() == x.id()).isPresent();
        return own ? Optional.of(node.unary(Unary.Function.SILU, x)) : Optional.empty();
    }

    private static ForeignValue swish(OnnxNode node) {
        float alpha = node.decimal("alpha", 1);
        if (alpha == 1) {
            return node.unary(Unary.Function.SILU, node.in(0));
        }
        ForeignValue scaled = node.binary(Binary.Function.MULTIPLY, node.in(0), node.network().scalar(alpha));
        return node.binary(Binary.Function.MULTIPLY, node.in(0), node.unary(Unary.Function.SIGMOID, scaled));
    }

    private static ForeignValue clip(OnnxNode node) {
        float low = bound(node, "min", 1).orElse(Float.NEGATIVE_INFINITY);
        float high = bound(node, "max", 2).orElse(Float.POSITIVE_INFINITY);
        // As the specification has it: min(max(x, low), high).
        float least = Math.min(low, high);
        return QuantizerPatterns.clipped(node, node.in(0), least, high)
                .orElseGet(() -> node.add(new Unary(Unary.Function.CLIP, least, high), node.in(0)));
    }

    private static Optional<Float> bound(OnnxNode node, String name, int input) {
        return node.has(name)
                ? Optional.of(node.decimal(name, 0))
                : node.find(input).map(value -> value.require("`" + name + "`").floats()[0]);
    }

    private static ForeignValue power(OnnxNode node) {
        ForeignValue x = node.in(0);
        Optional<Constant> exponent = node.in(1).constant();
        if (exponent.isPresent() && !x.known() && exponent.get().uniform()) {
            float power = exponent.get().floats()[0];
            float halves = 2 * Math.abs(power);
            if (halves == Math.rint(halves) && halves > 0 && halves <= MOST_HALVES) {
                ForeignValue raised = raised(node, x, (int) halves);
                return power > 0 ? raised : node.unary(Unary.Function.RECIPROCAL, raised);
            }
        }
        return x.known() && node.in(1).known() ? node.binary(Binary.Function.POWER, x, node.in(1)) : byLogarithm(node);
    }

    /** exp(y log x), for an x that is never below zero. */
    private static ForeignValue byLogarithm(OnnxNode node) {
        ForeignValue x = node.in(0);
        boolean positive = x.constant().map(known -> IntStream.range(0, known.floats().length)
                .allMatch(i -> known.floats()[i] > 0)).orElseGet(() -> neverNegative(node, x));
        if (!positive) {
            throw new ImportProblemException("powers by exponents that are computed, or differ, or are no halves,"
                    + " are not supported where the base may be below zero",
                    "where the base is never below zero say so in the model: torch.pow(x.abs(), y)");
        }
        node.network().note("powers of data are computed by logarithms: 0 to the power of 0 is NaN");
        ForeignValue logarithm = node.unary(Unary.Function.LOG, x);
        return node.unary(Unary.Function.EXP, node.binary(Binary.Function.MULTIPLY, node.in(1), logarithm));
    }

    /** Whether nothing below zero comes out of what computes a value. */
    private static boolean neverNegative(OnnxNode node, ForeignValue x) {
        Optional<ForeignNode> made = node.network().producer(x);
        return made.isPresent() && switch (made.get().op()) {
            case Unary unary -> switch (unary.function()) {
                case RELU, ABSOLUTE, SIGMOID, EXP, SQRT, SOFTPLUS, HARD_SIGMOID -> true;
                case CLIP -> unary.alpha() >= 0;
                default -> false;
            };
            case NetworkOp.Softmax softmax -> !softmax.logarithm();
            case NetworkOp.Reshape _,NetworkOp.Transpose _,NetworkOp.Slice _ -> neverNegative(node, made.get().x());
            case NetworkOp.Binary(var function) when function == Binary.Function.MULTIPLY ->
                made.get().inputs().get(0).id() == made.get().inputs().get(1).id();
            default -> false;
        };
    }

    /** x to the power of halves / 2, by squares. */
    private static ForeignValue raised(OnnxNode node, ForeignValue x, int halves) {
        if (halves <= 2) {
            return halves == 1 ? node.unary(Unary.Function.SQRT, x) : x;
        }
        if (halves == 6) {
            return node.binary(Binary.Function.MULTIPLY, node.binary(Binary.Function.MULTIPLY, x, x), x);
        }
        if (halves % 4 == 0) {
            ForeignValue root = raised(node, x, halves / 2);
            return node.binary(Binary.Function.MULTIPLY, root, root);
        }
        int rest = halves % 2 == 1 ? 1 : 2;
        return node.binary(Binary.Function.MULTIPLY, raised(node, x, halves - rest), raised(node, x, rest));
    }

    private static ForeignValue dropout(OnnxNode node) {
        boolean training = node.find(2).map(mode -> mode.require("`training_mode`").integers()[0] != 0).orElse(false);
        if (training) {
            throw new ImportProblemException("the model drops values at random, as in training",
                    "export it for inference: `model.eval()` in PyTorch");
        }
        return node.in(0);
    }

    private static ForeignValue cast(OnnxNode node) {
        int type = (int) node.integer("to", 0);
        ElementKind kind = OnnxTensors.kind(type).orElseThrow(() -> new ImportProblemException(
                "a cast to " + OnnxTensors.typeName(type) + " is not supported"));
        return cast(node, kind);
    }

    private static ForeignValue cast(OnnxNode node, ElementKind kind) {
        ForeignValue x = node.in(0);
        if (x.coding().isPresent()) {
            // The same codes; they become real with the scale that follows.
            return node.network().coded(x, kind, x.coding());
        }
        boolean bytes = x.kind() == ElementKind.U8 || x.kind() == ElementKind.I8;
        if (bytes && kind.floating() && !x.known() && node.network().producer(x).isEmpty()) {
            return QuantizedOperators.numbers(node, x);
        }
        return x.kind() == kind ? x : node.add(new NetworkOp.Cast(kind), x);
    }
}
