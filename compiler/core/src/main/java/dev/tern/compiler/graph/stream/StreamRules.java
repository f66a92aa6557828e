package dev.tern.compiler.graph.stream;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.ValueId;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** What may be computed frame by frame, the first axis of a value being time. */
final class StreamRules {
    private final Map<ValueId, Node> definitions;
    private final Diagnostics diagnostics;

    StreamRules(Map<ValueId, Node> definitions, Diagnostics diagnostics) {
        this.definitions = definitions;
        this.diagnostics = diagnostics;
    }

    /** The window of an operation that sees several frames, or shifts them. */
    Optional<Geometry> window(Node node) {
        Optional<Geometry> geometry = switch (node.operation()) {
            case Operation.Conv conv -> Optional.of(conv.geometry());
            case Operation.MaxPool pool -> Optional.of(pool.geometry());
            case Operation.AvgPool pool -> Optional.of(pool.geometry());
            // Nothing else has one.
            default -> Optional.empty();
        };
        return geometry.filter(g -> g.kernelHeight() > 1 || g.strideHeight() > 1 || g.padTop() + g.padBottom() > 0);
    }

    /** Whether a window goes along time by one frame and stays among frames that there are; reports where not. */
    boolean slides(Node node, Geometry geometry) {
        if (node.type().shape().dimension(0) == 1 && geometry.padTop() + geometry.padBottom() == 0) {
            // It has one place: all frames.
            return true;
        }
        if (geometry.padTop() + geometry.padBottom() > 0) {
            refuse(node, "padding along time is no frame of a stream",
                    "with `pad: valid`, or zeros on the other axis alone (`pad: 0x1`), every new frame gives one");
            return false;
        }
        if (geometry.strideHeight() > 1) {
            refuse(node, "a stride along time gives no result for every new frame",
                    "with a stride of 1 along time (`stride: 1x2`) every new frame gives one");
            return false;
        }
        return true;
    }

    /** Whether an operation may be given all frames at once; reports where that would cost what a stream is to save. */
    boolean mayTakeWindow(Node node) {
        if (node.operation() instanceof Operation.MeasureRange) {
            refuse(node, "the range of a whole window changes with every frame",
                    "`static(bits, lo..hi)`, `sign` and `ternary` quantize each frame for itself; so does `per: row` of"
                            + " values with two axes");
            return false;
        }
        return true;
    }

    private void refuse(Node node, String message, String help) {
        diagnostics.add(Diagnostic.error(DiagnosticCode.NOT_STREAMED, message, node.origin().position(),
                "in a model of a stream").help(help)
                .help("or declare the input as the whole window, without `over`"));
    }

    /** Whether the values of a window of it are kept, rather than computed again of what they come from at no cost. */
    boolean isState(Node node) {
        return switch (node.operation()) {
            case Operation.Dequantize _,Operation.Reshape _ -> false;
            case Operation.Rescale rescale -> !(definitions.get(rescale.x()).type()
                    .element() instanceof ElementType.Code);
            // Zero points and indices are of other types.
            default -> node.type().element() instanceof ElementType.F32
                    || node.type().element() instanceof ElementType.Code;
        };
    }

    /**
     * Whether a frame of the result depends on that frame alone of each operand.
     *
     * @param frames of the result
     * @param of how many frames a value is of; 0 for one that is not of frames
     */
    boolean perFrame(Node node, int frames, ToIntFunction<ValueId> of) {
        Shape shape = node.type().shape();
        if (shape.rank() == 0 || shape.dimension(0) != frames) {
            return false;
        }
        boolean sameFrames = node.operation().operands().stream()
                .filter(id -> !(node.operation() instanceof Operation.Product product && id.equals(product.weights())))
                .allMatch(id -> of.applyAsInt(id) == frames || of.applyAsInt(id) == 0 && steady(id, shape.rank()));
        return sameFrames && eachForItself(node, of);
    }

    /** Whether a value that is not of frames is the same for each of them. */
    private boolean steady(ValueId id, int rank) {
        Shape shape = definitions.get(id).type().shape();
        return shape.rank() < rank || shape.dimension(0) == 1;
    }

    private boolean eachForItself(Node node, ToIntFunction<ValueId> of) {
        return switch (node.operation()) {
            // @formatter:off
            case Operation.Quantize _, Operation.Sign _, Operation.Ternarize _, Operation.Dequantize _,
                 Operation.Rescale _, Operation.BatchNorm _, Operation.Affine _, Operation.Elementwise _,
                 Operation.Activation _, Operation.Clip _, Operation.PRelu _ -> true;
            // @formatter:on
            case Operation.Conv conv -> of.applyAsInt(conv.a()) > 0;
            case Operation.Dense dense -> of.applyAsInt(dense.a()) > 0 && rows(dense.a());
            case Operation.MaxPool _,Operation.AvgPool _ -> true;
            case Operation.MeasureRange(ValueId x, boolean perRow) -> perRow
                    && definitions.get(x).type().shape().rank() == 2;
            case Operation.RangeScale _,Operation.RangeZero _ -> true;
            case Operation.RowStatistic(var _, ValueId x) -> rows(x);
            case Operation.Softmax(ValueId x) -> rows(x);
            case Operation.ArgMax(ValueId x) -> rows(x);
            case Operation.Reshape _ -> true;
            case Operation.Transpose(var _, var permutation) -> permutation.getFirst() == 0;
            case Operation.Slice slice -> slice.axis() != 0;
            case Operation.Gather gather -> gather.axis() != 0;
            case Operation.Concat concat -> concat.axis() != 0
                    && concat.parts().stream().allMatch(part -> of.applyAsInt(part) > 0);
            // Whatever else there is gets all frames at once, which costs time, never bits.
            default -> false;
        };
    }

    private boolean rows(ValueId id) {
        return definitions.get(id).type().shape().rank() > 1;
    }
}
