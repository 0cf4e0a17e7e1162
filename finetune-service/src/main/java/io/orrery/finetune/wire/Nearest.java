package io.orrery.finetune.wire;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The known name that somebody probably meant. */
final class Nearest {
    private static final int MOST_EDITS = 3;

    private Nearest() {}

    static Optional<String> to(String name, Collection<String> known) {
        return known.stream()
                .filter(other -> edits(name, other) <= MOST_EDITS)
                .min(Comparator.comparingInt(other -> edits(name, other)));
    }

    /** Levenshtein's distance, by rows. */
    private static int edits(String a, String b) {
        if (Math.abs(a.length() - b.length()) > MOST_EDITS) {
            return MOST_EDITS + 1;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
