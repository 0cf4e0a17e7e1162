package io.orrery.cli.conformance;

import java.io.PrintWriter;

/** A line per check, and how many there were of each kind. Confined to one thread. */
final class Report {
    private final PrintWriter out;
    private int passed;
    private int failed;
    private int skipped;

    Report(PrintWriter out) {
        this.out = out;
    }

    void pass(String check) {
        passed++;
        say("PASS " + check);
    }

    void fail(String check, String why) {
        failed++;
        say("FAIL " + check + ": " + why);
    }

    void skip(String check, String why) {
        skipped++;
        say("SKIP " + check + ": " + why);
    }

    void summary() {
        say(passed + " passed, " + failed + " failed, " + skipped + " skipped");
    }

    int passed() {
        return passed;
    }

    int failed() {
        return failed;
    }

    int skipped() {
        return skipped;
    }

    /** One line, whatever an error's text or a text in question holds. */
    private void say(String line) {
        out.println(line.replace("\n", "\\n").replace("\r", "\\r"));
        out.flush();
    }
}
