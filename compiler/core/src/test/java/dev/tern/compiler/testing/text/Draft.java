package dev.tern.compiler.testing.text;

import dev.tern.compiler.graph.Shape;
import java.util.ArrayList;
import java.util.List;

/** A text that grows: its blocks, its statements, the values that have names, and the work that may still be done. */
final class Draft {
    /** Elements of the greatest value. */
    private static final int MOST_ELEMENTS = 20_000;

    final Choices choices;
    final Schemes schemes;
    private final List<String> blocks = new ArrayList<>();
    private final List<String> statements = new ArrayList<>();
    private final List<Value> values = new ArrayList<>();
    private long work;
    private int names;

    /** @param work multiply-adds that the whole model may take */
    Draft(Choices choices, long work) {
        this.choices = choices;
        this.schemes = new Schemes(choices);
        this.work = work;
    }

    /** Takes so many multiply-adds off what is left, if that is enough. */
    boolean afford(long multiplyAdds) {
        if (multiplyAdds > work) {
            return false;
        }
        work -= multiplyAdds;
        return true;
    }

    /** How many channels of so many multiply-adds each there may be, at most those wanted. */
    int affordable(int wanted, long each) {
        return (int) Math.min(wanted, work / Math.max(1, each));
    }

    /** Whether a value may have this many elements. */
    static boolean small(long elements) {
        return elements <= MOST_ELEMENTS;
    }

    String fresh(String prefix) {
        return prefix + names++;
    }

    void define(Value value) {
        values.add(value);
    }

    /** A statement that gives the value a name, if it has none yet. */
    Value bind(Value value) {
        if (value.named()) {
            return value;
        }
        String name = fresh("v");
        state(name + " = " + value.text());
        return new Value(name, value.shape(), value.kind());
    }

    /** The same for a value that others may use. */
    Value bound(Value value) {
        Value bound = bind(value);
        if (bound != value) {
            define(bound);
        }
        return bound;
    }

    void state(String statement) {
        statements.add(statement);
    }

    void block(String text) {
        blocks.add(text);
    }

    List<String> blocks() {
        return blocks;
    }

    List<String> statements() {
        return statements;
    }

    List<Value> values() {
        return values;
    }

    /** A value to go on from: mostly the last. */
    Value any() {
        int back = choices.rarely(3) ? choices.below(values.size()) : 0;
        return values.get(values.size() - 1 - back);
    }

    /** A number of channels, features or elements. */
    int size() {
        return switch (choices.below(8)) {
            case 0, 1, 2 -> 1 + choices.below(8);
            case 3, 4 -> choices.of(15, 16, 17, 31, 32, 33);
            case 5, 6 -> choices.of(63, 64, 65, 96, 127, 128, 129);
            default -> choices.of(191, 255, 256, 257, 511, 513, 585, 586, 640, 1023, 1025, 2049, 4608, 5000);
        };
    }

    static String dimensions(Shape shape) {
        return shape.rank() == 0 ? "" : shape.toString();
    }
}
