package dev.tern.compiler.testing.text;

import dev.tern.compiler.graph.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Ops that move elements, and pools. */
final class Movements {
    private final Choices choices;

    Movements(Draft draft) {
        this.choices = draft.choices;
    }

    /** The value moved or pooled; empty where what was drawn does not fit its shape. */
    Optional<Value> step(Value x) {
        return choices.together(() -> switch (choices.below(9)) {
            case 0 -> Optional.of(x.then("flatten", Shape.of(x.shape().elements()), x.kind()));
            case 1 -> reshape(x);
            case 2 -> transpose(x);
            case 3 -> slice(x);
            case 4 -> upsampled(x);
            case 5 -> padded(x);
            case 6 -> reduced(x);
            default -> pool(x);
        });
    }

    private Optional<Value> reshape(Value x) {
        int elements = x.shape().elements();
        List<Integer> dimensions = new ArrayList<>();
        int rest = elements;
        for (int rank = choices.below(4); rank > 0; rank--) {
            int divisor = divisor(rest);
            dimensions.add(divisor);
            rest /= divisor;
        }
        dimensions.add(rest);
        Shape shape = Shape.of(dimensions);
        String written = choices.rarely(2) ? shape.toString().replaceFirst("\\d+", "_") : shape.toString();
        return Optional.of(x.then("reshape(" + written + ")", shape, x.kind()));
    }

    private int divisor(int number) {
        List<Integer> divisors = new ArrayList<>();
        for (int d = 1; d <= Math.min(number, 40); d++) {
            if (number % d == 0) {
                divisors.add(d);
            }
        }
        return divisors.get(choices.below(divisors.size()));
    }

    private Optional<Value> transpose(Value x) {
        int rank = x.shape().rank();
        if (rank < 2 || x.kind() == Value.Kind.ROWS) {
            return Optional.empty();
        }
        List<Integer> order = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            order.add(rank - 1 - axis);
        }
        boolean reverse = choices.rarely(3);
        if (!reverse) {
            Collections.shuffle(order, new Random(choices.below(24)));
        }
        return Optional.of(x.then(reverse ? "transpose" : "transpose(" + order + ")",
                Shape.of(order.stream().map(x.shape()::dimension).toList()), x.kind()));
    }

    private Optional<Value> slice(Value x) {
        if (x.shape().rank() == 0) {
            return Optional.empty();
        }
        int axis = choices.below(x.shape().rank());
        int size = x.shape().dimension(axis);
        int start = choices.below(size);
        int end = start + 1 + choices.below(size - start);
        int[] dimensions = x.shape().toArray();
        dimensions[axis] = end - start;
        String where = axis == x.shape().rank() - 1 && choices.below(2) == 0
                ? ""
                : ", axis: " + (choices.below(2) == 0 ? axis : axis - x.shape().rank());
        int length = end - start;
        if (size % length == 0 && start % length == 0 && choices.below(2) == 0) {
            return Optional.of(x.then("split(" + size / length + ", " + start / length + where + ")",
                    Shape.of(dimensions), x.kind()));
        }
        return Optional.of(x.then("slice(" + start + ", " + end + where + ")", Shape.of(dimensions), x.kind()));
    }

    private Optional<Value> reduced(Value x) {
        if (x.shape().rank() < 2 || x.kind() == Value.Kind.ROWS) {
            return Optional.empty();
        }
        int gone = choices.below(x.shape().rank());
        List<Integer> kept = new ArrayList<>();
        for (int axis = 0; axis < x.shape().rank(); axis++) {
            if (axis != gone) {
                kept.add(x.shape().dimension(axis));
            }
        }
        return Optional.of(x.then("reduce(" + choices.of("mean", "sum", "max") + ", [" + gone + "])",
                Shape.of(kept)));
    }

    private Optional<Value> padded(Value x) {
        if (x.shape().rank() == 0 || x.kind() == Value.Kind.ROWS) {
            return Optional.empty();
        }
        int axis = choices.below(x.shape().rank());
        int before = choices.below(3);
        int after = choices.below(3);
        int[] dimensions = x.shape().toArray();
        dimensions[axis] += before + after;
        if (!Draft.small((long) x.shape().elements() / x.shape().dimension(axis) * dimensions[axis])) {
            return Optional.empty();
        }
        return Optional.of(x.then("pad(" + before + ", " + after + ", axis: " + axis
                + choices.of("", ", value: 0.5", ", value: -2") + ")", Shape.of(dimensions)));
    }

    private Optional<Value> upsampled(Value x) {
        int rows = 1 + choices.below(3);
        int columns = 1 + choices.below(3);
        if (x.shape().rank() != 3 || !Draft.small((long) x.shape().elements() * rows * columns)) {
            return Optional.empty();
        }
        return Optional.of(x.then("upsample(" + rows + "x" + columns + choices.of("", ", bilinear") + ")", Shape.of(x
                .shape().dimension(0) * rows,
                x.shape().dimension(1) * columns, x.shape().channels()), x.kind()));
    }

    private Optional<Value> pool(Value x) {
        Shape shape = x.shape();
        if (shape.rank() == 2) {
            return Optional.of(x.then("avgpool", Shape.of(shape.channels()), x.kind()));
        }
        if (shape.rank() != 3) {
            return Optional.empty();
        }
        if (choices.rarely(4)) {
            return Optional.of(x.then("avgpool", Shape.of(shape.channels()), x.kind()));
        }
        Window window = Window.ofPool(choices, shape);
        Optional<Integer> height = window.output(0, shape.dimension(0));
        Optional<Integer> width = window.output(1, shape.dimension(1));
        if (height.isEmpty() || width.isEmpty()) {
            return Optional.empty();
        }
        String kind = choices.of("maxpool", "maxpool", "avgpool");
        return Optional.of(x.then(kind + "(" + window.kernelText() + window.arguments(window.kernel())
                + (kind.equals("avgpool") && choices.rarely(3) ? ", count_padding: true" : "") + ")", Shape.of(height
                        .get(), width.get(), shape.channels()),
                x.kind()));
    }
}
