package dev.tern.compiler.testing.text;

import dev.tern.compiler.graph.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a model ends in: its outputs, names for their entries, and what it may cost. */
final class Outputs {
    private final Draft draft;
    private final Choices choices;
    private final List<String> declared = new ArrayList<>();

    Outputs(Draft draft) {
        this.draft = draft;
        this.choices = draft.choices;
    }

    /** The outputs as they are declared, after the statements that define them were added. */
    List<String> define() {
        output(draft.values().getLast());
        for (int more = choices.rarely(3) ? 1 + choices.below(2) : 0; more > 0; more--) {
            choices.together(() -> {
                output(draft.values().get(choices.below(draft.values().size())));
                return null;
            });
        }
        return declared;
    }

    private void output(Value x) {
        String name = "y" + declared.size();
        String head = choices.of("", "relu", "softmax", "sigmoid", "tanh", "flatten", "clip(-0.5..2.0)", "batchnorm",
                "argmax", "argmax");
        boolean index = head.equals("argmax") && x.shape().rank() > 0;
        Shape shape = x.shape();
        if (index) {
            shape = Shape.of(Arrays.copyOf(shape.toArray(), shape.rank() - 1));
        } else if (head.equals("flatten")) {
            shape = Shape.of(shape.elements());
        } else if (head.equals("argmax")) {
            head = "";
        }
        draft.state(name + " = " + x.text() + (head.isEmpty() ? "" : " |> " + head));
        declared.add(name + ": " + (index ? "i32" : "f32") + Draft.dimensions(shape));
        int entries = index ? x.shape().channels() : shape.elements();
        if ((shape.rank() == 0) == index && entries < 40 && choices.rarely(4)) {
            draft.state("labels " + name + ": " + IntStream.range(0, entries).mapToObj(i -> "\"entry " + i + "\"")
                    .collect(Collectors.joining(", ")));
        }
    }

    /** At times a budget, between what no model keeps and what any does. */
    void budget() {
        if (choices.rarely(4)) {
            long greatest = draft.values().stream().mapToLong(v -> v.shape().elements()).max().orElse(1);
            draft.state("budget ram: " + greatest * Float.BYTES * (50 + choices.below(300)) / 100 + " B");
        }
    }
}
