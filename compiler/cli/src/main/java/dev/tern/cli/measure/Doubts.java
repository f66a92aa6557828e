package dev.tern.cli.measure;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Why a measured latency may not be what the model takes. */
public final class Doubts {
    /** Such a 99th percentile, in medians, says that something else was running. */
    private static final double BUSY = 10;
    /** The level at which HotSpot optimizes. */
    private static final int OPTIMIZED = 4;

    private Doubts() {
    }

    /** One line for each doubt, with what to do. */
    public static List<String> about(Latency latency) {
        return about(latency, System.getProperty("java.vm.info", ""), highestLevel());
    }

    /**
     * @param mode what the JVM says of itself: {@code mixed mode, sharing}
     * @param level the highest at which it compiles
     */
    static List<String> about(Latency latency, String mode, int level) {
        List<String> doubts = new ArrayList<>();
        if (mode.contains("interpreted mode")) {
            doubts.add("the code was not optimized: this JVM interprets only (-Xint)");
        } else if (level < OPTIMIZED) {
            doubts.add("the code was not optimized: this JVM compiles up to level " + level
                    + " only (-XX:TieredStopAtLevel)");
        } else if (!latency.settled()) {
            doubts.add("the code may not have been optimized: the JIT compiler was still at work when timing began;"
                    + " measure longer with --seconds");
        }
        if (latency.p99Nanos() >= BUSY * latency.medianNanos()) {
            doubts.add(String.format(Locale.ROOT, "the machine is busy: one inference in a hundred took %.0f times the"
                    + " median or longer; measure again when nothing else runs",
                    latency.p99Nanos() / latency.medianNanos()));
        }
        return doubts;
    }

    private static int highestLevel() {
        try {
            HotSpotDiagnosticMXBean hotSpot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            return hotSpot == null
                    ? OPTIMIZED
                    : Integer.parseInt(hotSpot.getVMOption("TieredStopAtLevel").getValue());
        } catch (IllegalArgumentException e) {
            // A JVM without this option: nothing to doubt.
            return OPTIMIZED;
        }
    }
}
