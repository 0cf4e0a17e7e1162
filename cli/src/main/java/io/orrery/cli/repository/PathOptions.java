package io.orrery.cli.repository;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Which paths of a repository are meant. Patterns are those of the Hub's own command line (Python's fnmatch): a star crosses folders. */
final class PathOptions {
    @Option(
            names = "--include",
            paramLabel = "GLOB",
            description =
                    "Only files that match one of these, such as '*.safetensors' or 'tokenizer/'; may be repeated.")
    private List<String> include = new ArrayList<>();

    @Option(
            names = "--exclude",
            paramLabel = "GLOB",
            description = "No files that match one of these; may be repeated.")
    private List<String> exclude = new ArrayList<>();

    boolean areGiven() {
        return !include.isEmpty() || !exclude.isEmpty();
    }

    Predicate<String> predicate() {
        List<Pattern> wanted = include.stream().map(PathOptions::pattern).toList();
        List<Pattern> unwanted = exclude.stream().map(PathOptions::pattern).toList();
        return path -> (wanted.isEmpty() || matches(wanted, path)) && !matches(unwanted, path);
    }

    private static boolean matches(List<Pattern> patterns, String path) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(path).matches());
    }

    /** A folder stands for what is in it. */
    static Pattern pattern(String glob) {
        String text = glob.endsWith("/") ? glob + "*" : glob;
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int end = c == '[' ? text.indexOf(']', i + 2) : -1;
            if (c == '*') {
                regex.append(".*");
            } else if (c == '?') {
                regex.append('.');
            } else if (end > 0) {
                regex.append(set(text.substring(i + 1, end)));
                i = end;
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    private static String set(String characters) {
        String literal = characters.replaceAll("([\\\\\\[\\]^&])", "\\\\$1");
        return characters.startsWith("!") ? "[^" + literal.substring(1) + "]" : "[" + literal + "]";
    }
}
