package dev.tern.cli.output;

import java.util.Locale;

/** Times for people. */
public final class Nanos {
    private Nanos() {
    }

    /** {@code 0.35 us}, {@code 12.1 us}, {@code 3.4 ms}. */
    public static String text(double nanoseconds) {
        return nanoseconds < 1e4
                ? String.format(Locale.ROOT, "%.2f us", nanoseconds / 1e3)
                : nanoseconds < 1e6
                        ? String.format(Locale.ROOT, "%.1f us", nanoseconds / 1e3)
                        : String.format(Locale.ROOT, "%.2f ms", nanoseconds / 1e6);
    }
}
