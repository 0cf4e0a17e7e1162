package io.orrery.cli.conformance;

import java.util.Optional;

/** Many small comparisons that are one check: how many, and the first that failed. */
final class Tally {
    private int compared;
    private int wrong;
    private Optional<String> first = Optional.empty();

    /** @param input what the two were made from, for the report */
    void compare(Object input, Object got, Object want) {
        compared++;
        if (!got.equals(want)) {
            wrong++;
            if (first.isEmpty()) {
                first = Optional.of(Texts.difference(got, want) + " of \"" + input + "\"");
            }
        }
    }

    int compared() {
        return compared;
    }

    /** Empty where all were equal. */
    Optional<String> difference() {
        return first.map(text -> text + " (" + wrong + " of " + compared + " differ)");
    }
}
