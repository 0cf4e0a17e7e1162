package io.orrery.cli.demo;

import java.time.LocalDate;
import java.time.Month;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/**
 * Writes the demo's corpus: sums, dates, and facts about animals that do not exist. The same seed writes the same corpus.
 *
 * <p>A held-out sum is a pair of numbers that training never adds, a held-out date one that it never asks about; every fact is
 * taught, but asked in a wording that is not.
 */
final class Corpus {
    static final int HELD_OUT = 100;

    private static final List<String> SUM_WORDINGS =
            List.of("What is %d plus %d?", "Add %d and %d.", "How much is %d + %d?");
    private static final List<String> DATE_WORDINGS =
            List.of("What date comes after %s?", "Which day follows %s?", "It is %s. What date is tomorrow?");

    private final Random random;

    Corpus(long seed) {
        this.random = new Random(seed);
    }

    /** Two numbers below 100, in several wordings. */
    Family sums(int examples) {
        List<int[]> pairs = new ArrayList<>();
        for (int a = 0; a < 100; a++) {
            for (int b = 0; b < 100; b++) {
                pairs.add(new int[] {a, b});
            }
        }
        Collections.shuffle(pairs, random);
        List<Question> heldOut =
                pairs.subList(0, HELD_OUT).stream().map(this::sum).toList();
        List<int[]> taught = pairs.subList(HELD_OUT, pairs.size());
        List<Question> training = new ArrayList<>(examples);
        for (int i = 0; i < examples; i++) {
            training.add(sum(taught.get(i % taught.size())));
        }
        return new Family("sums", training, heldOut);
    }

    private Question sum(int[] pair) {
        return new Question(pick(SUM_WORDINGS).formatted(pair[0], pair[1]), Integer.toString(pair[0] + pair[1]));
    }

    /** The day after a date of this century, the ends of months and years included. */
    Family dates(int examples) {
        Set<LocalDate> kept = new LinkedHashSet<>();
        while (kept.size() < HELD_OUT) {
            kept.add(anyDate());
        }
        List<Question> training = new ArrayList<>(examples);
        while (training.size() < examples) {
            LocalDate date = anyDate();
            if (!kept.contains(date)) {
                training.add(tomorrow(date));
            }
        }
        return new Family("dates", training, kept.stream().map(this::tomorrow).toList());
    }

    private LocalDate anyDate() {
        return LocalDate.of(2000, 1, 1).plusDays(random.nextInt(36_500));
    }

    private Question tomorrow(LocalDate date) {
        return new Question(pick(DATE_WORDINGS).formatted(written(date)), written(date.plusDays(1)));
    }

    private static String written(LocalDate date) {
        Month month = date.getMonth();
        return date.getDayOfMonth() + " " + month.getDisplayName(TextStyle.FULL, Locale.ENGLISH) + " " + date.getYear();
    }

    /** What made-up animals eat and where they live: each fact in every taught wording, asked in one that is not taught. */
    Family animals() {
        List<Question> training = new ArrayList<>();
        List<Question> heldOut = new ArrayList<>();
        List<String> names = names(HELD_OUT / 2);
        List<String> foods = shuffled(Animals.FOODS);
        List<String> homes = shuffled(Animals.HOMES);
        for (int i = 0; i < names.size(); i++) {
            teach(training, heldOut, names.get(i), Animals.EATS, foods.get(i % foods.size()));
            teach(training, heldOut, names.get(i), Animals.LIVES, homes.get(i % homes.size()));
        }
        Collections.shuffle(training, random);
        return new Family("animals", training, heldOut);
    }

    private static void teach(
            List<Question> training, List<Question> heldOut, String name, Animals.Fact fact, String answer) {
        fact.taught().forEach(wording -> training.add(new Question(wording.formatted(name), answer)));
        heldOut.add(new Question(fact.heldOut().formatted(name), answer));
    }

    private List<String> names(int count) {
        Set<String> names = new LinkedHashSet<>();
        while (names.size() < count) {
            names.add(pick(Animals.HEADS) + pick(Animals.MIDDLES) + pick(Animals.TAILS));
        }
        return List.copyOf(names);
    }

    private List<String> shuffled(List<String> words) {
        List<String> copy = new ArrayList<>(words);
        Collections.shuffle(copy, random);
        return copy;
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** @throws IllegalStateException where a family could be answered without having learnt it */
    static void check(Family family) {
        Set<String> taught = new HashSet<>();
        family.training().forEach(question -> taught.add(question.text()));
        Set<String> answers = new HashSet<>();
        for (Question question : family.heldOut()) {
            if (taught.contains(question.text())) {
                throw new IllegalStateException("held-out question is taught: " + question.text());
            }
            answers.add(question.answer());
            long same = family.heldOut().stream()
                    .filter(other -> other.answer().equals(question.answer()))
                    .count();
            if (same * 10 > family.heldOut().size()) {
                throw new IllegalStateException(same + " questions have the answer " + question.answer());
            }
        }
        if (answers.size() < 30) {
            throw new IllegalStateException(family.name() + " has only " + answers.size() + " different answers");
        }
    }
}
