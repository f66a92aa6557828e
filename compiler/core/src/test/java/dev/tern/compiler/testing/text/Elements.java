package dev.tern.compiler.testing.text;

import dev.tern.compiler.testing.text.Value.Kind;

/** Ops that keep a value's shape. */
final class Elements {
    private final Choices choices;
    private final Schemes schemes;

    Elements(Draft draft) {
        this.choices = draft.choices;
        this.schemes = draft.schemes;
    }

    /** One more step over f32 elements. */
    Value step(Value x) {
        return choices.together(() -> switch (choices.below(20)) {
            case 0, 1, 2 -> x.then("relu", x.shape(), Kind.POSITIVE);
            case 3, 4, 5 -> x.then(choices.of("batchnorm", "batchnorm", "batchnorm(eps: 0.001)", "batchnorm(eps: 0)"), x
                    .shape());
            case 6 -> x.then("bias", x.shape());
            case 7 -> x.then("prelu", x.shape());
            case 8 -> x.then("clip(" + choices.of("0..1", "-1..1", "0..6", "-0.5..0.25", "1..2", "-2..-1", "-0.0..1",
                    "0..1e-40") + ")", x.shape());
            case 9 -> x.then("hardtanh", x.shape());
            case 10 -> x.then("sigmoid", x.shape(), Kind.POSITIVE);
            case 11 -> x.then(choices.of("tanh", "gelu", "silu"), x.shape());
            case 12 -> x.then("softmax", x.shape(), Kind.POSITIVE);
            case 13, 14 -> quantized(x);
            case 15 -> x.then(choices.of("layernorm", "rmsnorm", "layernorm(eps: 0.1)", "groupnorm(1)", "l2norm"), x
                    .shape());
            case 16 -> x.then(choices.of("scale", "bias(shape: [1])", "scale(shape: [1])"), x.shape());
            case 17 -> x.then(choices.of("gelu(erf)", "leakyrelu", "leakyrelu(0.25)", "elu", "elu(0.5)", "hardswish"), x
                    .shape());
            case 18 -> x.then(choices.of("abs", "relu6", "hardsigmoid", "exp", "sqrt", "reciprocal", "log",
                    "softplus"), x.shape());
            default -> conditional(x);
        });
    }

    /** A step that is not taken leaves what there was: rows on grids of their own too. */
    private Value conditional(Value x) {
        return choices.below(2) == 0
                ? x.then("relu if 1 < 2", x.shape(), Kind.POSITIVE)
                : x.then("relu if 2 < 1", x.shape(), x.kind() == Kind.ROWS ? Kind.ROWS : Kind.REAL);
    }

    private Value quantized(Value x) {
        if (choices.rarely(6)) {
            return x.then("quantize(" + schemes.byRow(x.kind()) + ")", x.shape(), Kind.ROWS);
        }
        if (x.kind() != Kind.I8 && x.shape().rank() > 0 && choices.rarely(6)) {
            // A function of elements takes codes of several scales for what they stand for.
            return x.then("quantize(" + schemes.byChannel(x.kind()) + ") |> relu", x.shape(), Kind.POSITIVE);
        }
        String scheme = schemes.activations(x.kind());
        return x.then("quantize(" + scheme + ")", x.shape(), scheme.equals("float") ? x.kind() : Kind.REAL);
    }

    /** A value joined with a number: an expression, not a step. */
    Value withNumber(Value x) {
        String k = choices.of("2", "0.5", "-1", "0.25", "3", "0", "0.1", "1", "1e-40", "16777217", "-0.0", "1e10");
        return new Value(switch (choices.below(6)) {
            case 0 -> k + " * " + x.text();
            case 1 -> x.text() + " + " + k;
            case 2 -> k + " - " + x.text();
            case 3 -> "2 * " + x.text() + " - 1";
            case 4 -> "-" + x.text();
            default -> x.text() + " * " + x.text();
        }, x.shape(), Kind.REAL);
    }
}
