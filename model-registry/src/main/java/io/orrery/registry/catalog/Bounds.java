package io.orrery.registry.catalog;

import io.orrery.registry.wire.HubProblem;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Between two numbers, both included, as the Hub's clients write it: {@code min:6B,max:128B}, one of both, or one number. */
record Bounds(OptionalLong min, OptionalLong max) {
    static final Bounds NONE = new Bounds(OptionalLong.empty(), OptionalLong.empty());

    private static final Pattern NUMBER = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,6})?)([KMBT]?)");

    /** @param name of the parameter, for messages */
    static Bounds parse(String name, String text) {
        OptionalLong min = OptionalLong.empty();
        OptionalLong max = OptionalLong.empty();
        for (String part : text.split(",", 3)) {
            if (part.startsWith("min:")) {
                min = OptionalLong.of(number(name, part.substring(4)));
            } else if (part.startsWith("max:")) {
                max = OptionalLong.of(number(name, part.substring(4)));
            } else {
                min = OptionalLong.of(number(name, part));
                max = min;
            }
        }
        return new Bounds(min, max);
    }

    private static long number(String name, String text) {
        Matcher number = NUMBER.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (!number.matches()) {
            throw HubProblem.badRequest(name
                    + " must be such as min:6B,max:128B, with K, M, B or T behind the numbers, but has '" + text + "'");
        }
        return Math.round(Double.parseDouble(number.group(1)) * unit(number.group(2)));
    }

    private static double unit(String letter) {
        return switch (letter) {
            case "K" -> 1e3;
            case "M" -> 1e6;
            case "B" -> 1e9;
            case "T" -> 1e12;
            default -> 1;
        };
    }
}
