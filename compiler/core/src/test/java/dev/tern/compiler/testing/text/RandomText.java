package dev.tern.compiler.testing.text;

import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.testing.text.Value.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A correct model as a user writes it: blocks, repeats, functions, several inputs and outputs, joins of every kind, all
 * schemes, windows of every kind, labels, budgets. The same decisions give the same text.
 */
public final class RandomText {
    private final boolean large;
    private final Draft draft;
    private final Choices choices;
    private final Products products;
    private final Elements elements;
    private final Movements movements;
    private final Joins joins;
    private final Structures structures;

    private RandomText(Choices choices) {
        this.choices = choices;
        // Most models are short and small: faults that take more come with the few that are not.
        large = choices.rarely(12);
        draft = new Draft(choices, large ? choices.of(60_000L, 300_000L) : choices.of(1_000L, 3_000L, 10_000L));
        products = new Products(draft);
        elements = new Elements(draft);
        movements = new Movements(draft);
        joins = new Joins(draft, products, elements);
        structures = new Structures(draft);
    }

    /** The text of a model. */
    public static String of(Choices choices) {
        return new RandomText(choices).text();
    }

    private String text() {
        List<String> inputs = inputs();
        String defaults = choices.below(3) == 0
                ? ""
                : "default weights: " + draft.schemes.weights() + ", activations: "
                        + draft.schemes.activations(Kind.REAL) + "\n";
        // The list of decisions ends in zeros where a model is made smaller: there the statements end, too.
        for (int most = large ? 9 : choices.of(2, 3, 4, 6); most > 0; most--) {
            if (!choices.together(this::statement)) {
                break;
            }
        }
        Outputs outputs = new Outputs(draft);
        List<String> declared = outputs.define();
        outputs.budget();
        return String.join("", draft.blocks()) + "model Random(" + String.join(", ", inputs) + ") -> ("
                + String.join(", ", declared) + ") {\n" + defaults + String.join("\n", draft.statements()) + "\n}\n";
    }

    private List<String> inputs() {
        List<String> inputs = new ArrayList<>();
        Shape first = null;
        for (int more = choices.rarely(4) ? 2 + choices.below(2) : 1; more > 0; more--) {
            Shape shape = first != null && choices.below(2) == 0 ? first : shape();
            first = first == null ? shape : first;
            Kind kind = choices.of(Kind.REAL, Kind.REAL, Kind.REAL, Kind.REAL, Kind.REAL, Kind.U8, Kind.I8);
            String name = "x" + inputs.size();
            inputs.add(name + ": " + (kind == Kind.U8 ? "u8" : kind == Kind.I8 ? "i8" : "f32")
                    + Draft.dimensions(shape));
            Value input = new Value(name, shape, kind);
            draft.define(kind == Kind.REAL ? input : read(input));
        }
        if (choices.rarely(6)) {
            inputs.add("t: step[" + (1 + choices.below(9)) + "]");
            draft.schemes.step("t");
            int features = 2 + choices.below(40);
            draft.bound(new Value("t |> embed(" + choices.of("learned", "sinusoidal") + ", " + features + ")",
                    Shape.of(features), Kind.REAL));
        }
        if (choices.rarely(8)) {
            Shape shape = choices.below(2) == 0 ? Shape.of(draft.size()) : shape();
            int entries = 1 + choices.below(70);
            int features = 2 + choices.below(9);
            Shape embedded = shape.followedBy(Shape.of(features));
            if (Draft.small(embedded.elements())) {
                inputs.add("words: index" + Draft.dimensions(Shape.of(entries).followedBy(shape)));
                draft.bound(new Value("words |> embed(" + choices.of("learned", "sinusoidal") + ", " + features + ")",
                        embedded, Kind.REAL));
            }
        }
        return inputs;
    }

    /** Bytes are read by an op with weights, which knows what they stand for. */
    private Value read(Value stored) {
        Optional<Value> product = products.any(stored);
        return draft.bind(product.or(() -> products.dense(stored, 1)).orElseGet(() -> stored
                .then("dense(1, weights: int(4), activations: static(8, -1..1))", Shape.of(lastOne(stored.shape())))));
    }

    private static int[] lastOne(Shape shape) {
        int[] dimensions = shape.toArray();
        dimensions[dimensions.length - 1] = 1;
        return dimensions;
    }

    private Shape shape() {
        return switch (choices.below(12)) {
            case 0, 1, 2 -> Shape.of(draft.size());
            case 3, 4 -> Shape.of(1 + choices.below(6), draft.size());
            case 5 -> Shape.of(1 + choices.below(3), 1 + choices.below(4), 1 + choices.below(4),
                    1 + choices.below(9));
            default -> {
                int most = choices.rarely(6) ? 20 : 9;
                yield Shape.of(1 + choices.below(most), 1 + choices.below(most),
                        choices.of(1, 2, 3, 4, 5, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 96));
            }
        };
    }

    /** One more statement, or several that belong together. @return false if there is to be none */
    private boolean statement() {
        int kind = choices.below(17);
        if (kind == 0) {
            return false;
        }
        Value x = draft.any();
        Optional<Value> result = switch (kind) {
            case 1, 2 -> Optional.of(elements.withNumber(x));
            case 3 -> joins.sum(x);
            case 4, 5 -> joins.residual(x);
            case 6 -> joins.twins(x);
            case 7 -> joins.concat(x);
            case 8 -> structures.repeated(x);
            case 9 -> structures.block(x);
            case 10 -> joins.integers(x);
            case 11 -> joins.matrices(x);
            default -> Optional.of(pipeline(x));
        };
        result.ifPresent(draft::bound);
        return true;
    }

    private Value pipeline(Value x) {
        Value result = x;
        int most = 1 + choices.below(large ? 5 : 3);
        for (int i = 0; i < most; i++) {
            Value before = result;
            result = switch (choices.below(8)) {
                case 0, 1, 2 -> elements.step(before);
                case 3, 4, 5, 6 -> products.any(before).orElse(before);
                default -> movements.step(before).orElse(before);
            };
        }
        return result;
    }
}
