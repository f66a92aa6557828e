package dev.tern.compiler.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Prints pipelines. One that is too long is broken before each layer, where a layer is an op with weights and what
 * follows it; layers of equally many steps stand in columns. Where that is not enough, or where comments stand
 * between steps, every step has a line of its own.
 */
final class PipelinePrinter {
    /** Longest line of a binding with several layers. */
    private static final int LAYERED_WIDTH = 90;

    private static final String PIPE = "|> ";

    private final Page page;
    private final Comments comments;
    private final ExpressionPrinter expressions;
    private final Predicate<String> startsLayer;

    PipelinePrinter(Page page, Comments comments, ExpressionPrinter expressions, Predicate<String> startsLayer) {
        this.startsLayer = startsLayer;
        this.page = page;
        this.comments = comments;
        this.expressions = expressions;
    }

    /** The name that a pipeline starts from, if that is all its first step is. */
    static Optional<String> head(Expression expression) {
        boolean named = expression instanceof Expression.Pipeline pipeline && pipeline.steps().size() > 1
                && pipeline.steps().getFirst().expression() instanceof Expression.Name
                && pipeline.steps().getFirst().name() == null && pipeline.steps().getFirst().condition() == null;
        return named
                ? Optional.of(((Expression.Name) ((Expression.Pipeline) expression).steps().getFirst().expression())
                        .identifier().text())
                : Optional.empty();
    }

    /** @param headWidth columns of the first step, so that the pipelines of a group of bindings line up; or 0 */
    void printValue(Expression.Pipeline pipeline, int headWidth) {
        int padding = head(pipeline).map(head -> Math.max(0, headWidth - head.length())).orElse(0);
        int width = layers(pipeline).size() > 1 ? LAYERED_WIDTH : Page.WIDTH;
        Optional<String> flat = new FlatPrinter(comments, width - page.column() - padding).print(pipeline,
                Precedence.PIPELINE);
        if (flat.isEmpty()) {
            printBroken(pipeline, headWidth, 0);
            return;
        }
        int head = padding == 0 ? 0 : headWidth - padding;
        page.add(flat.get().substring(0, head));
        page.pad(padding);
        page.add(flat.get().substring(head));
    }

    void printBroken(Expression.Pipeline pipeline, int headWidth, int reserve) {
        List<Expression.PipelineStep> steps = pipeline.steps();
        int outer = page.indent();
        int start = page.column();
        step(steps.getFirst(), 0);
        int align = Math.max(start + headWidth, page.column()) + 1;
        Optional<List<List<String>>> layers = page.indent() == outer ? flatLayers(pipeline) : Optional.empty();
        boolean layered = layers.isPresent() && !comments.isBroken(pipeline)
                && fits(layers.get(), Page.WIDTH - align, reserve);
        if (layered) {
            page.pad(align - page.column());
            table(layers.get(), align);
            return;
        }
        int room = Page.WIDTH - align - PIPE.length() - reserve;
        boolean aligned = layers.isPresent()
                && layers.get().stream().flatMap(List::stream).allMatch(step -> step.length() <= room);
        rows(steps, aligned ? align : outer + Page.INDENT, aligned, reserve);
    }

    /**
     * Every step on a line of its own.
     *
     * @param aligned whether the second may stand on the line of the first, if nothing stands between
     */
    private void rows(List<Expression.PipelineStep> steps, int align, boolean aligned, int reserve) {
        boolean together = aligned && steps.size() > 1 && !comments.hasAfter(steps.getFirst())
                && comments.before(steps.get(1)).isEmpty();
        for (int i = 1; i < steps.size(); i++) {
            page.add(comments.after(steps.get(i - 1)));
            for (Comment comment : comments.before(steps.get(i))) {
                page.line(align);
                page.add(comment.text());
            }
            if (i == 1 && together) {
                page.pad(align - page.column());
            } else {
                page.line(align);
            }
            page.add(PIPE);
            step(steps.get(i), i + 1 == steps.size() ? reserve : 0);
        }
        page.add(comments.after(steps.getLast()));
    }

    private void table(List<List<String>> layers, int align) {
        int[] widths = widths(layers);
        for (int row = 0; row < layers.size(); row++) {
            if (row > 0) {
                page.line(align);
            }
            List<String> layer = layers.get(row);
            for (int i = 0; i < layer.size(); i++) {
                boolean last = i + 1 == layer.size();
                page.add(PIPE + layer.get(i) + (last ? "" : " "));
                page.pad(last ? 0 : widths[i] - layer.get(i).length());
            }
        }
    }

    /** The columns of a table, if layers of equally many steps make one; else no columns at all. */
    private static int[] widths(List<List<String>> layers) {
        int[] widths = new int[layers.getFirst().size()];
        for (List<String> layer : layers) {
            if (layer.size() != widths.length) {
                return new int[layers.stream().mapToInt(List::size).max().orElse(0)];
            }
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], layer.get(i).length());
            }
        }
        return widths;
    }

    /** The steps after the first, layer by layer, if each fits on a line. */
    private Optional<List<List<String>>> flatLayers(Expression.Pipeline pipeline) {
        List<List<String>> texts = new ArrayList<>();
        for (List<Expression.PipelineStep> layer : layers(pipeline)) {
            List<String> row = new ArrayList<>();
            for (Expression.PipelineStep step : layer) {
                Optional<String> flat = new FlatPrinter(comments, Page.WIDTH).print(step);
                if (flat.isEmpty()) {
                    return Optional.empty();
                }
                row.add(flat.get());
            }
            texts.add(row);
        }
        return Optional.of(texts);
    }

    /** Whether there are several layers and each fits on a line. */
    private static boolean fits(List<List<String>> layers, int width, int reserve) {
        int[] widths = widths(layers);
        boolean fits = layers.size() > 1;
        for (List<String> layer : layers) {
            int length = reserve;
            for (int i = 0; i < layer.size(); i++) {
                boolean last = i + 1 == layer.size();
                length += PIPE.length() + (last ? 0 : 1)
                        + (last ? layer.get(i).length() : Math.max(widths[i], layer.get(i).length()));
            }
            fits &= length <= width;
        }
        return fits;
    }

    /** The steps after the first; a new layer begins with every op with weights but the first. */
    private List<List<Expression.PipelineStep>> layers(Expression.Pipeline pipeline) {
        List<List<Expression.PipelineStep>> layers = new ArrayList<>();
        layers.add(new ArrayList<>());
        boolean seen = startsLayer(pipeline.steps().getFirst());
        for (Expression.PipelineStep step : pipeline.steps().subList(1, pipeline.steps().size())) {
            if (startsLayer(step) && seen && !layers.getLast().isEmpty()) {
                layers.add(new ArrayList<>());
            }
            seen |= startsLayer(step);
            layers.getLast().add(step);
        }
        return layers;
    }

    /** Blocks, which have capital letters, are layers too. */
    private boolean startsLayer(Expression.PipelineStep step) {
        return step.expression() instanceof Expression.Call call && (startsLayer.test(call.callee().text())
                || Character.isUpperCase(call.callee().text().charAt(0)));
    }

    private void step(Expression.PipelineStep step, int reserve) {
        expressions.print(step.expression(), Precedence.STEP, reserve);
        if (step.name() != null) {
            page.add(" as " + step.name().text());
        }
        if (step.condition() != null) {
            page.add(" if ");
            expressions.print(step.condition(), Precedence.STEP, reserve);
        }
    }
}
