package dev.tern.compiler.analysis.parameters;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ScaleRatio;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.meaning.Meaning;
import dev.tern.compiler.graph.meaning.NormArithmetic;
import dev.tern.compiler.graph.meaning.RangeArithmetic;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Rules about the numbers themselves: variances, the factors that a batchnorm comes to, calibrated ranges, scales by
 * step.
 */
final class BoundValueCheck {
    private final Graph graph;
    private final Map<ValueId, Tensor> bound;
    private final Consumer<Diagnostic> report;
    private final Map<String, TensorEntry> entries;
    private final Map<ValueId, Node> definitions;

    BoundValueCheck(Graph graph, Map<ValueId, Tensor> bound, Consumer<Diagnostic> report,
            Map<String, TensorEntry> entries) {
        this.graph = graph;
        this.bound = bound;
        this.report = report;
        this.entries = entries;
        this.definitions = graph.definitions();
    }

    void run() {
        Set<ValueId> checked = new HashSet<>();
        for (Node node : graph.nodes()) {
            if (node.operation() instanceof Operation.BatchNorm norm) {
                batchNorm(node, norm);
            } else if (node.operation() instanceof Operation.RangeScale(ValueId range, Grid grid)
                    && definitions.get(range).operation() instanceof Operation.Parameter) {
                range(node, range, grid);
            } else if (node.operation() instanceof Operation.Quantize quantize
                    && definitions.get(quantize.scale()).operation() instanceof Operation.StepTable(_, ValueId table)
                    && checked.add(table)) {
                steps(node, table);
            } else if (node.operation() instanceof Operation.Requantize requantize
                    && requantize.weightScale().isPresent() && definitions.get(requantize.weightScale().get())
                            .operation() instanceof Operation.WeightScale scale) {
                requantize(node, requantize.weightScale().get(), scale, requantize.rule()::expresses);
            } else if (node.operation() instanceof Operation.RescaleIntegers rescale && rescale.factor().isPresent()) {
                rescale(node, rescale.factor().get(), rescale.ratio());
            }
        }
    }

    private float[] floats(ValueId id) {
        return bound.get(id) instanceof Tensor.Floats floats ? floats.values() : new float[0];
    }

    private void batchNorm(Node node, Operation.BatchNorm norm) {
        float[] gamma = floats(norm.gamma());
        float[] beta = floats(norm.beta());
        float[] mean = floats(norm.mean());
        float[] variance = floats(norm.variance());
        for (int c = 0; c < variance.length && c < gamma.length; c++) {
            if (variance[c] < 0) {
                wrong(node, norm.variance(), "holds " + variance[c] + " at [" + c + "]; a variance is at least 0");
                return;
            }
            float a = NormArithmetic.scale(gamma[c], variance[c], norm.epsilon());
            float b = NormArithmetic.shift(beta[c], mean[c], a);
            if (!Float.isFinite(a) || !Float.isFinite(b)) {
                wrong(node, norm.gamma(), "makes channel " + c + " of the batchnorm " + a + " * x + " + b
                        + ", which is not finite");
                return;
            }
        }
    }

    private void steps(Node node, ValueId table) {
        float[] scales = floats(table);
        for (int step = 0; step < scales.length; step++) {
            if (!(scales[step] > 0)) {
                wrong(node, table, "holds " + scales[step] + " at [" + step + "]; a scale is above 0");
                return;
            }
        }
    }

    /** Scales of the weights, or one times that of the input. */
    private void rescale(Node node, ValueId factor, ScaleRatio ratio) {
        switch (definitions.get(factor).operation()) {
            case Operation.WeightScale scale -> requantize(node, factor, scale, ratio::expresses);
            case Operation.Elementwise(_, ValueId left, ValueId right) when definitions.get(left)
                    .operation() instanceof Operation.WeightScale scale && definitions.get(right)
                            .operation() instanceof Operation.Constant(Tensor.Floats(_, float[] input)) ->
                requantize(node, left, scale, one -> ratio.expresses(new float[]{one[0] * input[0]}));
            default -> {
                // Not of a file's numbers.
            }
        }
    }

    private void requantize(Node node, ValueId id, Operation.WeightScale weightScale, Predicate<float[]> expresses) {
        // From the file, or of the numbers that it holds.
        Tensor scales = bound.get(id);
        if (scales == null && bound.get(weightScale.weights()) instanceof Tensor.Floats weights) {
            scales = Meaning.evaluate(weightScale, null, List.of(weights));
        }
        if (scales instanceof Tensor.Floats floats && !expresses.test(floats.values())) {
            wrong(node, weightScale.weights(), "has scales by which `requantize` multiplies by 2^30 or more, which its "
                    + "fixed-point numbers do not hold");
        }
    }

    private void range(Node node, ValueId id, Grid grid) {
        float[] ranges = floats(id);
        for (int i = 0; i < ranges.length; i += 2) {
            float low = ranges[i];
            float high = ranges[i + 1];
            String what = "holds " + low + ".." + high + (ranges.length > 2 ? " at [" + i / 2 + "]" : "");
            if (low > high) {
                wrong(node, id, what + "; the lower end comes first");
                return;
            }
            if (grid.rule() == Grid.Rule.MINMAX && !RangeArithmetic.fits(grid, low, high)) {
                wrong(node, id, what + ", whose step at " + grid.code().bits() + " bits is "
                        + RangeArithmetic.step(grid, low, high) + " in f32; it must be a finite number above 0");
                return;
            }
        }
    }

    private void wrong(Node node, ValueId parameter, String what) {
        String path = ((Operation.Parameter) definitions.get(parameter).operation()).path();
        TensorEntry entry = entries.getOrDefault(path, entries.get(path + ".scale"));
        report.accept(Diagnostic
                .error(DiagnosticCode.PARAMETER_NOT_FINITE, "`" + path + "` " + what,
                        entry == null ? node.origin().position() : entry.position(), "")
                .alsoAt(node.origin().position(), "asked for here"));
    }
}
