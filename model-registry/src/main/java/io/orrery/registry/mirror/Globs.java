package io.orrery.registry.mirror;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Patterns of names as Python's {@code fnmatch} takes them, which clients filter files by: {@code *} stands for slashes, too. */
record Globs(List<Pattern> patterns) {
    private static final int DOTALL = Pattern.DOTALL;

    static Globs of(List<String> globs, int flags) {
        return new Globs(globs.stream()
                .map(glob -> Pattern.compile(regex(glob), DOTALL | flags))
                .toList());
    }

    boolean match(String name) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches());
    }

    /** A pattern that ends in a slash means all that is in the folder, as clients have it. */
    private static String regex(String glob) {
        String whole = glob.endsWith("/") ? glob + "*" : glob;
        return whole.codePoints()
                .mapToObj(sign -> switch (sign) {
                    case '*' -> ".*";
                    case '?' -> ".";
                    default -> Pattern.quote(Character.toString(sign));
                })
                .collect(Collectors.joining());
    }
}
