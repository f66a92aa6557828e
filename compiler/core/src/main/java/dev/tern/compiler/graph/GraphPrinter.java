package dev.tern.compiler.graph;

import dev.tern.compiler.graph.formula.FixedPoint;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Stable text of a graph, one node a line: {@code %7: s4[14, 14, 16] = quantize %5, %6 grid(s4 absmax)   // body.conv}.
 * Small constants are written out; of large ones the text has the extremes and a checksum.
 */
public final class GraphPrinter {
    private static final int WRITTEN_OUT = 8;

    private GraphPrinter() {
    }

    /** The whole graph, ending with a line break. */
    public static String print(Graph graph) {
        StringBuilder out = new StringBuilder("graph ").append(graph.name()).append(" {\n");
        int width = graph.nodes().stream().filter(n -> !n.origin().path().isEmpty())
                .mapToInt(n -> line(n).length()).max().orElse(0);
        for (Node node : graph.nodes()) {
            String line = line(node);
            out.append("    ").append(line);
            if (!node.origin().path().isEmpty()) {
                out.append(" ".repeat(Math.max(0, Math.min(width, 80) - line.length()))).append("   // ")
                        .append(node.origin().path());
            }
            out.append('\n');
        }
        for (Graph.Output output : graph.outputs()) {
            out.append("    output ").append(output.name()).append(" = ").append(output.value());
            if (!output.labels().isEmpty()) {
                out.append(" labels(").append(String.join(", ", output.labels())).append(')');
            }
            out.append('\n');
        }
        return out.append("}\n").toString();
    }

    /** One node without its origin. */
    public static String line(Node node) {
        StringBuilder out = new StringBuilder().append(node.id()).append(": ").append(node.type()).append(" = ")
                .append(name(node.operation()));
        String operands = node.operation().operands().stream().map(ValueId::toString)
                .collect(Collectors.joining(", "));
        for (String part : List.of(operands, attributes(node.operation()))) {
            if (!part.isEmpty()) {
                out.append(' ').append(part);
            }
        }
        return out.toString();
    }

    /** The operation's name: {@code measure_range}. */
    public static String name(Operation operation) {
        if (operation instanceof Operation.Elementwise elementwise) {
            return elementwise.function().name().toLowerCase(Locale.ROOT);
        }
        if (operation instanceof Operation.Activation activation) {
            return activation.function().name();
        }
        if (operation instanceof Operation.RowStatistic row) {
            return "row_" + row.statistic().name().toLowerCase(Locale.ROOT);
        }
        if (operation instanceof Operation.Composite composite) {
            return composite.expansion().name();
        }
        if (operation instanceof Operation.NotLowered other) {
            return other.name();
        }
        return operation.getClass().getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    private static String attributes(Operation operation) {
        return switch (operation) {
            case Operation.Input input -> "\"" + input.name() + "\"";
            case Operation.Parameter parameter -> "\"" + parameter.path() + "\"";
            case Operation.Constant constant -> text(constant.tensor());
            case Operation.WeightCodes codes -> scheme(codes.scheme(), codes.part());
            case Operation.WeightScale scale -> scheme(scale.scheme(), scale.part());
            case Operation.MeasureRange measure -> measure.perRow() ? "per_row" : "";
            case Operation.RangeScale scale -> "grid(" + scale.grid() + ")";
            case Operation.RangeZero zero -> "grid(" + zero.grid() + ")";
            case Operation.Quantize quantize -> "grid(" + quantize.grid() + ")";
            case Operation.Ternarize ternarize -> "at " + ternarize.threshold();
            case Operation.Requantize requantize -> requantize.rule().toString();
            case Operation.RescaleIntegers rescale -> rescale.ratio() + " " + rescale.lowest() + ".."
                    + rescale.highest()
                    + (rescale.rounding() == FixedPoint.Rounding.SINGLE
                            ? ""
                            : " " + rescale.rounding().name().toLowerCase(Locale.ROOT));
            case Operation.SumPool pool -> window(pool.geometry());
            case Operation.CombineCodes combine -> (combine.product() ? "product " : "sum ") + combine.leftTerm() + ", "
                    + combine.rightTerm();
            case Operation.CodeTable table -> "to " + table.code();
            case Operation.Threshold threshold -> "from " + threshold.base() + " step " + threshold.step();
            case Operation.Dense dense -> dense.zero().isPresent() ? "with_zero" : "";
            case Operation.Conv conv -> (conv.zero().isPresent() ? "with_zero " : "") + window(conv.geometry())
                    + (conv.groups() == 1 ? "" : " groups " + conv.groups())
                    + (conv.padding() == Operation.Padding.ZERO
                            ? ""
                            : " padding " + conv.padding().name().toLowerCase(Locale.ROOT));
            case Operation.Rescale rescale -> rescaled(rescale);
            case Operation.Dequantize dequantize -> "";
            case Operation.BatchNorm norm -> "eps " + norm.epsilon();
            case Operation.Clip clip -> clip.low() + ".." + clip.high();
            case Operation.MaxPool pool -> window(pool.geometry());
            case Operation.AvgPool pool -> window(pool.geometry());
            case Operation.Transpose transpose -> transpose.permutation().toString();
            case Operation.Gather gather -> "axis " + gather.axis() + " " + shortened(gather.indices());
            case Operation.RowStatistic statistic -> "";
            case Operation.Composite composite -> composite.expansion().attributes();
            case Operation.Slice slice -> "axis " + slice.axis() + " " + slice.start() + ".." + slice.end();
            case Operation.Concat concat -> "axis " + concat.axis();
            case Operation.StepTable table -> "";
            case Operation.Sign sign -> "";
            case Operation.Affine affine -> "";
            case Operation.Elementwise elementwise -> "";
            case Operation.Activation activation -> activation.function().attributes();
            case Operation.PRelu prelu -> "";
            case Operation.MatMul product -> (product.leftZero().isPresent() ? " with_left_zero" : "")
                    + (product.rightZero().isPresent() ? " with_right_zero" : "");
            case Operation.Softmax softmax -> "";
            case Operation.ArgMax argMax -> "";
            case Operation.Reshape reshape -> "";
            case Operation.NotLowered other -> "not_lowered";
        };
    }

    /** The first indices, and how many there are. */
    private static String shortened(List<Integer> indices) {
        return indices.size() <= WRITTEN_OUT
                ? indices.toString()
                : indices.subList(0, WRITTEN_OUT) + "... of " + indices.size() + " #"
                        + Integer.toHexString(indices.hashCode());
    }

    private static String rescaled(Operation.Rescale rescale) {
        if (rescale.activationScale().isPresent()) {
            return rescale.weightScale().isPresent() ? "by activations and weights" : "by activations";
        }
        return rescale.weightScale().isPresent() ? "by weights" : "";
    }

    private static String window(Geometry g) {
        StringBuilder out = new StringBuilder().append(g.kernelHeight()).append('x').append(g.kernelWidth());
        if (g.strideHeight() != 1 || g.strideWidth() != 1) {
            out.append(" stride ").append(g.strideHeight()).append('x').append(g.strideWidth());
        }
        if (g.dilationHeight() != 1 || g.dilationWidth() != 1) {
            out.append(" dilation ").append(g.dilationHeight()).append('x').append(g.dilationWidth());
        }
        if (g.padded()) {
            out.append(" pad ").append(g.padTop()).append(' ').append(g.padLeft()).append(' ').append(g.padBottom())
                    .append(' ').append(g.padRight());
        }
        return out.toString();
    }

    private static String scheme(WeightScheme scheme, Operation.Part part) {
        String name = switch (scheme) {
            case WeightScheme.Binary binary -> "binary";
            case WeightScheme.Ternary(WeightScheme.TernaryRule rule, var scale) -> "ternary(" + switch (rule) {
                case WeightScheme.TernaryRule.Twn twn -> "twn";
                case WeightScheme.TernaryRule.AbsMean mean -> "absmean";
                case WeightScheme.TernaryRule.Ttq(float p) -> "ttq, " + p;
                case WeightScheme.TernaryRule.Threshold(float v) -> "threshold: " + v;
            } + ")";
            case WeightScheme.Integer(int bits, var scale) -> "int(" + bits + ")";
            case WeightScheme.Asymmetric(int bits, var scale) -> "int(" + bits + ", asymmetric)";
            case WeightScheme.Floating floating -> "float";
        };
        String scale = switch (scheme.scale()) {
            case WeightScheme.ScaleGranularity.PerChannel channel -> "channel";
            case WeightScheme.ScaleGranularity.PerTensor tensor -> "tensor";
            case WeightScheme.ScaleGranularity.None none -> "none";
            case WeightScheme.ScaleGranularity.Group(int size) -> "group(" + size + ")";
        };
        return name + " scale " + scale
                + (part == Operation.Part.ALL ? "" : " " + part.name().toLowerCase(Locale.ROOT));
    }

    /** {@code {1.5, -2.0}}, or {@code {-0.31..0.4, #1f2e3d4c}} for a large one. */
    private static String text(Tensor tensor) {
        return switch (tensor) {
            case Tensor.Floats floats when floats.values().length <= WRITTEN_OUT ->
                braced(Arrays.toString(floats.values()));
            case Tensor.Integers integers when integers.values().length <= WRITTEN_OUT ->
                braced(Arrays.toString(integers.values()));
            case Tensor.Floats floats -> {
                float low = Float.POSITIVE_INFINITY;
                float high = Float.NEGATIVE_INFINITY;
                for (float value : floats.values()) {
                    low = Math.min(low, value);
                    high = Math.max(high, value);
                }
                yield summary(low + ".." + high, Arrays.hashCode(floats.values()));
            }
            case Tensor.Integers integers -> {
                Interval range = Interval.of(integers);
                yield summary(range.low() + ".." + range.high(), Arrays.hashCode(integers.values()));
            }
        };
    }

    private static String braced(String list) {
        return "{" + list.substring(1, list.length() - 1) + "}";
    }

    private static String summary(String extremes, int checksum) {
        return "{" + extremes + ", #" + String.format("%08x", checksum) + "}";
    }
}
