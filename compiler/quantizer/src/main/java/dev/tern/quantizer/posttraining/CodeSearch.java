package dev.tern.quantizer.posttraining;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * Finds the codes q and the scale s of weights w that share it, so that the sum over outputs of (w - s q)' H (w - s q)
 * is small. From several scales each: weights are rounded one after the other, later ones making up for the errors of
 * earlier ones (GPTQ, Frantar et al. 2022); then single codes are changed while that helps, and the scale is fitted
 * anew by least squares, until neither changes anything. No step makes the error greater, and what the
 * plain formula gives is one of the starts, so that the result is never worse than that.
 */
final class CodeSearch {
    private static final int STARTS = 16;
    /**
     * Of outputs of many weights these many starts are worth more than a look: changing codes costs tens of times as
     * much as rounding them, and more weights make up for a scale that is not quite the best.
     */
    private static final int IMPROVED = 4;
    private static final int MANY = 256;
    private static final double LEAST_START = 0.2;
    private static final int ROUNDS = 8;
    private static final int SWEEPS = 20;

    private final WeightGrid grid;
    private final List<Output> outputs;
    private final boolean fitScale;

    /** The weights of one output. @param covariance of what they are multiplied by */
    record Output(double[] weights, Covariance covariance) {
    }

    /**
     * Codes of all outputs, and their scale.
     *
     * @param error the sum that was to be small
     */
    record Found(int[][] codes, double scale, double error) {
    }

    /** @param fitScale whether the scale is free; else it is 1 */
    CodeSearch(WeightGrid grid, List<Output> outputs, boolean fitScale) {
        this.grid = grid;
        this.outputs = outputs;
        this.fitScale = fitScale;
    }

    /** What one way finds. @param formula what the scheme's formula makes of the weights */
    Found found(Found formula, Rounding way) {
        return switch (way) {
            case FORMULA, MATCHED -> formula;
            case SCALED -> scaled(formula);
            case COMPENSATED -> compensated(formula.scale);
            case ADAPTED -> adapted(formula);
            case FITTED -> best(formula);
        };
    }

    /** The best of all starts, each of them improved. @param formula what the scheme's formula makes of the weights */
    Found best(Found formula) {
        Found best = improved(measured(formula.codes, formula.scale));
        List<Found> starts = starts(this::compensated);
        boolean many = outputs.getFirst().weights.length > MANY;
        for (Found start : starts.subList(0, many ? Math.min(IMPROVED, starts.size()) : starts.size())) {
            Found found = improved(start);
            best = found.error < best.error ? found : best;
        }
        return best;
    }

    /** Each weight's nearest code, by the best of several scales. */
    private Found scaled(Found formula) {
        Found best = formula;
        for (Found start : starts(this::rounded)) {
            for (Found found = start; found.error < best.error; found = rounded(fitted(found).scale)) {
                best = found;
            }
        }
        return best;
    }

    /** From the best on; none where all weights are 0. @param codes by a scale */
    private List<Found> starts(DoubleFunction<Found> codes) {
        double greatest = outputs.stream().flatMapToDouble(output -> Arrays.stream(output.weights)).map(Math::abs)
                .max().orElse(0);
        List<Found> starts = new ArrayList<>();
        for (int start = 0; greatest > 0 && start < (fitScale ? STARTS : 1); start++) {
            double part = LEAST_START + (1 - LEAST_START) * start / (STARTS - 1);
            starts.add(codes.apply(fitScale ? part * greatest / grid.highest() : 1));
        }
        starts.sort(Comparator.comparingDouble(Found::error));
        return starts;
    }

    /** Each weight's nearest code. */
    Found rounded(double scale) {
        int[][] codes = new int[outputs.size()][];
        for (int o = 0; o < codes.length; o++) {
            codes[o] = Arrays.stream(outputs.get(o).weights).mapToInt(w -> grid.nearest(w / scale)).toArray();
        }
        return measured(codes, scale);
    }

    /** Rounded one weight after the other, the rest making up for each error. */
    Found compensated(double scale) {
        int[][] codes = new int[outputs.size()][];
        for (int o = 0; o < codes.length; o++) {
            Covariance covariance = outputs.get(o).covariance;
            double[] upper = covariance.compensation();
            int size = covariance.size();
            double[] rest = outputs.get(o).weights.clone();
            codes[o] = new int[size];
            for (int i = 0; i < size; i++) {
                codes[o][i] = grid.nearest(rest[i] / scale);
                double error = (rest[i] - scale * codes[o][i]) / upper[i * size + i];
                for (int j = i + 1; j < size; j++) {
                    rest[j] -= error * upper[i * size + j];
                }
            }
        }
        Found compensated = measured(codes, scale);
        // Against codes at the ends of the grid there is no making up.
        Found rounded = rounded(scale);
        return compensated.error <= rounded.error ? compensated : rounded;
    }

    /** No worse: codes changed and the scale fitted in turn. */
    private Found improved(Found start) {
        Found best = start;
        for (int round = 0; round < ROUNDS; round++) {
            Found fitted = fitScale ? fitted(best) : best;
            Found next = adapted(fitted.error < best.error ? fitted : best);
            if (!(next.error < best.error)) {
                break;
            }
            best = next;
        }
        return best;
    }

    /** The scale of least squares for given codes. */
    private Found fitted(Found found) {
        double agreement = 0;
        double power = 0;
        for (int o = 0; o < outputs.size(); o++) {
            double[] codes = Arrays.stream(found.codes[o]).asDoubleStream().toArray();
            double[] image = outputs.get(o).covariance.times(codes);
            for (int i = 0; i < codes.length; i++) {
                agreement += image[i] * outputs.get(o).weights[i];
                power += image[i] * codes[i];
            }
        }
        return power > 0 && agreement > 0 ? measured(found.codes, agreement / power) : found;
    }

    /** Single codes changed to where the error is least, the others being as they are. */
    private Found adapted(Found found) {
        int[][] codes = new int[outputs.size()][];
        for (int o = 0; o < codes.length; o++) {
            codes[o] = adapted(outputs.get(o), found.codes[o].clone(), found.scale);
        }
        return measured(codes, found.scale);
    }

    private int[] adapted(Output output, int[] codes, double scale) {
        Covariance covariance = output.covariance;
        int size = covariance.size();
        double[] slope = covariance.times(difference(output, codes, scale));
        boolean changed = true;
        for (int sweep = 0; changed && sweep < SWEEPS; sweep++) {
            changed = false;
            for (int i = 0; i < size; i++) {
                int better = grid.nearest(codes[i] + slope[i] / covariance.at(i, i) / scale);
                if (better != codes[i]) {
                    double change = scale * (better - codes[i]);
                    codes[i] = better;
                    changed = true;
                    for (int j = 0; j < size; j++) {
                        slope[j] -= change * covariance.at(i, j);
                    }
                }
            }
        }
        return codes;
    }

    private static double[] difference(Output output, int[] codes, double scale) {
        double[] difference = new double[codes.length];
        for (int i = 0; i < codes.length; i++) {
            difference[i] = output.weights[i] - scale * codes[i];
        }
        return difference;
    }

    /** Codes and a scale, with the error they make once the scale is f32. */
    Found measured(int[][] codes, double scale) {
        double rounded = (float) scale;
        double error = 0;
        for (int o = 0; o < codes.length; o++) {
            double[] difference = difference(outputs.get(o), codes[o], rounded);
            error += outputs.get(o).covariance.product(difference, difference);
        }
        return new Found(codes, rounded, error);
    }
}
