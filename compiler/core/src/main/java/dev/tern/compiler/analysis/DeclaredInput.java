package dev.tern.compiler.analysis;

import dev.tern.compiler.diagnostics.Position;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.TensorType;
import java.util.Optional;

/**
 * An input as it is declared.
 *
 * @param type of a stream the window's, [frames, ...]
 * @param stream whether a class takes it frame by frame
 * @param position the declaration
 */
public record DeclaredInput(String name, TensorType type, boolean stream, Position position) {
    /**
     * How an image file fills an input.
     *
     * @param channels 1 for grey, 3 for red, green and blue
     */
    public record Pixels(int height, int width, int channels) {
    }

    /**
     * The image that the input holds: [height, width, 1 or 3], [height, width] for grey, or [n] for a grey square of
     * n pixels. Empty where the shape is no image's.
     */
    public Optional<Pixels> pixels() {
        Shape shape = type.shape();
        if (type.element() instanceof ElementType.StepIndex) {
            return Optional.empty();
        }
        return switch (shape.rank()) {
            case 3 -> shape.channels() == 1 || shape.channels() == 3
                    ? Optional.of(new Pixels(shape.dimension(0), shape.dimension(1), shape.channels()))
                    : Optional.empty();
            case 2 -> Optional.of(new Pixels(shape.dimension(0), shape.dimension(1), 1));
            case 1 -> {
                int side = (int) Math.round(Math.sqrt(shape.dimension(0)));
                yield (long) side * side == shape.dimension(0)
                        ? Optional.of(new Pixels(side, side, 1))
                        : Optional.empty();
            }
            default -> Optional.empty();
        };
    }
}
