package dev.tern.importers.export;

import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.ElementFunction;
import java.util.List;

/** Functions of elements. */
record ElementExport(Translation translation, AxisOrder layout) {
    private OnnxGraph out() {
        return translation.out();
    }

    private String in(ValueId id) {
        return translation.numbers(id, layout);
    }

    String affine(Operation.Affine affine) {
        String scaled = out().node("Mul", List.of(in(affine.x()), translation.perChannel(affine.scale(), layout)));
        return out().node("Add", List.of(scaled, translation.perChannel(affine.shift(), layout)));
    }

    String elementwise(Operation.Elementwise elementwise) {
        String operator = switch (elementwise.function()) {
            case ADD -> "Add";
            case SUBTRACT -> "Sub";
            case MULTIPLY -> "Mul";
            case DIVIDE -> "Div";
            case MINIMUM -> "Min";
            case MAXIMUM -> "Max";
        };
        return out().node(operator, List.of(operand(elementwise.left()), operand(elementwise.right())));
    }

    /** Numbers that stretch are written as short as they are. */
    private String operand(ValueId id) {
        boolean vector = translation.constant(id).isPresent() && translation.shape(id).rank() <= 1;
        return vector ? translation.perChannel(id, layout) : in(id);
    }

    String clip(Operation.Clip clip) {
        return out().node("Clip", List.of(in(clip.x()), out().scalar(clip.low()), out().scalar(clip.high())));
    }

    String prelu(Operation.PRelu prelu) {
        float[] slopes = translation.floats(prelu.slope());
        boolean one = true;
        for (float slope : slopes) {
            one &= Float.floatToIntBits(slope) == Float.floatToIntBits(slopes[0]);
        }
        return one && Float.isFinite(slopes[0])
                ? out().node("LeakyRelu", List.of(in(prelu.x())), Attribute.of("alpha", slopes[0]))
                : out().node("PRelu", List.of(in(prelu.x()), translation.perChannel(prelu.slope(), layout)));
    }

    String activation(Operation.Activation activation) {
        String x = in(activation.x());
        ElementFunction function = activation.function();
        return switch (function.name()) {
            case "relu" -> out().node("Relu", List.of(x));
            case "sigmoid" -> out().node("Sigmoid", List.of(x));
            case "tanh" -> out().node("Tanh", List.of(x));
            case "silu" -> out().node("Mul", List.of(x, out().node("Sigmoid", List.of(x))));
            case "gelu" -> out().node("Gelu", List.of(x), Attribute.of("approximate", "tanh"));
            case "gelu_erf" -> out().node("Gelu", List.of(x), Attribute.of("approximate", "none"));
            case "exp" -> out().node("Exp", List.of(x));
            // Of what is below zero they are those of zero, where ONNX has no number.
            case "sqrt" -> out().node("Sqrt", List.of(out().node("Relu", List.of(x))));
            case "log" -> out().node("Log", List.of(out().node("Relu", List.of(x))));
            case "softplus" -> out().node("Softplus", List.of(x));
            case "abs" -> out().node("Abs", List.of(x));
            case "reciprocal" -> out().node("Reciprocal", List.of(x));
            case "hardsigmoid" -> out().node("HardSigmoid", List.of(x), Attribute.of("alpha", 1 / 6f),
                    Attribute.of("beta", 0.5f));
            case "hardswish" -> out().node("HardSwish", List.of(x));
            case "elu" -> out().node("Elu", List.of(x),
                    Attribute.of("alpha", Float.parseFloat(function.attributes())));
            case "inverse_root" -> out().node("Reciprocal", List.of(out().node("Sqrt", List.of(out().node("Add",
                    List.of(x, out().scalar((float) Double.parseDouble(function.attributes()))))))));
            default -> throw new IllegalStateException(function + " is no function of elements");
        };
    }
}
