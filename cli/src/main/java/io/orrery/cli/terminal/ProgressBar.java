package io.orrery.cli.terminal;

import io.orrery.hub.Progress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.LongFunction;

/**
 * How far something is: a bar that is redrawn on a terminal, a line now and then in a pipe. Thread-safe, since bytes are counted
 * where they are sent.
 */
public final class ProgressBar implements Progress, AutoCloseable {
    private static final int CELLS = 24;
    private static final int WIDTH = 100;
    private static final Duration REDRAW = Duration.ofMillis(100);
    private static final Duration LINE = Duration.ofSeconds(5);

    private final PrintWriter out;
    private final boolean interactive;
    private final String doing;
    private final LongFunction<String> unit;
    private final boolean hasRate;
    private final Rate rate = new Rate();
    private final long start = System.nanoTime();
    private long shown = start - Duration.ofDays(1).toNanos();
    private String last = "";
    private int drawn;
    private double firstShare = -1;

    /** @param hasRate whether it is worth saying how much moves in a second */
    ProgressBar(PrintWriter out, boolean interactive, String doing, LongFunction<String> unit, boolean hasRate) {
        this.out = out;
        this.interactive = interactive;
        this.doing = doing;
        this.unit = unit;
        this.hasRate = hasRate;
    }

    @Override
    public synchronized void report(String detail, long done, long total) {
        String text = text(detail, done, total);
        last = text;
        long now = System.nanoTime();
        if (now - shown >= (interactive ? REDRAW : LINE).toNanos()) {
            shown = now;
            show(text);
            last = "";
        }
    }

    private void show(String text) {
        if (interactive) {
            out.print("\r" + text + " ".repeat(Math.max(0, drawn - text.length())));
            drawn = text.length();
        } else {
            out.println(text);
        }
        out.flush();
    }

    private String text(String detail, long done, long total) {
        double share = total == 0 ? 1 : (double) done / total;
        String amount = unit.apply(done) + " of " + unit.apply(total);
        String text = String.format(
                Locale.ROOT,
                "%s %s%3.0f%%  %s%s  %s",
                doing,
                bar(share),
                100 * share,
                amount,
                speed(done, total) + rest(share),
                detail);
        return interactive && text.length() > WIDTH ? text.substring(0, WIDTH - 1) + "…" : text;
    }

    private String bar(double share) {
        int full = (int) Math.round(CELLS * Math.min(1, share));
        return interactive ? "[" + "#".repeat(full) + ".".repeat(CELLS - full) + "] " : "";
    }

    private String speed(long done, long total) {
        OptionalDouble perSecond = rate.perSecond(System.nanoTime(), done);
        return hasRate && perSecond.isPresent() && done < total
                ? "  " + unit.apply((long) perSecond.getAsDouble()) + "/s"
                : "";
    }

    private String rest(double share) {
        double elapsed = System.nanoTime() - start;
        // what was there at the start, a resumed download or an older step, took none of this time
        firstShare = firstShare < 0 ? share : firstShare;
        double moved = share - firstShare;
        if (moved <= 0 || share >= 1 || elapsed < Duration.ofSeconds(2).toNanos()) {
            return "";
        }
        return "  " + Quantity.duration(Duration.ofNanos((long) (elapsed * (1 - share) / moved))) + " left";
    }

    /** A line of its own above the bar. */
    public synchronized void note(String line) {
        if (interactive && drawn > 0) {
            out.print("\r" + " ".repeat(drawn) + "\r");
            drawn = 0;
        }
        out.println(line);
        out.flush();
    }

    /** Shows where it ended, and leaves the line. */
    @Override
    public synchronized void close() {
        if (!last.isEmpty()) {
            show(last);
            last = "";
        }
        if (interactive && drawn > 0) {
            out.println();
            out.flush();
        }
    }
}
