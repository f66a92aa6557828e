package dev.tern.compiler.testing.text;

import java.util.List;
import java.util.Optional;

/** Weight and activation schemes as they are written. */
final class Schemes {
    /** More bits than a byte holds. */
    private static final int WIDE = 16;

    private static final List<String> RANGES = List.of("0..1", "-1..1", "-0.5..1.5", "0..6", "-2..0", "-1.0..0.9921875",
            "0..255", "-128..127", "0..0.1", "-3..5", "1..2", "-3..-1", "0..3.75", "-0.001..1000", "0.5..0.75",
            "0..1e-20", "-1e-30..2e-30", "0..1e30");

    private final Choices choices;

    /** A step input that schemes may name where the model's inputs are visible. */
    private Optional<String> step = Optional.empty();

    Schemes(Choices choices) {
        this.choices = choices;
    }

    void step(String input) {
        step = Optional.of(input);
    }

    /** An activation scheme for where the model's inputs have no names: inside a block. */
    String withoutStep(Value.Kind kind) {
        Optional<String> hidden = step;
        step = Optional.empty();
        String scheme = activations(kind);
        step = hidden;
        return scheme;
    }

    /** Numbers known when the model is written. */
    String range() {
        return RANGES.get(choices.below(choices.rarely(4) ? RANGES.size() : 10));
    }

    String weights() {
        return switch (choices.below(13)) {
            case 0, 1 -> with("binary", "");
            case 2, 3 -> choices.rarely(2) ? with("ternary", "twn") : "ternary";
            case 4 -> with("ternary", "absmean");
            case 5 -> with("ternary", "ttq");
            case 6 -> with("ternary", "ttq, " + choices.of("0.2", "0.0", "0.7", "1.0"));
            case 7 -> with("ternary", "threshold: " + choices.of("0.3", "0.05", "0.5", "0.0", "1.0"));
            case 8, 9 -> with("int", Integer.toString(2 + choices.below(7)));
            case 10 -> "int(8)";
            case 11 -> "int(" + (2 + choices.below(6)) + ", asymmetric" + choices.of("", "", ", scale: tensor") + ")";
            default -> "float";
        };
    }

    private String with(String scheme, String arguments) {
        String scale = choices.rarely(3) ? "scale: " + choices.of("channel", "tensor", "none") : "";
        String all = arguments + (arguments.isEmpty() || scale.isEmpty() ? "" : ", ") + scale;
        return all.isEmpty() ? scheme : scheme + "(" + all + ")";
    }

    /** An activation scheme for a value whose rows share a scale. */
    String activations(Value.Kind kind) {
        if (kind == Value.Kind.I8) {
            return "static(" + choices.of(8, 8, 8, 4, 1) + ", " + range() + ")";
        }
        return switch (choices.below(12)) {
            case 0, 1 -> "sign";
            case 2 -> "ternary(" + choices.of("0.25", "0.0", "0.5", "1", "1e-40") + ")";
            case 3, 4 -> "dynamic(" + (1 + choices.below(8)) + ")";
            case 5 -> "dynamic(" + bits(kind) + ", absmax)";
            case 6, 7 -> "static(" + (1 + choices.below(8)) + ", " + range() + ")";
            case 8 -> stepped(kind);
            case 9 -> kind == Value.Kind.U8
                    ? "static(8, " + choices.of("0..1", "-1..1", "-1.0..0.9921875") + ")"
                    : "static(" + (1 + choices.below(8)) + ", calibrated)";
            case 10 -> "float";
            default -> step.map(t -> table(bits(kind), t)).orElse("dynamic(8)");
        };
    }

    /** With an odd number of codes now and then, which both kinds of grids can have. */
    private String table(int bits, String step) {
        String levels = bits >= 2 && choices.rarely(3)
                ? ", levels: " + ((1 << bits) - 1 - 2 * choices.below(bits - 1))
                : "";
        return "tdq(" + bits + ", step: " + step + levels + ")";
    }

    /** As models come from elsewhere: with a scale and a zero point. */
    private String stepped(Value.Kind kind) {
        boolean unsigned = kind == Value.Kind.U8 || choices.below(2) == 0;
        int bits = kind == Value.Kind.U8 ? 8 : choices.rarely(6) ? WIDE : 2 + choices.below(7);
        int zero = unsigned ? choices.below(1 << bits) : choices.below((1 << bits) - 1) - (1 << bits - 1) + 1;
        return "static(" + bits + ", scale: " + choices.of("0.5", "0.3367", "0.0078125", "1e-3", "20.0", "1e-30")
                + (choices.below(2) == 0 ? "" : ", zero: " + zero) + (unsigned ? ", unsigned: true" : "")
                + (!unsigned && choices.rarely(3) ? ", narrow: true" : "") + ")";
    }

    /** Of a value that may be negative, absmax takes one bit for the sign. */
    private int bits(Value.Kind kind) {
        return kind == Value.Kind.POSITIVE || kind == Value.Kind.U8 ? 1 + choices.below(8) : 2 + choices.below(7);
    }

    /** A scheme with a scale for each row. */
    String byRow(Value.Kind kind) {
        return choices.below(2) == 0
                ? "dynamic(" + (1 + choices.below(8)) + ", minmax, per: row)"
                : "dynamic(" + bits(kind) + ", absmax, per: row)";
    }

    /** A scheme with a scale for each channel. */
    String byChannel(Value.Kind kind) {
        return "static(" + bits(kind) + ", calibrated, per: channel)";
    }

    /** A scheme whose codes have no scale, for paddings that are not 0. */
    String plain() {
        return choices.of("sign", "ternary(0.25)", "ternary(0.0)");
    }
}
