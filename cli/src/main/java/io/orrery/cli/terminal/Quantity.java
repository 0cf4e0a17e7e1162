package io.orrery.cli.terminal;

import java.time.Duration;
import java.util.Locale;

/** Quantities as people read them, in decimal units. */
public final class Quantity {
    private static final String[] PREFIXES = {"", "k", "M", "G", "T", "P"};

    private Quantity() {}

    /** Such as {@code 1.2 GB}. */
    public static String bytes(long bytes) {
        return scaled(bytes, "B");
    }

    /** Such as {@code 12.55 GiB} or {@code 84.00 MiB}: memory of devices, which is counted so. */
    public static String binary(long bytes) {
        boolean isLarge = bytes >= (1L << 30) / 10;
        return String.format(
                Locale.ROOT, "%.2f %s", (double) bytes / (isLarge ? 1L << 30 : 1L << 20), isLarge ? "GiB" : "MiB");
    }

    /** Such as {@code 596.0 M}. */
    public static String count(long count) {
        return scaled(count, "").strip();
    }

    private static String scaled(double value, String unit) {
        int prefix = 0;
        while (value >= 1000 && prefix < PREFIXES.length - 1) {
            value /= 1000;
            prefix++;
        }
        return prefix == 0
                ? String.format(Locale.ROOT, "%.0f %s", value, unit)
                : String.format(Locale.ROOT, "%.1f %s%s", value, PREFIXES[prefix], unit);
    }

    /** Such as {@code 2 h 05 min}, {@code 3 min 20 s} or {@code 12 s}. */
    public static String duration(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds >= 3600) {
            return String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds % 3600 / 60);
        }
        return seconds >= 60 ? String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60) : seconds + " s";
    }
}
