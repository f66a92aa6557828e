package dev.tern.cli.report;

import dev.tern.cli.output.HtmlReport;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphPrinter;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ValueId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.elk.alg.layered.options.LayeredOptions;
import org.eclipse.elk.core.RecursiveGraphLayoutEngine;
import org.eclipse.elk.core.options.CoreOptions;
import org.eclipse.elk.core.options.Direction;
import org.eclipse.elk.core.options.EdgeRouting;
import org.eclipse.elk.core.util.BasicProgressMonitor;
import org.eclipse.elk.graph.ElkBendPoint;
import org.eclipse.elk.graph.ElkEdge;
import org.eclipse.elk.graph.ElkEdgeSection;
import org.eclipse.elk.graph.ElkNode;
import org.eclipse.elk.graph.util.ElkGraphUtil;

/**
 * A model graph as a drawing: what flows from its inputs to its outputs, constants left out. Placed in layers by the
 * Eclipse Layout Kernel.
 */
final class GraphDrawing {
    /** A drawing of more nodes would help nobody. */
    static final int MOST_NODES = 2000;
    private static final double LETTER = 7.2;
    private static final double PADDING = 18;
    private static final double LEAST_WIDTH = 90;
    private static final double HEIGHT = 38;
    private static final double GAP = 12;
    private static final double LAYER_GAP = 22;
    private static final int FIRST_LINE = 16;
    private static final int SECOND_LINE = 30;

    /** How a node looks. */
    enum Look {
        INPUT("input", "inputs and outputs"), PRODUCT("product", "products with weights"), QUANTIZER("quantizer",
                "quantizers, scales"), FUNCTION("function", "functions of elements"), POOL("pool",
                        "pools and reductions"), OTHER("other", "movement and the rest");

        private final String word;
        private final String meaning;

        Look(String word, String meaning) {
            this.word = word;
            this.meaning = meaning;
        }
    }

    private final String id;
    private final Graph graph;
    private final Function<Node, String> tooltip;
    private final Map<ValueId, ElkNode> boxes = new LinkedHashMap<>();
    private final Map<ElkNode, Drawn> drawn = new LinkedHashMap<>();
    private final List<ElkEdge> edges = new ArrayList<>();

    /** @param layer the path of its layer, or empty */
    private record Drawn(Look look, String title, String shape, String told, String layer) {
    }

    private GraphDrawing(String id, Graph graph, Function<Node, String> tooltip) {
        this.id = id;
        this.graph = graph;
        this.tooltip = tooltip;
    }

    /**
     * The drawing.
     *
     * @param id distinguishes the drawings of a page
     * @param tooltip what is told of a node, in lines
     * @return empty if the graph has more than {@value #MOST_NODES} nodes to be drawn
     */
    static Optional<String> of(String id, Graph graph, Function<Node, String> tooltip) {
        return new GraphDrawing(id, graph, tooltip).svg();
    }

    /** What the colours mean. */
    static String legend() {
        StringBuilder legend = new StringBuilder("<ul class=\"legend\">");
        for (Look look : Look.values()) {
            legend.append("<li><span class=\"").append(look.word).append("\"></span>").append(look.meaning)
                    .append("</li>");
        }
        return legend.append("</ul>\n").toString();
    }

    private Optional<String> svg() {
        ElkNode root = ElkGraphUtil.createGraph();
        root.setProperty(CoreOptions.ALGORITHM, LayeredOptions.ALGORITHM_ID);
        root.setProperty(CoreOptions.DIRECTION, Direction.DOWN);
        root.setProperty(CoreOptions.EDGE_ROUTING, EdgeRouting.ORTHOGONAL);
        root.setProperty(CoreOptions.SPACING_NODE_NODE, GAP);
        root.setProperty(LayeredOptions.SPACING_NODE_NODE_BETWEEN_LAYERS, LAYER_GAP);
        fill(root);
        if (drawn.size() > MOST_NODES) {
            return Optional.empty();
        }
        new RecursiveGraphLayoutEngine().layout(root, new BasicProgressMonitor());
        return Optional.of(text(root));
    }

    private void fill(ElkNode root) {
        for (Node node : graph.nodes()) {
            boolean flows = node.operation() instanceof Operation.Input
                    || node.operation().operands().stream().anyMatch(boxes::containsKey);
            if (flows) {
                String title = node.operation() instanceof Operation.Input input
                        ? input.name()
                        : GraphPrinter.name(node.operation());
                ElkNode box = box(root, new Drawn(look(node.operation()), title, node.type().toString(),
                        tooltip.apply(node), node.origin().path()));
                boxes.put(node.id(), box);
                node.operation().operands().stream().distinct().filter(boxes::containsKey)
                        .forEach(operand -> edges.add(ElkGraphUtil.createSimpleEdge(boxes.get(operand), box)));
            }
        }
        for (Graph.Output output : graph.outputs()) {
            if (boxes.containsKey(output.value())) {
                String type = graph.definitions().get(output.value()).type().toString();
                ElkNode box = box(root, new Drawn(Look.INPUT, output.name(), type,
                        "output " + output.name() + ": " + type, ""));
                edges.add(ElkGraphUtil.createSimpleEdge(boxes.get(output.value()), box));
            }
        }
    }

