package io.orrery.cli.conformance;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** Compares what was computed with what a case wants, and reports it. Confined to one thread. */
final class Checks {
    private final GoldenCase golden;
    private final Report report;

    Checks(GoldenCase golden, Report report) {
        this.golden = golden;
        this.report = report;
    }

    /** A tensor of the case, by its own tolerance. */
    void tensor(String name, float[] got) {
        tensor(name, name, got);
    }

    /** The same under a check's name of ours, as a tensor may be computed in several ways. */
    void tensor(String check, String name, float[] got) {
        outcome(
                check,
                golden.tolerance(name)
                        .difference(
                                got, golden.numbers(name), golden.tensor(name).shape()));
    }

    /** Whole numbers of the case, which must be equal. */
    void integers(String name, int[] got) {
        int[] want = golden.integers(name);
        int at = Arrays.mismatch(got, want);
        outcome(name, at < 0 ? Optional.empty() : Optional.of(difference(got, want, at)));
    }

    private static String difference(int[] got, int[] want, int at) {
        return "got " + element(got, at) + ", want " + element(want, at) + ", worst element [" + at + "] of "
                + want.length + " (got " + got.length + ")";
    }

    private static String element(int[] values, int at) {
        return at < values.length ? String.valueOf(values[at]) : "nothing";
    }

    /** A number of the case within a share of its size. */
    void number(String pointer, double got, double rtol) {
        number(pointer, got, new Comparison(0, rtol));
    }

    void number(String pointer, double got, Comparison tolerance) {
        double want = golden.value(pointer).asDouble(Double.NaN);
        outcome(named(pointer), tolerance.difference(got, want));
    }

    /** A value of the case, equal to what was computed. */
    void equal(String pointer, Object got) {
        JsonNode want = golden.value(pointer);
        equal(named(pointer), got.toString(), want.isString() ? want.stringValue() : want.toString());
    }

    void equal(String check, Object got, Object want) {
        outcome(check, got.equals(want) ? Optional.empty() : Optional.of(Texts.difference(got, want)));
    }

    void outcome(String check, Optional<String> difference) {
        String name = golden.name() + "/" + check;
        difference.ifPresentOrElse(why -> report.fail(name, why), () -> report.pass(name));
    }

    void fail(String check, String why) {
        report.fail(golden.name() + "/" + check, why);
    }

    /** Says why the tensors that nobody looked at yet and that a condition holds for cannot be computed. */
    void skipTensors(Predicate<String> which, String why) {
        for (String name : golden.unseenTensors()) {
            if (which.test(name)) {
                golden.tensor(name);
                report.skip(golden.name() + "/" + name, why);
            }
        }
    }

    void skipValue(String pointer, String why) {
        if (!golden.value(pointer).isMissingNode()) {
            report.skip(golden.name() + "/" + named(pointer), why);
        }
    }

    /** Says why nothing that is left can be computed. */
    void skipRest(String why) {
        skipTensors(_ -> true, why);
        golden.unseenValues().forEach(pointer -> skipValue(pointer, why));
    }

    /** What nobody looked at is a failure of the check itself. */
    void failUnseen() {
        golden.unseenTensors().forEach(name -> fail(name, "not checked"));
        golden.unseenValues().forEach(pointer -> fail(named(pointer), "not checked"));
    }

    /** A JSON pointer as a check's name. */
    static String named(String pointer) {
        return pointer.substring(1).replace('/', '.').replace("~1", "/").replace("~0", "~");
    }
}
