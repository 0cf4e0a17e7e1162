package io.orrery.engine.template;

import io.orrery.engine.template.Value.Decimal;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The width, precision and type of one placeholder: the common part of {@code %} and {@code str.format}. */
record FormatSpec(String fill, char align, boolean plus, int width, int precision, char type) {
    private static final Pattern SHAPE =
            Pattern.compile("(?:(.)?([<>^]))?([+-]?)(0?)(\\d{0,4})(?:\\.(\\d{1,3}))?([sdifxXo]?)", Pattern.DOTALL);

    /** @throws TemplateException where the text is no specification, or one that chat templates have no use for */
    static FormatSpec of(String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            throw new TemplateException("the format '" + text + "' is not supported");
        }
        String align = matcher.group(2);
        boolean zero = !matcher.group(4).isEmpty();
        String fill = matcher.group(1) != null ? matcher.group(1) : zero ? "0" : " ";
        return new FormatSpec(
                fill,
                align != null ? align.charAt(0) : zero ? '=' : ' ',
                matcher.group(3).equals("+"),
                matcher.group(5).isEmpty() ? 0 : Integer.parseInt(matcher.group(5)),
                matcher.group(6) == null ? -1 : Integer.parseInt(matcher.group(6)),
                matcher.group(7).isEmpty() ? ' ' : matcher.group(7).charAt(0));
    }

    String format(Value value) {
        String body = body(value);
        String signed = plus && Operators.isNumber(value) && !body.startsWith("-") ? "+" + body : body;
        int missing = width - signed.codePointCount(0, signed.length());
        if (missing <= 0) {
            return signed;
        }
        char side = align != ' ' ? align : Operators.isNumber(value) ? '>' : '<';
        return switch (side) {
            case '<' -> signed + fill.repeat(missing);
            case '^' -> fill.repeat(missing / 2) + signed + fill.repeat(missing - missing / 2);
            case '=' ->
                signed.startsWith("-") || signed.startsWith("+")
                        ? signed.charAt(0) + fill.repeat(missing) + signed.substring(1)
                        : fill.repeat(missing) + signed;
            default -> fill.repeat(missing) + signed;
        };
    }

    private String body(Value value) {
        return switch (type) {
            case 'd', 'i' -> Long.toString(whole(value));
            case 'x' -> Long.toString(whole(value), 16);
            case 'X' -> Long.toString(whole(value), 16).toUpperCase(java.util.Locale.ROOT);
            case 'o' -> Long.toString(whole(value), 8);
            case 'f' -> fixed(value);
            default -> {
                String text = PythonText.str(value);
                boolean cut = precision >= 0 && precision < text.codePointCount(0, text.length());
                yield cut ? text.substring(0, text.offsetByCodePoints(0, precision)) : text;
            }
        };
    }

    private static long whole(Value value) {
        return value instanceof Decimal(double number) ? (long) number : Sequences.index(value);
    }

    private String fixed(Value value) {
        if (!Operators.isNumber(value)) {
            throw new TemplateException("must be real number, not " + PythonText.typeName(value));
        }
        double number = Operators.number(value);
        return Double.isNaN(number) || Double.isInfinite(number)
                ? PythonText.decimal(number)
                : new BigDecimal(number)
                        .setScale(precision < 0 ? 6 : precision, RoundingMode.HALF_EVEN)
                        .toPlainString();
    }
}
