package io.orrery.registry.compatibility;

import io.orrery.registry.wire.HubProblem;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a battery of cases found with one version of one client.
 *
 * @param client its package's name, such as {@code huggingface_hub}
 * @param cases at most {@value #MOST_CASES}
 */
record ClientReport(String client, String version, List<Case> cases) {
    static final int MOST_CASES = 500;

    private static final Pattern NAME = Pattern.compile("[\\w.@/+:~ -]{1,64}");
    private static final int LONGEST = 1000;

    enum Outcome {
        PASSED,
        FAILED,
        SKIPPED;

        static Outcome of(String word) {
            for (Outcome outcome : values()) {
                if (outcome.word().equals(word)) {
                    return outcome;
                }
            }
            throw HubProblem.badRequest("An outcome is passed, failed or skipped, but '" + word + "' is none of these");
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param says why it failed or was skipped */
    record Case(String name, String outcome, @Nullable String says) {
        Case {
            if (name.isBlank() || name.length() > LONGEST || (says != null && says.length() > LONGEST)) {
                throw HubProblem.badRequest("A case has a name, and that and what it says have at most " + LONGEST
                        + " characters, but '" + name.substring(0, Math.min(40, name.length())) + "' has not");
            }
            Outcome.of(outcome);
        }
    }

    ClientReport {
        if (!NAME.matcher(client).matches() || !NAME.matcher(version).matches()) {
            throw HubProblem.badRequest("client and version are 1 to 64 letters, digits and any of . @ / + : ~ _ -");
        }
        if (cases.isEmpty() || cases.size() > MOST_CASES) {
            throw HubProblem.badRequest("A report has 1 to " + MOST_CASES + " cases, but this one " + cases.size());
        }
        cases = List.copyOf(cases);
    }

    long count(Outcome outcome) {
        return cases.stream()
                .filter(one -> one.outcome().equals(outcome.word()))
                .count();
    }
}
