package io.orrery.engine.tokenizer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Regular expressions as tokenizers write them (Oniguruma's Ruby syntax, doc/RE of kkos/oniguruma, which tokenizers compiles
 * with) into Java's: names of properties, POSIX brackets, {@code \h}, {@code (?m:)} for a dot that matches line ends, and braces
 * that stand for themselves. {@code ^} and {@code $} are the ends of a line, and classes are Unicode's.
 */
final class RegexTranslation {
    private static final int FLAGS = Pattern.UNICODE_CHARACTER_CLASS | Pattern.MULTILINE | Pattern.UNIX_LINES;
    private static final int MAX_LENGTH = 1 << 14;

    /** How often a pattern's intervals may make it repeat itself, all multiplied. */
    private static final long MAX_REPEATS = 1_000_000;

    /**
     * Always true, and reads a character before or after. {@link BoundedText} counts reads, and a group that matches nothing at
     * the end of a text would be tried without end and without one.
     */
    private static final String READ = "(?<![^\\s\\S])(?![^\\s\\S])";

    private static final Pattern PROPERTY = Pattern.compile("([pP])\\{(\\^?)([A-Za-z_ -]+)\\}");
    private static final Pattern INTERVAL = Pattern.compile("\\{(\\d*)(,?)(\\d*)\\}");
    private static final Pattern POSIX = Pattern.compile("\\[:(\\^?)([a-z]+):\\]");

    /** Escapes of more than one character, which may be a bracket. */
    private static final Pattern LONGER = Pattern.compile("[xoupP]\\{[^}]*\\}|c.", Pattern.DOTALL);

    /** Java's quotation marks, which are letters. */
    private static final Pattern LETTER = Pattern.compile("[QE]");

    private static final Pattern SHORTHAND = Pattern.compile("[wWhH]");
    private static final Pattern OCTAL = Pattern.compile("[1-3][0-7]{2}");
    private static final Pattern COMMENT = Pattern.compile("\\(\\?#[^)]*\\)");
    private static final Pattern OPENING = Pattern.compile("\\((?:\\?(?:[=!>]|<[=!]|<\\w+>)|(?!\\?))");
    private static final Pattern OPTIONS = Pattern.compile("\\(\\?([im]*)(?:-([im]+))?([:)])");

    private final String source;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int brackets;
    private int groups;
    private long repeats = 1;

    private RegexTranslation(String source) {
        this.source = source;
    }

    /** @throws TokenizerException where it is not a regular expression, or one with a feature that Java's have not */
    static Pattern compile(String source) {
        if (source.length() > MAX_LENGTH) {
            throw new TokenizerException(
                    "a pattern of " + source.length() + " characters is longer than " + MAX_LENGTH);
        }
        try {
            return Pattern.compile(new RegexTranslation(source).translate(), FLAGS);
        } catch (PatternSyntaxException | StackOverflowError bad) {
            String why = bad instanceof PatternSyntaxException syntax
                    ? syntax.getDescription() + " near index " + syntax.getIndex()
                    : "it is nested too deeply";
            throw new TokenizerException("the pattern \"" + shown(source) + "\" cannot be used: " + why, bad);
        }
    }

    private static String shown(String source) {
        return source.length() <= 200 ? source : source.substring(0, 200) + "...";
    }

    private String translate() {
        while (at < source.length()) {
            char c = source.charAt(at);
            if (c == '\\') {
                escape();
            } else if (brackets > 0) {
                inClass(c);
            } else if (c == '[') {
                openClass();
            } else if (c == '{') {
                brace();
            } else if (c == '(') {
                group();
            } else {
                outsideClass(c);
            }
        }
        return out.toString();
    }

    private void outsideClass(char c) {
        keep(1);
        if (c == ')') {
            groups--;
        } else if (c == '|' && groups > 0) {
            out.append(READ);
        }
    }

    private void keep(int characters) {
        out.append(source, at, at + characters);
        at += characters;
    }

    private void replace(int characters, String by) {
        out.append(by);
        at += characters;
    }

    private Matcher here(Pattern pattern, int from) {
        return pattern.matcher(source).region(Math.min(from, source.length()), source.length());
    }

    private void escape() {
        Matcher property = here(PROPERTY, at + 1);
        if (property.lookingAt()) {
            boolean negated = property.group(1).equals("P") != property.group(2).equals("^");
            replace(property.end() - at, RegexClasses.property(property.group(3), negated));
        } else if (here(SHORTHAND, at + 1).lookingAt()) {
            char letter = source.charAt(at + 1);
            replace(2, RegexClasses.shorthand(letter, brackets > 0));
        } else if (here(OCTAL, at + 1).lookingAt()) {
            replace(1, "\\0");
        } else if (source.startsWith("\\v", at)) {
            replace(2, "\\x0B");
        } else if (here(LETTER, at + 1).lookingAt()) {
            at++;
        } else {
            Matcher longer = here(LONGER, at + 1);
            keep(longer.lookingAt() ? longer.end() - at : Math.min(2, source.length() - at));
        }
    }

    /** A bracket that closes at once stands for itself. */
    private void openClass() {
        brackets++;
        keep(source.startsWith("[^", at) ? 2 : 1);
        if (source.startsWith("]", at)) {
            replace(1, "\\]");
        }
    }

    private void inClass(char c) {
        Matcher posix = here(POSIX, at);
        if (c == '[' && posix.lookingAt()) {
            boolean negated = !posix.group(1).isEmpty();
            String name = posix.group(2);
            replace(posix.end() - at, RegexClasses.posix(name, negated));
        } else if (c == '[') {
            openClass();
        } else {
            brackets -= c == ']' ? 1 : 0;
            keep(1);
        }
    }

    /** {@code {,n}} is {@code {0,n}}; what is no interval is a brace. */
    private void brace() {
        Matcher interval = here(INTERVAL, at);
        boolean isInterval = interval.lookingAt()
                && !(interval.group(1).isEmpty() && interval.group(3).isEmpty());
        if (!isInterval || out.isEmpty()) {
            replace(1, "\\{");
            return;
        }
        countRepeats(interval.group(1));
        countRepeats(interval.group(3));
        if (interval.group(1).isEmpty()) {
            replace(interval.end() - at, "{0," + interval.group(3) + "}");
        } else {
            keep(interval.end() - at);
        }
    }

    private void countRepeats(String number) {
        if (!number.isEmpty()) {
            repeats *= number.length() > 6 ? MAX_REPEATS + 1 : Math.max(1, Integer.parseInt(number));
        }
        if (repeats > MAX_REPEATS) {
            throw new TokenizerException("the pattern \"" + shown(source) + "\" repeats itself too often");
        }
    }

    private void group() {
        Matcher options = here(OPTIONS, at);
        Matcher comment = here(COMMENT, at);
        if (comment.lookingAt()) {
            at = comment.end();
        } else if (options.lookingAt()) {
            String off = options.group(2) == null ? "" : "-" + options.group(2);
            boolean opens = options.group(3).equals(":");
            String javas = "(?" + (options.group(1) + off).replace('m', 's') + options.group(3);
            groups += opens ? 1 : 0;
            replace(options.end() - at, opens ? javas + READ : javas);
        } else {
            open();
        }
    }

    private void open() {
        Matcher opening = here(OPENING, at);
        if (!opening.lookingAt()) {
            String found = source.substring(at, Math.min(source.length(), at + 4));
            throw new TokenizerException("the pattern \"" + shown(source) + "\" has a group that begins with \"" + found
                    + "\", which is not known here");
        }
        groups++;
        keep(opening.end() - at);
        out.append(READ);
    }
}
