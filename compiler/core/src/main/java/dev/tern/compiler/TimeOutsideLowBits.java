package dev.tern.compiler;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Where a network of low bits spends its time on something else. */
public final class TimeOutsideLowBits {
    /** Layers that are named. */
    private static final int NAMED = 3;

    private TimeOutsideLowBits() {
    }

    /**
     * A line that says so, where most multiply-adds are by weights of few bits and most of the time is not.
     *
     * @param nanos what each layer takes
     * @param how how that is known: {@code predicted}
     */
    public static Optional<String> of(List<LayerReport> layers, ToDoubleFunction<LayerReport> nanos, String how) {
        double all = layers.stream().mapToDouble(nanos).sum();
        double others = layers.stream().filter(layer -> !layer.lowBit()).mapToDouble(nanos).sum();
        long products = layers.stream().mapToLong(TimeOutsideLowBits::multiplyAdds).sum();
        long lowBit = layers.stream().filter(LayerReport::lowBit).mapToLong(TimeOutsideLowBits::multiplyAdds).sum();
        if (2 * lowBit <= products || 2 * others <= all) {
            return Optional.empty();
        }
        String named = layers.stream().filter(layer -> !layer.lowBit() && nanos.applyAsDouble(layer) > 0)
                .sorted(Comparator.comparingDouble(nanos).reversed()).limit(NAMED)
                .map(layer -> String.format(Locale.ROOT, "%s %.0f %% (%s)", layer.layer().path(),
                        100 * nanos.applyAsDouble(layer) / all,
                        layer.weighted() ? layer.layer().weights() : layer.layer().op()))
                .collect(Collectors.joining(", "));
        return Optional.of(String.format(Locale.ROOT,
                "of the time %s %.0f %% goes to layers without weights of few bits: %s", how, 100 * others / all,
                named));
    }

    private static long multiplyAdds(LayerReport layer) {
        return layer.binaryMultiplyAdds() + layer.otherMultiplyAdds();
    }
}
