package io.orrery.bench.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Prose, code, numbers, ideographs, emoji and runs of white space in turn, the same for the same seed. */
final class MixedText {
    private static final String CONSONANTS = "bcdfghklmnprstvw";
    private static final String VOWELS = "aeiou";
    private static final List<String> EMOJI = List.of("😀", "👍🏽", "👩‍🚀", "❤️", "🇩🇪", "🎉");

    private final Random random;
    private final StringBuilder text = new StringBuilder();

    private MixedText(long seed) {
        this.random = new Random(seed);
    }

    /** @param bytes of UTF-8, at least */
    static String of(long seed, int bytes) {
        MixedText mixed = new MixedText(seed);
        int written = 0;
        while (written < bytes) {
            int before = mixed.text.length();
            mixed.paragraph();
            written += mixed.text.substring(before).getBytes(StandardCharsets.UTF_8).length;
        }
        return mixed.text.toString();
    }

    /** Half of it prose, a quarter code, the rest what is rarer. */
    private void paragraph() {
        switch (random.nextInt(8)) {
            case 0, 1, 2, 3 -> prose();
            case 4, 5 -> code();
            case 6 -> numbers();
            default -> ideographs();
        }
        text.append(random.nextInt(4) == 0 ? "\n\n" : "\n");
    }

    private void prose() {
        int words = random.nextInt(20, 80);
        for (int i = 0; i < words; i++) {
            text.append(word()).append(random.nextInt(12) == 0 ? ", " : random.nextInt(15) == 0 ? ". It's " : " ");
        }
        text.append(EMOJI.get(random.nextInt(EMOJI.size())));
    }

    /** Common words are short and few, as in a language. */
    private String word() {
        int rank = (int) Math.exp(random.nextDouble() * Math.log(20_000));
        Random letters = new Random(rank);
        int syllables = 1 + rank % 3 + (rank > 2000 ? 1 : 0);
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < syllables; i++) {
            word.append(CONSONANTS.charAt(letters.nextInt(CONSONANTS.length())));
            word.append(VOWELS.charAt(letters.nextInt(VOWELS.length())));
        }
        return word.toString();
    }

    private void code() {
        int lines = random.nextInt(3, 12);
        for (int i = 0; i < lines; i++) {
            text.repeat("    ", random.nextInt(4));
            text.append("if (").append(word()).append('_').append(word()).append("[i] != 0x");
            text.append(Integer.toHexString(random.nextInt(1 << 16)))
                    .append(") { return ")
                    .append(word());
            text.append("(\"")
                    .append(word())
                    .append("\", ")
                    .append(random.nextInt(1000))
                    .append("); }\t// ")
                    .append(word())
                    .append('\n');
        }
    }

    private void numbers() {
        int count = random.nextInt(10, 40);
        for (int i = 0; i < count; i++) {
            text.append(random.nextInt(1, 1 << random.nextInt(2, 24))).append(random.nextBoolean() ? "." : ";\t");
        }
    }

    private void ideographs() {
        int count = random.nextInt(20, 80);
        for (int i = 0; i < count; i++) {
            text.appendCodePoint(0x4e00 + (int) Math.exp(random.nextDouble() * Math.log(3000)));
            if (random.nextInt(12) == 0) {
                text.append("、");
            }
        }
        text.append("。");
    }
}
