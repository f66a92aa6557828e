package dev.tern.cli.output;

import java.util.Locale;

/** Times for people. */
public final class Nanos {
    private Nanos() {
    }

    /** {@code 0.35 us}, {@code 12.1 us}, {@code 3.42 ms}. */
    public static String text(double nanoseconds) {
        return text(nanoseconds, "us", "ms");
    }

    /** {@code 0.35 microseconds}, {@code 12.1 microseconds}, {@code 3.42 milliseconds}. */
    public static String inWords(double nanoseconds) {
        return text(nanoseconds, "microseconds", "milliseconds");
    }

    private static String text(double nanoseconds, String micro, String milli) {
        return nanoseconds < 1e4
                ? String.format(Locale.ROOT, "%.2f %s", nanoseconds / 1e3, micro)
                : nanoseconds < 1e6
                        ? String.format(Locale.ROOT, "%.1f %s", nanoseconds / 1e3, micro)
                        : String.format(Locale.ROOT, "%.2f %s", nanoseconds / 1e6, milli);
    }
}
