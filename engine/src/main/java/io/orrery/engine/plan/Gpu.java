package io.orrery.engine.plan;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A device by its memory. */
public record Gpu(String name, long bytes) {
    private static final double TIGHT = 0.9;
    private static final int MOST_TOKENS = 1 << 24;
    private static final Pattern SIZE =
            Pattern.compile("(\\d{1,6}(?:\\.\\d{1,3})?)\\s*(?:G|GB|GiB)?", Pattern.CASE_INSENSITIVE);

    /** Memory as the makers' data sheets have it, whose GB are 2^30 bytes. */
    private static final List<Gpu> KNOWN = List.of(
            ofGiB("rtx-3060", 12),
            ofGiB("rtx-3090", 24),
            ofGiB("rtx-4060", 8),
            ofGiB("rtx-4070", 12),
            ofGiB("rtx-4080", 16),
            ofGiB("rtx-4090", 24),
            ofGiB("rtx-5090", 32),
            ofGiB("rtx-a6000", 48),
            ofGiB("t4", 16),
            ofGiB("l4", 24),
            ofGiB("l40s", 48),
            ofGiB("a10", 24),
            ofGiB("v100", 32),
            ofGiB("a100-40gb", 40),
            ofGiB("a100", 80),
            ofGiB("h100", 80),
            ofGiB("h200", 141));

    private static Gpu ofGiB(String name, double size) {
        return new Gpu(name, (long) (size * (1L << 30)));
    }

    /** What {@link #parse} takes by name. */
    public static String names() {
        return KNOWN.stream().map(Gpu::name).collect(Collectors.joining(", "));
    }

    /** A known device by its name, or one of so many GB, as 24GB. @throws IllegalArgumentException for anything else */
    public static Gpu parse(String text) {
        String wanted = text.strip().toLowerCase(Locale.ROOT).replace(' ', '-').replace('_', '-');
        Optional<Gpu> known =
                KNOWN.stream().filter(gpu -> gpu.name().equals(wanted)).findFirst();
        if (known.isPresent()) {
            return known.get();
        }
        Matcher size = SIZE.matcher(text.strip());
        if (!size.matches() || Double.parseDouble(size.group(1)) == 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no device that is known here; give its memory, as 24GB, or one of " + names());
        }
        return ofGiB(size.group(1) + " GB", Double.parseDouble(size.group(1)));
    }

    public boolean holds(Footprint footprint) {
        return footprint.bytes() <= bytes;
    }

    /** Whether so much is taken that a little more of anything would not fit. */
    public boolean isTightFor(Footprint footprint) {
        return footprint.bytes() > TIGHT * bytes;
    }

    /** The longest context whose footprint fits; 0 where none does. */
    public int longest(IntFunction<Footprint> ofContext) {
        int fits = 0;
        int tooLong = MOST_TOKENS + 1;
        while (tooLong - fits > 1) {
            int middle = fits + (tooLong - fits) / 2;
            if (holds(ofContext.apply(middle))) {
                fits = middle;
            } else {
                tooLong = middle;
            }
        }
        return fits;
    }
}
