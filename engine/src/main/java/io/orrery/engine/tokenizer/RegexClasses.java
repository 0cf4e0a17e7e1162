package io.orrery.engine.tokenizer;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Oniguruma's names of character classes (kkos/oniguruma, doc/RE and doc/UNICODE_PROPERTIES) as Java writes them. */
final class RegexClasses {
    private static final Set<String> CATEGORIES = Set.of(
            "L", "LU", "LL", "LT", "LM", "LO", "M", "MN", "MC", "ME", "N", "ND", "NL", "NO", "P", "PC", "PD", "PS",
            "PE", "PI", "PF", "PO", "S", "SM", "SC", "SK", "SO", "Z", "ZS", "ZL", "ZP", "C", "CC", "CF", "CS", "CO",
            "CN");

    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("LETTER", "L"),
            Map.entry("CASEDLETTER", "LC"),
            Map.entry("UPPERCASELETTER", "Lu"),
            Map.entry("LOWERCASELETTER", "Ll"),
            Map.entry("MARK", "M"),
            Map.entry("NUMBER", "N"),
            Map.entry("DECIMALNUMBER", "Nd"),
            Map.entry("PUNCTUATION", "P"),
            Map.entry("SYMBOL", "S"),
            Map.entry("SEPARATOR", "Z"),
            Map.entry("OTHER", "C"),
            Map.entry("ALPHA", "IsAlphabetic"),
            Map.entry("ALNUM", "Alnum"),
            Map.entry("BLANK", "Blank"),
            Map.entry("CNTRL", "Cntrl"),
            Map.entry("DIGIT", "Nd"),
            Map.entry("GRAPH", "Graph"),
            Map.entry("LOWER", "IsLowercase"),
            Map.entry("PRINT", "Print"),
            Map.entry("PUNCT", "P"),
            Map.entry("SPACE", "IsWhite_Space"),
            Map.entry("UPPER", "IsUppercase"));

    /** Classes that have no name in Java, as they stand between brackets; {@code \w} has six numbers of Latin-1. */
    private static final Map<String, String> MEMBERS = Map.of(
            "w", "\\p{IsAlphabetic}\\p{M}\\p{Nd}\\p{Pc}\\xB2\\xB3\\xB9\\xBC-\\xBE",
            "h", "0-9a-fA-F",
            "word", "\\p{IsAlphabetic}\\p{M}\\p{Nd}\\p{Pc}",
            "xdigit", "0-9a-fA-F",
            "punct", "\\p{P}\\p{S}");

    private RegexClasses() {}

    /** {@code \p} or {@code \P} with a category, a script, a binary property, or a block after {@code In_}. */
    static String property(String name, boolean negated) {
        String key = name.replaceAll("[_ -]", "").toUpperCase(Locale.ROOT);
        String javas;
        if (CATEGORIES.contains(key)) {
            javas = key.length() == 1 ? key : key.charAt(0) + key.substring(1).toLowerCase(Locale.ROOT);
        } else {
            javas = NAMES.getOrDefault(key, name.startsWith("In_") ? "In" + name.substring(3) : "Is" + name);
        }
        return (negated ? "\\P{" : "\\p{") + javas + "}";
    }

    /** {@code \w}, {@code \W}, {@code \h} or {@code \H}. */
    static String shorthand(char letter, boolean inClass) {
        String members = MEMBERS.getOrDefault(String.valueOf(Character.toLowerCase(letter)), "");
        if (Character.isUpperCase(letter)) {
            return "[^" + members + "]";
        }
        return inClass ? members : "[" + members + "]";
    }

    /** The name in {@code [:name:]}, within a class. */
    static String posix(String name, boolean negated) {
        String members = MEMBERS.get(name);
        if (members == null) {
            return property(name, negated);
        }
        return negated ? "[^" + members + "]" : members;
    }
}
