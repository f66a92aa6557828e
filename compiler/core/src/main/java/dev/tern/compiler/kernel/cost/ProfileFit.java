package dev.tern.compiler.kernel.cost;

import dev.tern.compiler.kernel.schedule.ProductSchedule;
import dev.tern.compiler.target.Target;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Fits what steps of products take to measured times. The model is no sum of its constants, so each of them is moved up
 * and down in turn as long as that makes the fit better: the squares of relative errors, of candidates near the fastest
 * more than of others, with what the choices lose to the fastest. A weak pull towards what a constant was leaves those
 * alone that no time depends on. As this finds what is best nearby, it begins with each profile that there is, and the
 * best of what comes out is taken.
 */
public final class ProfileFit {
    private static final double[] FACTORS = {0.7, 0.85, 0.93, 0.97, 0.99, 1.01, 1.03, 1.07, 1.18, 1.4};
    /** Of a squared relative error of all times. */
    private static final double LOSS = 4;
    private static final double PULL = 0.0003;
    private static final int MOST_ROUNDS = 200;
    /** What counts as better. */
    private static final double BETTER = 1e-7;

    private final Target target;
    private final List<Layer> layers;
    private final CostProfile before;
    private CostProfile fitted;

    /**
     * One way to compute a product, measured.
     *
     * @param layer tells the products apart that have their candidates beside each other
     */
    public record Sample(String layer, ProductShape shape, ProductSchedule schedule, double nanoseconds) {
    }

    /**
     * What the model's choice loses.
     *
     * @param share of the time of the fastest
     */
    public record Loss(String layer, ProductSchedule chosen, ProductSchedule fastest, double share) {
    }

    private record Layer(List<Sample> samples, double fastest) {
        static Layer of(List<Sample> samples) {
            return new Layer(samples, samples.stream().mapToDouble(Sample::nanoseconds).min().orElseThrow());
        }
    }

    /** How a profile fits a layer. @param asked the costs on which that depends, so that it stays when others move */
    private record Fit(Layer layer, double error, Set<Cost> asked) {
    }

    private ProfileFit(Target target, List<Layer> layers) {
        this.target = target;
        this.layers = layers;
        this.before = CostProfile.of(target);
        this.fitted = before;
    }

    /** Fits the profile of a target. */
    public static ProfileFit of(Target target, List<Sample> samples) {
        List<Layer> layers = samples.stream().collect(Collectors.groupingBy(sample -> Map.entry(sample.layer,
                sample.shape), LinkedHashMap::new, Collectors.toList())).values().stream().map(Layer::of).toList();
        ProfileFit fit = new ProfileFit(target, layers);
        fit.run();
        return fit;
    }

    private void run() {
        double least = Double.MAX_VALUE;
        for (CostProfile start : CostProfile.startingWith(target)) {
            CostProfile found = near(start);
            double error = error(found, start);
            if (error < least) {
                least = error;
                fitted = found;
            }
        }
    }

    private CostProfile near(CostProfile start) {
        CostProfile best = start;
        List<Fit> fits = fits(best);
        double error = error(fits, best, start);
        for (int round = 0; round < MOST_ROUNDS; round++) {
            double atStart = error;
            for (Cost cost : Cost.values()) {
                for (double factor : FACTORS) {
                    CostProfile moved = best.with(cost, best.of(cost) * factor);
                    List<Fit> others = fits.stream().map(fit -> fit.asked.contains(cost)
                            ? fit(moved, fit.layer)
                            : fit).toList();
                    double other = error(others, moved, start);
                    if (other < error) {
                        error = other;
                        best = moved;
                        fits = others;
                    }
                }
            }
            if (atStart - error < BETTER) {
                break;
            }
        }
        return best;
    }

    private double error(CostProfile profile, CostProfile start) {
        return error(fits(profile), profile, start);
    }

    private static double error(List<Fit> fits, CostProfile profile, CostProfile start) {
        double sum = 0;
        for (Fit fit : fits) {
            sum += fit.error;
        }
        double pull = 0;
        for (Cost cost : Cost.values()) {
            pull += Math.pow(Math.log(profile.of(cost) / start.of(cost)), 2);
        }
        return sum / fits.size() + PULL * pull;
    }

    private List<Fit> fits(CostProfile profile) {
        return layers.stream().map(layer -> fit(profile, layer)).toList();
    }

    private Fit fit(CostProfile profile, Layer layer) {
        Set<Cost> asked = EnumSet.noneOf(Cost.class);
        CostProfile noting = profile.noting(asked);
        double squares = 0;
        double weights = 0;
        double least = Double.MAX_VALUE;
        double chosen = 0;
        for (Sample sample : layer.samples) {
            double predicted = predicted(sample, noting);
            double weight = Math.pow(layer.fastest / sample.nanoseconds, 2);
            squares += weight * Math.pow(Math.log(predicted / sample.nanoseconds), 2);
            weights += weight;
            if (predicted < least) {
                least = predicted;
                chosen = sample.nanoseconds;
            }
        }
        return new Fit(layer, squares / weights + LOSS * Math.min(1, chosen / layer.fastest - 1), asked);
    }

    private double predicted(Sample sample, CostProfile profile) {
        return new CostModel(sample.shape, target, profile).candidate(sample.schedule).nanoseconds();
    }

    /** What choices by the profile as it was lose, the most first. */
    public List<Loss> lossesBefore() {
        return losses(before);
    }

    /** What choices by the fitted profile lose, the most first. */
    public List<Loss> losses() {
        return losses(fitted);
    }

    private List<Loss> losses(CostProfile profile) {
        List<Loss> losses = new ArrayList<>();
        for (Layer layer : layers) {
            Sample chosen = layer.samples.stream().min(Comparator.comparingDouble(sample -> predicted(sample, profile)))
                    .orElseThrow();
            Sample fastest = layer.samples.stream().min(Comparator.comparingDouble(Sample::nanoseconds)).orElseThrow();
            losses.add(new Loss(chosen.layer, chosen.schedule, fastest.schedule, chosen.nanoseconds
                    / fastest.nanoseconds - 1));
        }
        losses.sort(Comparator.comparingDouble(Loss::share).reversed());
        return losses;
    }

    /** The fitted costs as the lines of a profile's file. */
    public String properties() {
        StringBuilder text = new StringBuilder();
        for (Cost cost : Cost.values()) {
            double rounded = new BigDecimal(fitted.of(cost)).round(new MathContext(3))
                    .doubleValue();
            text.append(String.format(Locale.ROOT, "%s = %s\n", cost.key(), rounded));
        }
        return text.toString();
    }
}
