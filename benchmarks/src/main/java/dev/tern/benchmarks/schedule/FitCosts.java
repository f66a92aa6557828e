package dev.tern.benchmarks.schedule;

import dev.tern.benchmarks.report.Setting;
import dev.tern.compiler.kernel.cost.ProfileFit;
import dev.tern.compiler.target.Target;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Fits the constants of the compiler's cost model to what {@link CandidateTimes} measured, and prints them as the file
 * that they lie in, with what the choices by them lose to the fastest candidates.
 */
public final class FitCosts {
    private static final double[] SHARES = {0.15, 0.25};

    private FitCosts() {
    }

    /** Fits. @param arguments a {@link MeasuredTarget}, then files that {@link CandidateTimes} or {@link
     *        Sweep} wrote for it */
    public static void main(String[] arguments) throws IOException {
        Target target = MeasuredTarget.named(arguments[0]);
        List<ProfileFit.Sample> samples = TimedCandidate.read(target, List.of(arguments).subList(1, arguments.length))
                .stream().map(one -> new ProfileFit.Sample(one.layer(), one.shape(), one.schedule(), one.nanoseconds()))
                .toList();
        Setting here = Setting.current(List.of(), "", "");
        print(ProfileFit.of(target, samples), samples.size(), here, System.out);
    }

    private static void print(ProfileFit fit, int samples, Setting here, PrintStream out) {
        List<ProfileFit.Loss> losses = fit.losses();
        out.printf(Locale.ROOT, "# Nanoseconds on one core of %s, %s: a fit to %d candidates of %d layers.%n", here
                .cpu(), here.jdk(), samples, losses.size());
        out.print(fit.properties());
        out.println("# Choices lose to the fastest " + summary(losses) + "; before the fit " + summary(fit
                .lossesBefore()) + ".");
        losses.stream().filter(loss -> loss.share() > SHARES[0])
                .forEach(loss -> out.printf(Locale.ROOT, "# %s: %s instead of %s, loses %.0f%%%n", loss.layer(), loss
                        .chosen(), loss.fastest(), 100 * loss.share()));
    }

    private static String summary(List<ProfileFit.Loss> losses) {
        return String.format(Locale.ROOT, "%.1f%% in the mean", 100 * losses.stream().mapToDouble(
                ProfileFit.Loss::share)
                .average().orElse(0))
                + Arrays.stream(SHARES)
                        .mapToObj(share -> String.format(Locale.ROOT, ", over %.0f%% at %d", 100 * share, losses
                                .stream().filter(loss -> loss.share() > share).count()))
                        .collect(Collectors.joining());
    }
}
