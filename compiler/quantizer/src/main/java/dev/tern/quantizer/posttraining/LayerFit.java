package dev.tern.quantizer.posttraining;

import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.WeightScheme;
import dev.tern.compiler.graph.WeightScheme.ScaleGranularity;
import dev.tern.compiler.graph.meaning.Meaning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How well a layer with chosen codes does what the float layer does on the samples.
 *
 * @param path of its weights
 * @param scheme of its weights
 * @param error mean squared error of an output, that of what goes in included; an output's mean left out where a bias
 *     or a normalization follows
 * @param formulaError the same by the scheme's formula
 * @param signal mean square of an output of the float layer, less its mean where that is left out of the errors
 */
public record LayerFit(String path, WeightScheme scheme, double error, double formulaError, double signal) {
    /** Codes and scales of one layer. @param codes of the parameter's shape @param scale f32 [out] or [] */
    record Found(Tensor.Integers codes, Tensor.Floats scale, LayerFit fit) {
    }

    /** In decibels; infinite without error. */
    public double signalToNoise() {
        return decibels(error);
    }

    /** The same by the scheme's formula. */
    public double formulaSignalToNoise() {
        return decibels(formulaError);
    }

    private double decibels(double noise) {
        return noise == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(signal / noise);
    }

    /**
     * Finds codes.
     *
     * @param reals what goes into the quantized layer, for each sample
     * @param wanted what goes into the float layer
     * @param input shape of both
     * @param weights of the float layer
     */
    static Found of(ProductSite site, List<float[]> reals, List<float[]> wanted, Shape input, Tensor.Floats weights,
            Rounding rounding) {
        Operation.Product product = (Operation.Product) site.product().operation();
        Shape result = site.product().type().shape();
        int outs = weights.shape().dimension(0);
        int columns = weights.values().length / outs;
        int groups = product instanceof Operation.Conv conv ? conv.groups() : 1;
        List<CodeSearch.Output> outputs = new ArrayList<>();
        Errors errors = new Errors(outs, columns);
        for (int group = 0; group < groups; group++) {
            float[][] x = InputRows.of(product, reals, input, result, columns, group);
            float[][] y = InputRows.of(product, wanted, input, result, columns, group);
            double[] xMeans = site.shifted() ? means(x, columns) : null;
            double[] yMeans = site.shifted() ? means(y, columns) : null;
            Covariance covariance = Covariance.of(x, columns, xMeans);
            double[][] own = rows(weights.values(), columns, group * outs / groups, (group + 1) * outs / groups);
            Covariance.Crossed[] crossed = new Covariance.Crossed[own.length];
            IntStream.range(0, own.length).parallel()
                    .forEach(out -> crossed[out] = Covariance.Crossed.of(x, y, own[out], xMeans, yMeans));
            for (int out = 0; out < own.length; out++) {
                outputs.add(new CodeSearch.Output(rounding.matches()
                        ? covariance.matched(crossed[out], own[out])
                        : own[out], covariance));
                errors.add(covariance, crossed[out]);
            }
        }
        return search(site, weights, outputs, errors, rounding);
    }

    private static double[][] rows(float[] weights, int columns, int from, int to) {
        double[][] rows = new double[to - from][columns];
        for (int out = from; out < to; out++) {
            for (int k = 0; k < columns; k++) {
                rows[out - from][k] = weights[out * columns + k];
            }
        }
        return rows;
    }

    /** Codes [out, column] and scales, one for all or one for each output. */
    private record Codes(int[] codes, float[] scale) {
        /** What a site's scheme makes of weights. */
        static Codes byFormula(ProductSite site, Tensor.Floats weights) {
            List<Tensor> operand = List.of(weights);
            int[] codes = ((Tensor.Integers) Meaning.evaluate(
                    new Operation.WeightCodes(null, site.scheme(), Operation.Part.ALL), null, operand)).values();
            float[] scale = site.scale().isEmpty()
                    ? new float[]{1}
                    : ((Tensor.Floats) Meaning.evaluate(
                            new Operation.WeightScale(null, site.scheme(), Operation.Part.ALL), null, operand))
                            .values();
            return new Codes(codes, scale);
        }
    }

