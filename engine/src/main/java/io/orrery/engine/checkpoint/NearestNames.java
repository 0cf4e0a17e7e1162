package io.orrery.engine.checkpoint;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** The names that a wrong one may have meant, by the number of letters to change (Levenshtein 1966). */
public final class NearestNames {
    private static final int SHOWN = 3;
    private static final int COMPARED_LETTERS = 128;

    private record Ranked(String name, int distance) {}

    private NearestNames() {}

    /** A sentence that says what is absent and what there is instead. */
    static String absent(String wanted, Collection<String> names) {
        if (names.isEmpty()) {
            return "there is no tensor " + wanted + ", nor any other";
        }
        return "there is no tensor " + wanted + " among " + names.size() + "; the nearest names are "
                + String.join(", ", nearest(wanted, names).limit(SHOWN).toList());
    }

    /** The names by their distance from the wanted one, nearest first. */
    public static Stream<String> nearest(String wanted, Collection<String> names) {
        return names.stream()
                .map(name -> new Ranked(name, distance(shortened(wanted), shortened(name))))
                .sorted(Comparator.comparingInt(Ranked::distance).thenComparing(Ranked::name))
                .map(Ranked::name);
    }

    /** The name that was probably meant: the nearest, if it takes at most two changes or a third of the letters. */
    public static Optional<String> meant(String wanted, Collection<String> names) {
        int most = Math.max(2, wanted.length() / 3);
        return nearest(wanted, names).findFirst().filter(name -> distance(shortened(wanted), shortened(name)) <= most);
    }

    private static String shortened(String name) {
        return name.length() <= COMPARED_LETTERS ? name : name.substring(0, COMPARED_LETTERS);
    }

    private static int distance(String a, String b) {
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(above[j], row[j - 1]) + 1);
            }
            above = row;
        }
        return above[b.length()];
    }
}
