package io.orrery.engine.checkpoint.peft;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Keys of {@code rank_pattern} and {@code alpha_pattern}: a regular expression for the end of a module path, PEFT
 * {@code src/peft/utils/other.py}, {@code get_pattern_key}. They come from foreign files, so a match may take only so many steps.
 */
final class ModulePattern {
    private static final int MAX_LENGTH = 1_000;
    private static final int MAX_STEPS = 100_000;

    private ModulePattern() {}

    /** @throws IllegalArgumentException where the key is no regular expression */
    static void check(String key) {
        compiled(key);
    }

    /** The value of the first key that matches the path. */
    static <T> Optional<T> first(Map<String, T> patterns, String modulePath) {
        for (Map.Entry<String, T> pattern : patterns.entrySet()) {
            if (compiled(pattern.getKey())
                    .matcher(new Bounded(modulePath, new int[1]))
                    .matches()) {
                return Optional.of(pattern.getValue());
            }
        }
        return Optional.empty();
    }

    private static Pattern compiled(String key) {
        if (key.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a module pattern of " + key.length() + " characters is too long");
        }
        try {
            return Pattern.compile("(.*\\.)?(" + key + ")");
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "the module pattern " + key + " is no regular expression: " + e.getDescription(), e);
        }
    }

    /** Text that ends the search of a pattern that backtracks without end: each step of a match looks at a character. */
    private record Bounded(String text, int[] steps) implements CharSequence {
        @Override
        public char charAt(int index) {
            if (++steps[0] > MAX_STEPS) {
                throw new IllegalArgumentException("a module pattern takes too long on " + text + "; name the module");
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Bounded(text.substring(start, end), steps);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