    private ElkNode box(ElkNode root, Drawn node) {
        ElkNode box = ElkGraphUtil.createNode(root);
        int letters = Math.max(node.title.length(), node.shape.length());
        box.setDimensions(Math.max(LEAST_WIDTH, letters * LETTER + PADDING), HEIGHT);
        drawn.put(box, node);
        return box;
    }

    private static Look look(Operation operation) {
        return switch (operation) {
            case Operation.Input _ -> Look.INPUT;
            case Operation.Product _,Operation.MatMul _ -> Look.PRODUCT;
            case Operation.Quantize _,Operation.Sign _,Operation.Ternarize _,Operation.Threshold _ -> Look.QUANTIZER;
            case Operation.MeasureRange _,Operation.RangeScale _,Operation.RangeZero _ -> Look.QUANTIZER;
            case Operation.Requantize _,Operation.CombineCodes _,Operation.CodeTable _ -> Look.QUANTIZER;
            case Operation.RescaleIntegers _ -> Look.QUANTIZER;
            case Operation.SumPool _ -> Look.POOL;
            case Operation.StepTable _,Operation.WeightCodes _,Operation.WeightScale _ -> Look.QUANTIZER;
            case Operation.Dequantize _,Operation.Rescale _ -> Look.QUANTIZER;
            case Operation.MaxPool _,Operation.AvgPool _,Operation.RowStatistic _,Operation.ArgMax _ ->
                Look.POOL;
            case Operation.BatchNorm _,Operation.Affine _,Operation.Elementwise _,Operation.Activation _ ->
                Look.FUNCTION;
            case Operation.Clip _,Operation.PRelu _,Operation.Softmax _,Operation.Composite _ -> Look.FUNCTION;
            case Operation.Parameter _,Operation.Constant _,Operation.Reshape _,Operation.Transpose _ -> Look.OTHER;
            case Operation.Slice _,Operation.Gather _,Operation.Concat _,Operation.NotLowered _ -> Look.OTHER;
        };
    }

    private String text(ElkNode root) {
        double width = root.getWidth();
        double height = root.getHeight();
        StringBuilder svg = new StringBuilder(String.format(Locale.ROOT,
                "<svg tabindex=\"0\" role=\"application\" aria-label=\"%s, %d nodes: arrows move, n and p go from node"
                        + " to node\" data-width=\"%.0f\" data-height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\">%n",
                HtmlReport.escaped(graph.name()), drawn.size(), width, height, width, height));
        svg.append("<defs><marker id=\"").append(id).append("-arrow\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\"")
                .append(" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path class=\"arrow\"")
                .append(" d=\"M0 0 8 4 0 8z\"/></marker></defs>\n");
        edges.forEach(edge -> edge(svg, edge));
        Map<ElkNode, Integer> numbers = new HashMap<>();
        drawn.forEach((box, node) -> {
            numbers.put(box, numbers.size());
            node(svg, box, node, id + "-" + (numbers.size() - 1));
        });
        return svg.append("</svg>\n").toString();
    }

    private void edge(StringBuilder svg, ElkEdge edge) {
        for (ElkEdgeSection section : edge.getSections()) {
            StringBuilder path = new StringBuilder(String.format(Locale.ROOT, "M%.1f %.1f", section.getStartX(),
                    section.getStartY()));
            for (ElkBendPoint bend : section.getBendPoints()) {
                path.append(String.format(Locale.ROOT, " L%.1f %.1f", bend.getX(), bend.getY()));
            }
            path.append(String.format(Locale.ROOT, " L%.1f %.1f", section.getEndX(), section.getEndY()));
            svg.append("<path class=\"edge\" marker-end=\"url(#").append(id).append("-arrow)\" d=\"").append(path)
                    .append("\"/>\n");
        }
    }

    private static void node(StringBuilder svg, ElkNode box, Drawn node, String nodeId) {
        double middle = box.getWidth() / 2;
        svg.append(String.format(Locale.ROOT,
                "<g class=\"node %s\" id=\"%s\" role=\"img\" aria-label=\"%s\" data-layer=\"%s\" data-x=\"%.1f\""
                        + " data-y=\"%.1f\" data-w=\"%.1f\" data-h=\"%.1f\" transform=\"translate(%.1f,%.1f)\">",
                node.look.word, nodeId, HtmlReport.escaped(node.title + " " + node.shape),
                HtmlReport.escaped(node.layer), box.getX(), box.getY(), box.getWidth(), box.getHeight(), box.getX(),
                box.getY()));
        svg.append(String.format(Locale.ROOT,
                "<title>%s</title><rect width=\"%.1f\" height=\"%.1f\" rx=\"5\"/><text x=\"%.1f\" y=\"%d\""
                        + " text-anchor=\"middle\">%s</text><text class=\"shape\" x=\"%.1f\" y=\"%d\""
                        + " text-anchor=\"middle\">%s</text></g>%n",
                HtmlReport.escaped(node.told), box.getWidth(), box.getHeight(), middle, FIRST_LINE,
                HtmlReport.escaped(node.title), middle, SECOND_LINE, HtmlReport.escaped(node.shape)));
    }
}