    private static Found search(ProductSite site, Tensor.Floats weights, List<CodeSearch.Output> outputs,
            Errors errors, Rounding rounding) {
        Codes formula = Codes.byFormula(site, weights);
        Codes found = switch (rounding) {
            case FORMULA -> formula;
            case MATCHED -> Codes.byFormula(site, sought(weights.shape(), outputs));
            case SCALED, COMPENSATED, ADAPTED, FITTED -> searched(site, formula, outputs, rounding);
        };
        Shape scaleShape = site.scale().map(node -> node.type().shape()).orElse(Shape.scalar());
        return new Found(new Tensor.Integers(weights.shape(), found.codes), new Tensor.Floats(scaleShape, found.scale),
                new LayerFit(site.path(), site.scheme(), errors.of(found.codes, found.scale),
                        errors.of(formula.codes, formula.scale), errors.signal()));
    }

    private static Tensor.Floats sought(Shape shape, List<CodeSearch.Output> outputs) {
        float[] weights = new float[shape.elements()];
        int at = 0;
        for (CodeSearch.Output output : outputs) {
            for (double weight : output.weights()) {
                weights[at++] = (float) weight;
            }
        }
        return new Tensor.Floats(shape, weights);
    }

    private static Codes searched(ProductSite site, Codes formula, List<CodeSearch.Output> outputs,
            Rounding rounding) {
        WeightScheme scheme = site.scheme();
        int outs = outputs.size();
        int columns = formula.codes.length / outs;
        Codes result = new Codes(formula.codes.clone(), formula.scale.clone());
        boolean each = scheme.scale() instanceof ScaleGranularity.PerChannel
                || scheme.scale() instanceof ScaleGranularity.None;
        boolean fit = site.scale().isPresent();
        int sharing = each ? 1 : outs;
        IntStream.range(0, outs / sharing).parallel().forEach(i -> {
            int first = i * sharing;
            int[][] start = new int[sharing][];
            Arrays.setAll(start, o -> Arrays.copyOfRange(formula.codes, (first + o) * columns,
                    (first + o + 1) * columns));
            CodeSearch search = new CodeSearch(WeightGrid.of(scheme, start), outputs.subList(first, first + sharing),
                    fit);
            CodeSearch.Found found = search.found(
                    search.measured(start, formula.scale[formula.scale.length == 1 ? 0 : i]), rounding);
            for (int o = 0; o < sharing; o++) {
                System.arraycopy(found.codes()[o], 0, result.codes, (first + o) * columns, columns);
            }
            if (fit) {
                result.scale[result.scale.length == 1 ? 0 : i] = (float) found.scale();
            }
        });
        return result;
    }

    private static double[] means(float[][] rows, int columns) {
        double[] means = new double[columns];
        for (float[] row : rows) {
            for (int k = 0; k < columns; k++) {
                means[k] += row[k];
            }
        }
        for (int k = 0; k < columns; k++) {
            means[k] /= rows.length;
        }
        return means;
    }

    /** The mean squared errors of outputs, from moments alone. */
    private static final class Errors {
        private final int outs;
        private final int columns;
        private final List<double[]> images = new ArrayList<>();
        private final List<Covariance> covariances = new ArrayList<>();
        private double signal;

        Errors(int outs, int columns) {
            this.outs = outs;
            this.columns = columns;
        }

        void add(Covariance covariance, Covariance.Crossed output) {
            signal += output.power();
            images.add(output.crossed());
            covariances.add(covariance);
        }

        double signal() {
            return signal / outs;
        }

        /** w' Y w - 2 q' C w + q' X q, without the damping of X. */
        double of(int[] codes, float[] scale) {
            double sum = signal;
            for (int out = 0; out < outs; out++) {
                double[] quantized = new double[columns];
                for (int k = 0; k < columns; k++) {
                    quantized[k] = (double) scale[scale.length == 1 ? 0 : out] * codes[out * columns + k];
                }
                sum += covariances.get(out).undamped(quantized);
                for (int k = 0; k < columns; k++) {
                    sum -= 2 * quantized[k] * images.get(out)[k];
                }
            }
            return Math.max(0, sum / outs);
        }
    }
}
