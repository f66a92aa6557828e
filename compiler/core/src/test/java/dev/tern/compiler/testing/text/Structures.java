package dev.tern.compiler.testing.text;

import dev.tern.compiler.graph.Shape;
import java.util.Collections;
import java.util.Optional;

/** What is written once and applied several times: repeats, named functions, blocks. */
final class Structures {
    private final Draft draft;
    private final Choices choices;
    private final Schemes schemes;

    Structures(Draft draft) {
        this.draft = draft;
        this.choices = draft.choices;
        this.schemes = draft.schemes;
    }

    /** A function that keeps the shape, several times. */
    Optional<Value> repeated(Value x) {
        int times = 1 + choices.below(3);
        int channels = x.shape().channels();
        if (x.shape().rank() == 0 || !draft.afford((long) x.shape().elements() * channels * times)) {
            return Optional.empty();
        }
        String function = "dense(" + channels + schemes(false) + ")"
                + choices.of("", " |> batchnorm", " |> relu", " |> batchnorm |> relu", " |> bias |> hardtanh");
        if (choices.rarely(3)) {
            String name = draft.fresh("f");
            draft.state(name + " = " + function);
            return Optional.of(choices.below(2) == 0
                    ? x.then("repeat(" + times + ", " + name + ")", x.shape())
                    : x.then(String.join(" |> ", Collections.nCopies(times, name)), x.shape()));
        }
        return Optional.of(x.then("repeat(" + times + ", " + function + ")", x.shape()));
    }

    private String schemes(boolean inBlock) {
        return (choices.below(3) > 0
                ? ", activations: "
                        + (inBlock ? schemes.withoutStep(Value.Kind.REAL) : schemes.activations(Value.Kind.REAL))
                : "")
                + (choices.below(3) > 0 ? ", weights: " + schemes.weights() : "");
    }

    /** A residual block with a projection where the shape changes, declared and applied. */
    Optional<Value> block(Value x) {
        if (x.shape().rank() != 3 || x.kind() == Value.Kind.ROWS) {
            return Optional.empty();
        }
        Shape from = x.shape();
        int channels = choices.of(1, 3, 8, 16, from.channels());
        int stride = 1 + choices.below(2);
        Shape to = Shape.of((from.dimension(0) + stride - 1) / stride, (from.dimension(1) + stride - 1) / stride,
                channels);
        int applications = to.equals(from) && choices.rarely(3) ? 2 : 1;
        long work = (long) to.elements() * (9L * from.channels() + 9L * channels + from.channels()) * applications;
        if (!draft.afford(work)) {
            return Optional.empty();
        }
        String name = draft.fresh("Block");
        draft.block("block " + name
                + "(x: f32[h, w, c], channels: int, stride: int = 1) -> (y: f32[_, _, channels]) {\n"
                + (choices.below(2) == 0
                        ? ""
                        : "default weights: " + schemes.weights() + ", activations: "
                                + schemes.withoutStep(Value.Kind.REAL) + "\n")
                + "inner = x |> conv(channels, 3x3, stride: stride" + schemes(true) + ") |> batchnorm |> relu\n"
                + "|> conv(channels, 3x3" + schemes(true) + ")" + choices.of("", " |> batchnorm", " as second") + "\n"
                + "shortcut = x |> conv(channels, 1x1, stride: stride" + schemes(true)
                + ") if stride != 1 or c != channels\n"
                + "y = " + choices.of("inner + shortcut", "relu(inner + shortcut)", "relu(shortcut) + inner",
                        "inner - shortcut", "inner * shortcut")
                + "\n}\n");
        String call = name + "(" + choices.of(Integer.toString(channels), "channels: " + channels)
                + (stride == 1 && choices.below(2) == 0 ? "" : ", stride: " + stride) + ")";
        return Optional.of(x.then(applications == 2 ? "repeat(2, " + call + ")" : call, to));
    }
}
