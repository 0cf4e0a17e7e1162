package io.orrery.registry.commit;

import io.orrery.registry.repository.GitPattern;
import java.util.ArrayList;
import java.util.List;

/** The rules of a .gitignore or .gitattributes, of which the last that matches decides. */
public final class GitRules {
    /** Nobody writes longer patterns or more of them, and each is tried on each file. */
    private static final int MAX_PATTERN = 256;

    private static final int MAX_RULES = 1000;

    private record Rule(GitPattern pattern, boolean value) {}

    private final List<Rule> rules = new ArrayList<>();

    private GitRules() {}

    /** Whether files are ignored. */
    static GitRules ignores(String text) {
        GitRules ignores = new GitRules();
        for (String line : text.split("\r?\n")) {
            String rule = line.strip();
            if (rule.isEmpty() || rule.startsWith("#")) {
                continue;
            }
            boolean negated = rule.startsWith("!");
            ignores.add(negated ? rule.substring(1) : rule, !negated);
        }
        return ignores;
    }

    /** Whether files are kept outside git: {@code filter=lfs}, or not any more: {@code -filter}, {@code !filter}. */
    public static GitRules largeFiles(String text) {
        GitRules large = new GitRules();
        for (String line : text.split("\r?\n")) {
            String[] words = line.strip().split("\\s+");
            if (words[0].isEmpty() || words[0].startsWith("#")) {
                continue;
            }
            for (int i = 1; i < words.length; i++) {
                if (words[i].startsWith("filter=")) {
                    large.add(words[0], words[i].equals("filter=lfs"));
                } else if (words[i].equals("-filter") || words[i].equals("!filter")) {
                    large.add(words[0], false);
                }
            }
        }
        return large;
    }

    boolean isIgnored(String path) {
        boolean ignored = false;
        for (Rule rule : rules) {
            if (rule.pattern().covers(path)) {
                ignored = rule.value();
            }
        }
        return ignored;
    }

    public boolean isLarge(String path) {
        boolean large = false;
        for (Rule rule : rules) {
            if (rule.pattern().matchesFile(path)) {
                large = rule.value();
            }
        }
        return large;
    }

    private void add(String pattern, boolean value) {
        if (pattern.length() > MAX_PATTERN || rules.size() >= MAX_RULES) {
            return;
        }
        GitPattern.parse(pattern).ifPresent(readable -> rules.add(new Rule(readable, value)));
    }
}
