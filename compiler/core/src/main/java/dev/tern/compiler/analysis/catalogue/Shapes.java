package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.graph.Shape;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/** Makes shapes of numbers that a model's writer chose. */
public final class Shapes {
    private Shapes() {
    }

    /**
     * @param what has the shape, for messages
     * @param report gets BAD_SHAPE for a dimension under 1 and SHAPE_TOO_LARGE for too many elements
     * @return empty if an error was reported
     */
    public static Optional<Shape> of(String what, SourceSpan span, Consumer<Diagnostic> report, long... dimensions) {
        long elements = 1;
        for (long dimension : dimensions) {
            if (dimension < 1) {
                report.accept(Diagnostic.error(DiagnosticCode.BAD_SHAPE,
                        "the shape " + Arrays.toString(dimensions) + " of " + what
                                + " has a dimension under 1",
                        span, ""));
                return Optional.empty();
            }
        }
        for (long dimension : dimensions) {
            // Both factors are small enough here that the product cannot overflow.
            elements = dimension > Shape.MAX_ELEMENTS ? Long.MAX_VALUE : elements * dimension;
            if (elements > Shape.MAX_ELEMENTS) {
                report.accept(Diagnostic.error(DiagnosticCode.SHAPE_TOO_LARGE,
                        "the shape " + Arrays.toString(dimensions) + " of " + what + " has more than "
                                + Shape.MAX_ELEMENTS + " elements",
                        span, ""));
                return Optional.empty();
            }
        }
        return Optional.of(Shape.of(Arrays.stream(dimensions).mapToInt(d -> (int) d).toArray()));
    }

    /** The dimensions, to be changed and checked. */
    public static long[] dimensions(Shape shape) {
        return Arrays.stream(shape.toArray()).asLongStream().toArray();
    }
}
