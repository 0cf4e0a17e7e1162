package io.orrery.cli.demo;

import io.orrery.cli.terminal.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What base and tuned model got right, against what they should. */
final class ReportCard {
    private final Table table = new Table("", "sums", "dates", "animals");
    private final List<String> misses = new ArrayList<>();

    /** Right answers of one model in percent, family by family. */
    record Marks(double sums, double dates, double animals) {}

    ReportCard(Marks base, Marks tuned) {
        table.row("base", percent(base.sums()), percent(base.dates()), percent(base.animals()));
        table.row("tuned", percent(tuned.sums()), percent(tuned.dates()), percent(tuned.animals()));
        atLeast(90, base.sums(), "base, sums");
        atLeast(90, base.dates(), "base, dates");
        if (base.animals() > 20) {
            misses.add("base, animals: " + percent(base.animals()) + " is over 20 %: it should not know them");
        }
        atLeast(80, tuned.sums(), "tuned, sums");
        atLeast(80, tuned.dates(), "tuned, dates");
        atLeast(90, tuned.animals(), "tuned, animals");
    }

    private void atLeast(double bar, double mark, String what) {
        if (mark < bar) {
            misses.add(what + ": " + percent(mark) + " is under " + percent(bar));
        }
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.0f %%", value);
    }

    List<String> lines() {
        return table.lines();
    }

    /** A sentence for each mark that is on the wrong side of its bar. */
    List<String> misses() {
        return misses;
    }
}
