package dev.tern.importers.export;

import dev.tern.compiler.graph.formula.FixedPoint;
import dev.tern.importers.onnx.schema.FunctionProto;
import java.util.ArrayList;
import java.util.List;

/**
 * What is computed by integers alone: functions of the domain {@link OnnxGraph#TERN} that a file brings along, defined
 * by standard operators on 64-bit integers. Whoever knows them reads their attributes; to everybody else they are what
 * their bodies say.
 */
enum IntegerFunction {
    /** Codes of accumulators. */
    REQUANTIZE("Requantize", FixedPoint.Rounding.DOUBLE), REQUANTIZE_SINGLE("RequantizeSingle",
            FixedPoint.Rounding.SINGLE),
    /** Codes of the sum of two codes. */
    SUM("QuantizedSum", FixedPoint.Rounding.DOUBLE), SUM_SINGLE("QuantizedSumSingle", FixedPoint.Rounding.SINGLE),
    /** Codes of the product of two codes. */
    PRODUCT("QuantizedProduct", FixedPoint.Rounding.DOUBLE), PRODUCT_SINGLE("QuantizedProductSingle",
            FixedPoint.Rounding.SINGLE),
    /** Codes that the model gets as an input; the attributes say what they stand for. */
    CODES("Codes", FixedPoint.Rounding.DOUBLE),
    /** A code for each code. */
    TABLE("CodeTable", FixedPoint.Rounding.DOUBLE),
    /** ONNX's operator on signed codes, which not every runtime has for them. */
    CONV("SignedConvInteger", FixedPoint.Rounding.DOUBLE);

    /** What makes codes of signed ones unsigned. */
    private static final int OFFSET = 128;
    private static final List<String> RESCALE = List.of("multiplier", "up", "down", "zero", "lowest", "highest");

    private final String operator;
    private final FixedPoint.Rounding rounding;

    IntegerFunction(String operator, FixedPoint.Rounding rounding) {
        this.operator = operator;
        this.rounding = rounding;
    }

    String operator() {
        return operator;
    }

    /** Its definition under an operator set. */
    FunctionProto definition(int opset) {
        return switch (this) {
            case REQUANTIZE, REQUANTIZE_SINGLE -> {
                FunctionBody body = rescaling("y = x + bias times a factor, as codes.", List.of("x", "bias"), List.of(
                        "weight_scales"));
                yield rescaled(body, body.node("Add", List.of("x", "bias")), opset);
            }
            case SUM, SUM_SINGLE -> combined("Add", "y = left + right as codes, both looked up on a common scale.",
                    opset);
            case PRODUCT, PRODUCT_SINGLE -> combined("Mul", "y = left * right as codes, both less their zero points.",
                    opset);
            case CODES -> new FunctionBody(operator, "The codes x as they are.", List.of("x"), List.of("scale", "zero"))
                    .result(opset, "Identity", List.of("x"));
            case TABLE -> {
                FunctionBody body = new FunctionBody(operator,
                        "y = table[x]; codes below 0 count from the table's end.",
                        List.of("x", "table"), List.of("from_scale", "from_zero", "scale", "zero"));
                yield body.result(opset, "Gather", List.of("table", body.cast("x", TensorKind.INT64)));
            }
            case CONV -> convolution(opset);
        };
    }

    private FunctionBody rescaling(String documentation, List<String> operands, List<String> attributes) {
        List<String> inputs = new ArrayList<>(operands);
        inputs.addAll(RESCALE);
        List<String> all = new ArrayList<>(List.of("to", "scale"));
        all.addAll(attributes);
        return new FunctionBody(operator, documentation, inputs, all);
    }

    private FunctionProto combined(String operation, String documentation, int opset) {
        FunctionBody body = rescaling(documentation, List.of("left", "right", "left_table", "right_table"),
                List.of("left_scale", "left_zero", "right_scale", "right_zero", "subtract"));
        String left = body.node("Gather", List.of("left_table", body.cast("left", TensorKind.INT64)));
        String right = body.node("Gather", List.of("right_table", body.cast("right", TensorKind.INT64)));
        return rescaled(body, body.node(operation, List.of(left, right)), opset);
    }

    /** An int32 times a factor, see {@link FixedPoint#times}, moved by the zero point and held to the codes. */
    private FunctionProto rescaled(FunctionBody body, String x, int opset) {
        String scaled = switch (rounding) {
            case DOUBLE -> twice(body, x);
            case SINGLE, SHORT -> once(body, x);
        };
        String moved = body.node("Add", List.of(scaled, "zero"));
        String held = body.node("Min", List.of(body.node("Max", List.of(moved, "lowest")), "highest"));
        return body.result(opset, "Cast", List.of(held), Attribute.integerOfCaller("to", "to"));
    }

    private static String twice(FunctionBody body, String x) {
        String shifted = body.cast(body.node("Mul", List.of(body.cast(x, TensorKind.INT64), "up")), TensorKind.INT32);
        String product = body.node("Mul", List.of(body.cast(shifted, TensorKind.INT64), "multiplier"));
        String high = quotient(body, body.node("Add", List.of(product, body.number(TensorKind.INT64,
                1L << FixedPoint.BITS - 1))), body.number(TensorKind.INT64, 1L << FixedPoint.BITS));
        // Halves away from zero.
        String raised = body.node("Add", List.of(body.node("Abs", List.of(high)), half(body)));
        return body.node("Mul", List.of(body.node("Div", List.of(raised, "down")), body.node("Sign", List.of(high))));
    }

    private static String once(FunctionBody body, String x) {
        String product = body.node("Mul", List.of(body.cast(x, TensorKind.INT64), "multiplier"));
        String high = quotient(body, body.node("Add", List.of(product, half(body))), "down");
        return body.cast(body.cast(high, TensorKind.INT32), TensorKind.INT64);
    }

    private static String half(FunctionBody body) {
        return body.node("Div", List.of("down", body.number(TensorKind.INT64, 2)));
    }

    /** The greatest integer that is not above the quotient: the operator Div rounds towards zero. */
    private static String quotient(FunctionBody body, String x, String divisor) {
        String whole = body.node("Sub", List.of(x, body.node("Mod", List.of(x, divisor))));
        return body.node("Div", List.of(whole, divisor));
    }

    private FunctionProto convolution(int opset) {
        FunctionBody body = new FunctionBody(operator, "ConvInteger of signed x: both x and its zero point plus 128.",
                List.of("x", "w", "x_zero_point", "w_zero_point"),
                List.of("dilations", "group", "kernel_shape", "pads", "strides"));
        return body.result(opset, "ConvInteger",
                List.of(unsigned(body, "x"), "w", unsigned(body, "x_zero_point"), "w_zero_point"),
                Attribute.integersOfCaller("dilations"), Attribute.integerOfCaller("group", "group"),
                Attribute.integersOfCaller("kernel_shape"), Attribute.integersOfCaller("pads"),
                Attribute.integersOfCaller("strides"));
    }

    private static String unsigned(FunctionBody body, String x) {
        return body.cast(body.node("Add", List.of(body.cast(x, TensorKind.INT32), body.number(TensorKind.INT32,
                OFFSET))), TensorKind.UINT8);
    }
}
